package io.blockroom.adapters.websocket.connection;

import static java.lang.System.Logger.Level.WARNING;

import io.blockroom.adapters.websocket.connection.CloseHandshake.Manner;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.SocketContext;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.websocket.WsListener;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection after the opening handshake: this thread reads, one virtual thread
 * writes, the ticker of {@link WebSocketConnections} watches the clock.
 *
 * <p>Whatever ends it, the listener hears of it once, by {@code onClose}, on the reading thread,
 * after its last {@code onMessage}. Nothing is ever thrown to Helidon from here: it would answer
 * with HTTP in the middle of the stream.
 */
final class WebSocketConnection implements ServerConnection, WebSocketSession {

  private static final System.Logger LOG = System.getLogger(WebSocketConnection.class.getName());
  private static final OutboundFrame PING =
      OutboundFrame.exempt(OutboundFrame.encode(Opcode.PING, new byte[0]));
  private static final long NOT_SET = Long.MIN_VALUE;

  private final ConnectionContext context;
  private final WsListener listener;
  private final Optional<String> subProtocol;
  private final WebSocketConnections connections;
  private final ConnectionSettings settings;

  private final Outbox outbox;
  private final CloseHandshake closing;
  private final HeartbeatMonitor heartbeat;
  private final RateLimit rateLimit;
  private final PartialMessage partial = new PartialMessage();
  private final FrameDecoder decoder = new FrameDecoder();
  private final MessageAssembler assembler;
  private final Thread writer;
  private final AtomicBoolean cut = new AtomicBoolean();

  private FrameDecoder.Frames frames;
  private boolean reported;
  private volatile boolean isEndedByPeer;
  private volatile long unfinishedSince = NOT_SET;

  WebSocketConnection(
      ConnectionContext context,
      WsListener listener,
      Optional<String> subProtocol,
      WebSocketConnections connections) {
    this.context = context;
    this.listener = listener;
    this.subProtocol = subProtocol;
    this.connections = connections;
    this.settings = connections.settings();
    long now = now();
    this.outbox = new Outbox(settings.outbound());
    this.closing = new CloseHandshake(settings.closeTimeout(), settings.tick());
    this.heartbeat = new HeartbeatMonitor(settings.heartbeat(), settings.tick(), now);
    this.rateLimit =
        new RateLimit(
            settings.inbound().messagesPerSecond(), settings.inbound().messageBurst(), now);
    this.assembler = new MessageAssembler(new Delivery(), settings.inbound().maxMessageBytes());
    this.frames = assembler;
    this.writer =
        Thread.ofVirtual()
            .name("websocket-writer-" + context.socketId() + "-" + context.childSocketId())
            .unstarted(
                new FrameWriter(
                    outbox, closing, context.dataWriter(), connections::nanoTime, this::cut));
  }

  // ---- reading

  @Override
  public void handle(Limit requests) {
    writer.start();
    connections.add(this);
    try {
      tell("onOpen", () -> listener.onOpen(this));
      read();
    } finally {
      end(CloseStatus.ABNORMAL, Manner.LOST);
      if (closing.isComplete()) {
        cut();
      }
      report();
      awaitLastWrite();
      cut();
      connections.remove(this);
    }
  }

  private void read() {
    report();
    byte[] bytes = alreadyRead();
    while (bytes != null && !closing.isComplete()) {
      decode(bytes);
      report();
      if (closing.isComplete()) {
        return;
      }
      bytes = nextBytes();
    }
  }

  /**
   * The client need not wait for the 101 to be delivered: its first frames may be in Helidon's
   * buffer.
   */
  private byte[] alreadyRead() {
    DataReader reader = context.dataReader();
    int available = reader.available();
    return available == 0 ? new byte[0] : reader.readBytes(available);
  }

  /** What has arrived, or null if nothing ever will. */
  private byte @Nullable [] nextBytes() {
    heartbeat.listens(now());
    try {
      return context.serverSocket().get();
    } catch (UncheckedIOException e) {
      return null;
    } finally {
      heartbeat.heard(now());
    }
  }

  private void decode(byte[] bytes) {
    decoder.feed(bytes, 0, bytes.length);
    long deliveredBefore = assembler.delivered();
    try {
      decoder.decode(frames);
    } catch (ProtocolViolation violation) {
      end(violation.status(), Manner.ORDERLY);
      frames = new CloseFrameSearch(closing::peerClosed);
      decodeRest();
    }
    watchUnfinished(assembler.delivered() != deliveredBefore);
  }

  private void decodeRest() {
    try {
      decoder.decode(frames);
    } catch (ProtocolViolation violation) {
      throw new IllegalStateException("a search refuses nothing", violation);
    }
  }

  private void watchUnfinished(boolean delivered) {
    if (!decoder.isWithinFrame() && !assembler.isWithinMessage()) {
      unfinishedSince = NOT_SET;
    } else if (delivered || unfinishedSince == NOT_SET) {
      unfinishedSince = now();
    }
  }

  private void keepPace() {
    if (rateLimit.takesAtOnce()) {
      return;
    }
    long wait = rateLimit.take(now());
    long until = now() + wait;
    for (long left = wait; left > 0 && !cut.get(); left = until - now()) {
      LockSupport.parkNanos(this, left);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }

  /** What the peer sends, on its way to the listener. */
  private final class Delivery implements MessageAssembler.Inbound {

    @Override
    public void frame() {
      if (isOpen()) {
        keepPace();
      }
    }

    @Override
    public void text(String text) {
      if (isOpen()) {
        tell("onMessage", () -> listener.onMessage(WebSocketConnection.this, text, true));
      }
    }

    @Override
    public void binary(BufferData bytes) {
      if (isOpen()) {
        tell("onMessage", () -> listener.onMessage(WebSocketConnection.this, bytes, true));
      }
    }

    @Override
    public void ping(byte[] payload) {
      if (isOpen()) {
        queue(OutboundFrame.counted(OutboundFrame.encode(Opcode.PONG, payload)));
        tell("onPing", () -> listener.onPing(WebSocketConnection.this, BufferData.create(payload)));
      }
    }

    @Override
    public void pong(byte[] payload) {
      if (isOpen()) {
        tell("onPong", () -> listener.onPong(WebSocketConnection.this, BufferData.create(payload)));
      }
    }

    @Override
    public void close(Optional<CloseStatus> status) {
      closing.peerClosed();
      status.ifPresent(said -> isEndedByPeer = end(said, Manner.ORDERLY));
    }
  }

  /**
   * Calls the listener. What it throws goes no further than its class name: the text may hold
   * anything.
   */
  private void tell(String event, Runnable call) {
    try {
      call.run();
    } catch (Throwable failure) {
      LOG.log(
          WARNING, "WebSocket listener failed in {0}: {1}", event, failure.getClass().getName());
      end(CloseStatus.INTERNAL_ERROR, Manner.ORDERLY);
    }
  }

  /** Tells the listener of the end, if it has begun and was not told before. */
  private void report() {
    CloseHandshake.End end = closing.end();
    if (end == null || reported) {
      return;
    }
    reported = true;
    // Helidon interrupts readers to stop them; the listener must still be able to tidy up with
    // blocking calls.
    boolean interrupted = Thread.interrupted();
    tell("onClose", () -> listener.onClose(this, end.status().code(), end.status().reason()));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- sending

  private void queue(OutboundFrame frame) {
    if (isOpen() && !outbox.offer(frame)) {
      end(CloseStatus.TOO_SLOW, Manner.ABRUPT);
    }
  }

  // ---- ending

  /** False if the end had begun before. */
  private boolean end(CloseStatus status, Manner manner) {
    boolean isFirst = closing.begin(status, manner, now());
    if (isFirst) {
      if (manner != Manner.ORDERLY) {
        outbox.discard();
      }
      outbox.close();
    }
    return isFirst;
  }

  /**
   * The reader is done; what the writer still has to say is given the time that the handshake
   * allows.
   */
  private void awaitLastWrite() {
    boolean interrupted = Thread.interrupted();
    try {
      writer.join(settings.closeTimeout().multipliedBy(2));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Closes the socket, which frees the reader, and interrupts the writer, which frees it also where
   * closing alone would wait for it (TLS).
   */
  private void cut() {
    if (cut.compareAndSet(false, true)) {
      outbox.discard();
      outbox.close();
      writer.interrupt();
      if (context.isSecure()) {
        Thread.ofVirtual()
            .name("websocket-cut-" + context.childSocketId())
            .start(this::closeSocket);
      } else {
        closeSocket();
      }
    }
  }

  private void closeSocket() {
    try {
      context.serverSocket().close();
    } catch (UncheckedIOException e) {
      LOG.log(System.Logger.Level.DEBUG, "socket was closed already");
    }
  }

  /** Looks at the clock. Never waits; called by the ticker. */
  void tick(long nowNanos) {
    if (closing.hasBegun()) {
      switch (closing.due(nowNanos)) {
        case NOTHING -> {}
        case DISCARD_QUEUE -> outbox.discard();
        case CUT -> cut();
      }
      return;
    }
    if (outbox.isStalled(nowNanos)) {
      end(CloseStatus.TOO_SLOW, Manner.ABRUPT);
      return;
    }
    long unfinished = unfinishedSince;
    if (unfinished != NOT_SET
        && nowNanos - unfinished >= settings.inbound().maxMessageAge().toNanos()) {
      end(CloseStatus.MESSAGE_UNFINISHED, Manner.ORDERLY);
      return;
    }
    switch (heartbeat.due(nowNanos)) {
      case NOTHING -> {}
      case PING -> queue(PING);
      case SILENT -> end(CloseStatus.SILENT, Manner.ABRUPT);
    }
  }

  private long now() {
    return connections.nanoTime();
  }

  // ---- ServerConnection: Helidon's idle timeout knows only of received bytes; the heartbeat here
  // knows better

  @Override
  public Duration idleTime() {
    return Duration.ZERO;
  }

  @Override
  public void close(boolean interrupt) {
    terminate();
  }

  // ---- WebSocketSession

  @Override
  public void send(TextFrame frame) {
    queue(frame.counted());
  }

  @Override
  public void sendState(TextFrame frame) {
    queue(frame.exempt());
  }

  @Override
  public void sendHint(TextFrame frame) {
    if (!outbox.isBehind()) {
      queue(frame.counted());
    }
  }

  @Override
  public boolean isOpen() {
    return !closing.hasBegun();
  }

  @Override
  public boolean isEndedByPeer() {
    return isEndedByPeer;
  }

  @Override
  public WebSocketSession send(String text, boolean last) {
    String whole = partial.append(text, last);
    if (whole != null) {
      send(TextFrame.of(whole));
    }
    return this;
  }

  @Override
  public WebSocketSession send(BufferData bufferData, boolean last) {
    byte[] whole = partial.append(bufferData.readBytes(), last);
    if (whole != null) {
      queue(OutboundFrame.counted(OutboundFrame.encode(Opcode.BINARY, whole)));
    }
    return this;
  }

  @Override
  public WebSocketSession ping(BufferData bufferData) {
    return control(Opcode.PING, bufferData);
  }

  @Override
  public WebSocketSession pong(BufferData bufferData) {
    return control(Opcode.PONG, bufferData);
  }

  private WebSocketSession control(int opcode, BufferData bufferData) {
    byte[] payload = bufferData.readBytes();
    if (payload.length > MessageAssembler.MAX_CONTROL_PAYLOAD) {
      throw new IllegalArgumentException("control payload of " + payload.length + " bytes");
    }
    queue(OutboundFrame.counted(OutboundFrame.encode(opcode, payload)));
    return this;
  }

  @Override
  public WebSocketSession close(int code, String reason) {
    if (!CloseStatus.maySend(code)) {
      throw new IllegalArgumentException("close code " + code + " must not be sent");
    }
    end(new CloseStatus(code, reason), Manner.ORDERLY);
    return this;
  }

  @Override
  public WebSocketSession terminate() {
    end(CloseStatus.ABNORMAL, Manner.LOST);
    cut();
    return this;
  }

  @Override
  public Optional<String> subProtocol() {
    return subProtocol;
  }

  @Override
  public SocketContext socketContext() {
    return context;
  }
}
