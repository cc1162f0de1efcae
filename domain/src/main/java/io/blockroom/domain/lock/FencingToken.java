package io.blockroom.domain.lock;

/**
 * The number of a grant: it grows with every grant in a room and never goes back, so of two holders
 * of one block the one with the higher token is the later one.
 *
 * @param value positive; below 2^53, so that every client can hold it
 */
public record FencingToken(long value) implements Comparable<FencingToken> {
  /** The largest whole number that JavaScript holds exactly. */
  public static final long MAX = (1L << 53) - 1;

  public FencingToken {
    if (value < 1 || value > MAX) {
      throw new IllegalArgumentException("not a fencing token: " + value);
    }
  }

  /** Whether this grant came before the other. */
  public boolean isOlderThan(FencingToken other) {
    return value < other.value;
  }

  @Override
  public int compareTo(FencingToken other) {
    return Long.compare(value, other.value);
  }
}
