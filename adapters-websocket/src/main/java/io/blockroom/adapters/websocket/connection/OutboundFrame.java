package io.blockroom.adapters.websocket.connection;

import java.nio.ByteBuffer;

/** A frame as it goes to the peer: unmasked and not fragmented (RFC 6455 section 5.2). */
final class OutboundFrame {

  private final byte[] wire;
  private final boolean counted;

  private OutboundFrame(byte[] wire, boolean counted) {
    this.wire = wire;
    this.counted = counted;
  }

  /** A frame that counts against the limits of the outbox. */
  static OutboundFrame counted(byte[] wire) {
    return new OutboundFrame(wire, true);
  }

  /** A frame that the size of the outbox must not stop: initial state, pings of ours. */
  static OutboundFrame exempt(byte[] wire) {
    return new OutboundFrame(wire, false);
  }

  /** The bytes on the wire, shared between connections: nobody may change them. */
  byte[] wire() {
    return wire;
  }

  int size() {
    return wire.length;
  }

  boolean isCounted() {
    return counted;
  }

  /** The frame of this opcode with this payload, FIN set, without a mask. */
  static byte[] encode(int opcode, byte[] payload) {
    int length = payload.length;
    int header = length < 126 ? 2 : length <= 0xFFFF ? 4 : 10;
    ByteBuffer frame = ByteBuffer.allocate(header + length);
    frame.put((byte) (0x80 | opcode));
    switch (header) {
      case 2 -> frame.put((byte) length);
      case 4 -> frame.put((byte) 126).putShort((short) length);
      default -> frame.put((byte) 127).putLong(length);
    }
    return frame.put(payload).array();
  }
}
