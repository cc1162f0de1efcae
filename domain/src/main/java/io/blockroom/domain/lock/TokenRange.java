package io.blockroom.domain.lock;

/**
 * Tokens that may be given to the grants of a room; nobody else was or will be handed any of them.
 *
 * @param first the lowest
 * @param last the highest; not below {@code first}
 */
public record TokenRange(FencingToken first, FencingToken last) {
  /** How many tokens are handed out at once: no room is in use long enough to need more. */
  public static final long SIZE = 1L << 30;

  public TokenRange {
    if (last.isOlderThan(first)) {
      throw new IllegalArgumentException("a range from " + first + " to " + last);
    }
  }
}
