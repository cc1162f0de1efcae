package io.blockroom.domain.room;

/**
 * Counts the changes of a room's live side (seats, locks, announced commits), one by one: the order
 * in which everybody sees them. Unlike a sequence number it is not durable; a room that was empty
 * may go on from a much higher number, never from a lower one.
 */
public record Revision(long value) implements Comparable<Revision> {
  /** Whether a view of this revision shows the change of the other. */
  public boolean includes(Revision other) {
    return value >= other.value;
  }

  /** Whether the other change is the very next one. */
  public boolean isFollowedBy(Revision other) {
    return other.value == value + 1;
  }

  @Override
  public int compareTo(Revision other) {
    return Long.compare(value, other.value);
  }
}
