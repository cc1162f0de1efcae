package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.requireAtMost;

import java.io.IOException;
import java.io.Reader;

/**
 * Hands a long text on, piece by piece, and remembers what of it may still be asked for: so that a
 * value can be taken verbatim from a stream whose parser has gone past it.
 */
final class RememberedText extends Reader {
  /**
   * UTF-16 units that may be read without forgetting: more than any value of a room takes, each of
   * its characters escaped.
   */
  static final int MAX_REMEMBERED = 4 << 20;

  /**
   * The parser reads ahead as far as it has room, which grows with the longest value, and moves all
   * of a value at each step.
   */
  private static final int MAX_STEP = 1 << 16;

  private final Reader source;
  private final StringBuilder remembered = new StringBuilder();

  /** The place of the first unit that is remembered. */
  private long origin;

  RememberedText(Reader source) {
    this.source = source;
  }

  @Override
  public int read(char[] into, int offset, int length) throws IOException {
    int count = source.read(into, offset, Math.min(length, MAX_STEP));
    if (count > 0) {
      remembered.append(into, offset, count);
      requireAtMost(MAX_REMEMBERED, remembered.length());
    }
    return count;
  }

  /** The text between two places. */
  String between(long start, long end) {
    return remembered.substring((int) (start - origin), (int) (end - origin));
  }

  /** What stands before a place will not be asked for any more. */
  void forgetBefore(long place) {
    if (place - origin >= MAX_STEP) { // seldom, for the rest is moved each time
      remembered.delete(0, (int) (place - origin));
      origin = place;
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
