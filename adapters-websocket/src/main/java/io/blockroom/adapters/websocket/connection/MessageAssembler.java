package io.blockroom.adapters.websocket.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.common.buffers.BufferData;
import java.util.Arrays;
import java.util.Optional;

/**
 * Makes whole messages of frames and refuses what RFC 6455 forbids: reserved bits and opcodes
 * (section 5.2), missing masks (5.1), broken fragmentation (5.4), malformed control frames (5.5),
 * text that is not UTF-8 (8.1).
 *
 * <p>A message that is too large is refused by its declared length, before a byte of it is kept.
 * Memory grows with the bytes that arrive, not with the length that is announced.
 */
final class MessageAssembler implements FrameDecoder.Frames {

  /** Where messages go. */
  interface Inbound {
    /** A frame begins, of whatever kind: the place to slow a peer down. */
    void frame();

    void text(String text);

    void binary(BufferData bytes);

    void ping(byte[] payload);

    void pong(byte[] payload);

    /** The peer's close frame, or empty if it was malformed: in both cases its last frame. */
    void close(Optional<CloseStatus> status);
  }

  static final int MAX_CONTROL_PAYLOAD = 125;
  private static final byte[] NOTHING = new byte[0];

  private final Inbound inbound;
  private final int maxMessageBytes;
  private final Utf8Validator utf8 = new Utf8Validator();
  private final byte[] control = new byte[MAX_CONTROL_PAYLOAD];
  private int controlLength;

  private int opcode;
  private boolean fin;
  private long frameLength;

  private int messageOpcode;
  private byte[] message = NOTHING;
  private int messageLength;
  private byte[] whole = NOTHING;
  private int wholeFrom;
  private long delivered;

  MessageAssembler(Inbound inbound, int maxMessageBytes) {
    this.inbound = inbound;
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Whether a message has begun and not ended. */
  boolean isWithinMessage() {
    return messageOpcode != 0;
  }

  /** Messages ended so far, control frames included that stand between messages. */
  long delivered() {
    return delivered;
  }

  @Override
  public void header(FrameDecoder.FrameHeader header) throws ProtocolViolation {
    inbound.frame();
    opcode = header.opcode();
    fin = header.fin();
    frameLength = header.length();
    if (header.rsv() != 0) {
      throw violation("reserved bit without an extension");
    }
    if (!header.masked()) {
      throw violation("frame without a mask");
    }
    if (frameLength < 0) {
      throw violation("impossible frame length");
    }
    switch (opcode) {
      case Opcode.CLOSE, Opcode.PING, Opcode.PONG -> control();
      case Opcode.TEXT, Opcode.BINARY -> firstFragment();
      case Opcode.CONTINUATION -> continuation();
      default -> throw violation("reserved opcode");
    }
  }

  private void control() throws ProtocolViolation {
    if (!fin) {
      throw violation("fragmented control frame");
    }
    if (frameLength > MAX_CONTROL_PAYLOAD) {
      throw violation("control frame too long");
    }
    controlLength = 0;
  }

  private void firstFragment() throws ProtocolViolation {
    if (isWithinMessage()) {
      throw violation("message within a message");
    }
    requireRoom();
    messageOpcode = opcode;
  }

  private void continuation() throws ProtocolViolation {
    if (!isWithinMessage()) {
      throw violation("continuation of nothing");
    }
    requireRoom();
  }

  private void requireRoom() throws ProtocolViolation {
    if (frameLength > maxMessageBytes - messageLength) {
      throw new ProtocolViolation(1009, "message too large");
    }
  }

  @Override
  public void payload(byte[] bytes, int from, int to) throws ProtocolViolation {
    if (Opcode.isControl(opcode)) {
      System.arraycopy(bytes, from, control, controlLength, to - from);
      controlLength += to - from;
      return;
    }
    if (messageOpcode == Opcode.TEXT && !utf8.accepts(bytes, from, to)) {
      throw notUtf8();
    }
    if (fin && messageLength == 0 && to - from == frameLength) {
      whole = bytes;
      wholeFrom = from;
    } else {
      keep(bytes, from, to);
    }
  }

  private void keep(byte[] bytes, int from, int to) {
    int length = messageLength + to - from;
    if (length > message.length) {
      message = Arrays.copyOf(message, Math.min(maxMessageBytes, Math.max(length, length << 1)));
    }
    System.arraycopy(bytes, from, message, messageLength, to - from);
    messageLength = length;
  }

  @Override
  public void end() throws ProtocolViolation {
    if (Opcode.isControl(opcode)) {
      endControl();
    } else if (fin) {
      endMessage();
    }
  }

  private void endControl() throws ProtocolViolation {
    if (!isWithinMessage()) {
      delivered++;
    }
    byte[] payload = Arrays.copyOf(control, controlLength);
    switch (opcode) {
      case Opcode.PING -> inbound.ping(payload);
      case Opcode.PONG -> inbound.pong(payload);
      default -> endConversation(payload);
    }
  }

  /** Section 5.5.1: nothing, or a code and a text. */
  private void endConversation(byte[] payload) throws ProtocolViolation {
    if (payload.length == 0) {
      inbound.close(Optional.of(CloseStatus.NO_CODE));
      return;
    }
    int code = payload.length == 1 ? 0 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    Utf8Validator reason = new Utf8Validator();
    boolean readable =
        payload.length == 1
            || (reason.accepts(payload, 2, payload.length) && reason.isBetweenCharacters());
    if (!CloseStatus.maySend(code) || !readable) {
      inbound.close(Optional.empty());
      throw readable ? violation("invalid close frame") : notUtf8();
    }
    inbound.close(
        Optional.of(new CloseStatus(code, new String(payload, 2, payload.length - 2, UTF_8))));
  }

  private void endMessage() throws ProtocolViolation {
    if (messageOpcode == Opcode.TEXT && !utf8.isBetweenCharacters()) {
      throw notUtf8();
    }
    boolean text = messageOpcode == Opcode.TEXT;
    byte[] bytes = messageLength == 0 ? whole : message;
    int from = messageLength == 0 ? wholeFrom : 0;
    int length = messageLength == 0 ? (int) frameLength : messageLength;
    forget();
    delivered++;
    if (text) {
      inbound.text(new String(bytes, from, length, UTF_8));
    } else {
      inbound.binary(BufferData.create(Arrays.copyOfRange(bytes, from, from + length)));
    }
  }

  private void forget() {
    messageOpcode = 0;
    message = NOTHING;
    messageLength = 0;
    whole = NOTHING;
    wholeFrom = 0;
    utf8.reset();
  }

  private static ProtocolViolation violation(String reason) {
    return new ProtocolViolation(1002, reason);
  }

  private static ProtocolViolation notUtf8() {
    return new ProtocolViolation(1007, "text is not UTF-8");
  }
}
