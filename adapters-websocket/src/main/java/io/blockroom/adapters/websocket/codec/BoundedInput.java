package io.blockroom.adapters.websocket.codec;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that must end within a number of bytes. */
final class BoundedInput extends FilterInputStream {
  private long left;

  BoundedInput(InputStream source, long maxBytes) {
    super(source);
    this.left = maxBytes;
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    count(next < 0 ? 0 : 1);
    return next;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = super.read(into, offset, length);
    count(count);
    return count;
  }

  private void count(int bytes) {
    left -= Math.max(bytes, 0);
    if (left < 0) {
      throw new MalformedMessage(ErrorCode.TOO_LARGE);
    }
  }
}
