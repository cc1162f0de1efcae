package io.blockroom.domain.commit;

/**
 * The place of an accepted commit in its room's history: 1, 2, 3 … without gaps; 0 is the place
 * before the first.
 */
public record SequenceNumber(long value) implements Comparable<SequenceNumber> {
  /** Before any commit. */
  public static final SequenceNumber NONE = new SequenceNumber(0);

  public SequenceNumber {
    if (value < 0) {
      throw new IllegalArgumentException("negative sequence number: " + value);
    }
  }

  /** Whether this is the place of a commit. */
  public boolean isGiven() {
    return value > 0;
  }

  /** Whether a state of this place contains the commit of the other. */
  public boolean includes(SequenceNumber other) {
    return value >= other.value;
  }

  @Override
  public int compareTo(SequenceNumber other) {
    return Long.compare(value, other.value);
  }
}
