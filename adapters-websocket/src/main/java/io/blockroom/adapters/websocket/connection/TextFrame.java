package io.blockroom.adapters.websocket.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A text message encoded once, to be queued on any number of connections.
 *
 * <p>Frames from a server carry no mask (RFC 6455 section 5.1), so the same bytes are right for
 * everybody.
 */
public final class TextFrame {

  private final OutboundFrame counted;
  private final OutboundFrame exempt;

  private TextFrame(byte[] wire) {
    this.counted = OutboundFrame.counted(wire);
    this.exempt = OutboundFrame.exempt(wire);
  }

  public static TextFrame of(String text) {
    return of(text.getBytes(UTF_8));
  }

  /**
   * The frame of a text that is already encoded.
   *
   * @param utf8 well-formed UTF-8; copied
   */
  public static TextFrame of(byte[] utf8) {
    return new TextFrame(OutboundFrame.encode(Opcode.TEXT, utf8));
  }

  /** Bytes on the wire, header included. */
  public int size() {
    return counted.size();
  }

  OutboundFrame counted() {
    return counted;
  }

  OutboundFrame exempt() {
    return exempt;
  }
}
