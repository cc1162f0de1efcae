package io.blockroom.adapters.websocket.connection;

import io.blockroom.adapters.websocket.connection.CloseHandshake.Manner;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.io.UncheckedIOException;
import java.util.function.LongSupplier;

/**
 * Takes frames out of the outbox and gives them to the socket, the close frame last: the only
 * thread of a connection that writes, and the only one that a peer who does not read can stop.
 */
final class FrameWriter implements Runnable {

  private final Outbox outbox;
  private final CloseHandshake closing;
  private final DataWriter socket;
  private final LongSupplier nanoClock;
  private final Runnable cut;

  /**
   * @param cut closes the socket
   */
  FrameWriter(
      Outbox outbox,
      CloseHandshake closing,
      DataWriter socket,
      LongSupplier nanoClock,
      Runnable cut) {
    this.outbox = outbox;
    this.closing = closing;
    this.socket = socket;
    this.nanoClock = nanoClock;
    this.cut = cut;
  }

  @Override
  public void run() {
    try {
      for (byte[] bytes = outbox.take(); bytes != null; bytes = outbox.take()) {
        write(bytes);
        outbox.written();
      }
      writeCloseFrame();
    } catch (UncheckedIOException e) {
      closing.begin(CloseStatus.ABNORMAL, Manner.LOST, nanoClock.getAsLong());
      cut.run();
    }
  }

  private void writeCloseFrame() {
    CloseHandshake.End end = closing.end();
    if (end == null || end.manner() == Manner.LOST) {
      return;
    }
    write(OutboundFrame.encode(Opcode.CLOSE, end.status().payload()));
    closing.written(nanoClock.getAsLong());
    if (closing.isComplete()) {
      cut.run();
    }
  }

  /** In slices, so that a large frame to a slow but moving peer does not look stuck. */
  private void write(byte[] bytes) {
    for (int from = 0; from < bytes.length; from += Outbox.WRITE_SIZE) {
      int length = Math.min(Outbox.WRITE_SIZE, bytes.length - from);
      outbox.writeBegins(nanoClock.getAsLong());
      socket.writeNow(BufferData.createReadOnly(bytes, from, length));
      outbox.writeEnds();
    }
  }
}
