package io.blockroom.adapters.websocket.connection;

/**
 * Follows the stream after our side is done with it, looking only for the peer's close frame:
 * everything else is discarded (RFC 6455 sections 1.4 and 7.1.7).
 */
final class CloseFrameSearch implements FrameDecoder.Frames {

  private final Runnable found;
  private boolean close;

  CloseFrameSearch(Runnable found) {
    this.found = found;
  }

  @Override
  public void header(FrameDecoder.FrameHeader header) {
    close = header.opcode() == Opcode.CLOSE;
  }

  @Override
  public void payload(byte[] bytes, int from, int to) {
    // what it says no longer matters
  }

  @Override
  public void end() {
    if (close) {
      found.run();
    }
  }
}
