package io.blockroom.adapters.websocket.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Cuts a byte stream into frames (RFC 6455 section 5.2), whatever the pieces it arrives in.
 *
 * <p>It knows the layout only; what is allowed is for {@link Frames} to say. So the stream can
 * still be followed to the peer's close frame after a violation.
 */
final class FrameDecoder {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /**
   * What is told of each frame, in order: its header, its payload in one or more slices (none if
   * empty), its end.
   */
  interface Frames {
    void header(FrameHeader header) throws ProtocolViolation;

    /** The bytes are unmasked and the receiver's to keep: nothing changes them afterwards. */
    void payload(byte[] bytes, int from, int to) throws ProtocolViolation;

    void end() throws ProtocolViolation;
  }

  /**
   * The fixed part of a frame.
   *
   * @param length negative if the most significant bit of a 64-bit length is set, which section 5.2
   *     forbids
   */
  record FrameHeader(boolean fin, int rsv, int opcode, boolean masked, long length) {}

  private final byte[] header = new byte[14];
  private int headerLength;
  private boolean inPayload;
  private boolean masked;
  private int mask;
  private long remaining;

  private byte[] bytes = new byte[0];
  private int position;
  private int limit;

  /**
   * Takes the next bytes of the stream; they are unmasked in place. The bytes before must have been
   * decoded.
   */
  void feed(byte[] next, int from, int to) {
    bytes = next;
    position = from;
    limit = to;
  }

  /**
   * Tells all frames, whole or begun, of the bytes fed. After a violation it may be called again
   * and goes on behind the offending part.
   */
  void decode(Frames frames) throws ProtocolViolation {
    while (position < limit || (inPayload && remaining == 0)) {
      if (inPayload) {
        payload(frames);
      } else if (headerComplete()) {
        begin(frames);
      }
    }
  }

  /** Whether a frame has begun and not ended. */
  boolean isWithinFrame() {
    return inPayload || headerLength > 0;
  }

  private boolean headerComplete() {
    header[headerLength++] = bytes[position++];
    while (headerLength < 2 || headerLength < headerSize()) {
      if (position == limit) {
        return false;
      }
      header[headerLength++] = bytes[position++];
    }
    return true;
  }

  private int headerSize() {
    int length = header[1] & 0x7F;
    int extended = length < 126 ? 0 : length == 126 ? 2 : 8;
    return 2 + extended + (header[1] < 0 ? 4 : 0);
  }

  private void begin(Frames frames) throws ProtocolViolation {
    int size = headerLength;
    headerLength = 0;
    masked = header[1] < 0;
    mask = masked ? (int) INTS.get(header, size - 4) : 0;
    long length = header[1] & 0x7F;
    if (length == 126) {
      length = (header[2] & 0xFFL) << 8 | (header[3] & 0xFF);
    } else if (length == 127) {
      length = (long) LONGS.get(header, 2);
    }
    remaining = length < 0 ? Long.MAX_VALUE : length;
    inPayload = true;
    frames.header(
        new FrameHeader(header[0] < 0, header[0] >> 4 & 0x7, header[0] & 0xF, masked, length));
  }

  private void payload(Frames frames) throws ProtocolViolation {
    int from = position;
    int to = from + (int) Math.min(limit - from, remaining);
    position = to;
    remaining -= to - from;
    if (masked) {
      unmask(from, to);
    }
    if (remaining == 0) {
      inPayload = false;
    }
    if (to > from) {
      frames.payload(bytes, from, to);
    }
    if (!inPayload) {
      frames.end();
    }
  }

  /** Section 5.3. The mask is turned so that the next slice begins with its own byte of it. */
  private void unmask(int from, int to) {
    int i = from;
    long wide = (long) mask << 32 | (mask & 0xFFFFFFFFL);
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ wide);
    }
    for (; i < to; i++) {
      bytes[i] ^= (byte) (mask >>> 24);
      mask = Integer.rotateLeft(mask, 8);
    }
  }
}
