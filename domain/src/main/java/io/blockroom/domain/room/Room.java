package io.blockroom.domain.room;

import io.blockroom.domain.lock.LockPolicy;
import java.time.Instant;

/**
 * A place in which people edit one workspace together.
 *
 * @param title what people call it; at most {@value #MAX_TITLE_LENGTH} UTF-16 units
 * @param maxUsers how many may be in it at once; 1 to {@value #MAX_USERS}
 * @param isFrozen nothing in it may change
 * @param isClosed nobody may be in it
 */
public record Room(
    RoomId id,
    String title,
    int maxUsers,
    LockPolicy lockPolicy,
    boolean isFrozen,
    boolean isClosed,
    Instant createdAt) {
  /** UTF-16 units that a title may have. */
  public static final int MAX_TITLE_LENGTH = 200;

  /** No room seats more. */
  public static final int MAX_USERS = 1000;

  public Room {
    if (title.length() > MAX_TITLE_LENGTH) {
      throw new IllegalArgumentException("title of " + title.length() + " characters");
    }
    if (maxUsers < 1 || maxUsers > MAX_USERS) {
      throw new IllegalArgumentException("not between 1 and " + MAX_USERS + ": " + maxUsers);
    }
  }

  /** A room as it is when somebody first asks for it. */
  public static Room opened(RoomId id, int maxUsers, Instant now) {
    return new Room(id, id.value(), maxUsers, LockPolicy.ADVISORY, false, false, now);
  }

  /** A room like this under another id. */
  public Room withId(RoomId other) {
    return new Room(other, title, maxUsers, lockPolicy, isFrozen, isClosed, createdAt);
  }

  /** This room under another title. */
  public Room withTitle(String other) {
    return new Room(id, other, maxUsers, lockPolicy, isFrozen, isClosed, createdAt);
  }

  /** This room with another number of seats. */
  public Room withMaxUsers(int other) {
    return new Room(id, title, other, lockPolicy, isFrozen, isClosed, createdAt);
  }

  /** This room under another rule about locks. */
  public Room withLockPolicy(LockPolicy other) {
    return new Room(id, title, maxUsers, other, isFrozen, isClosed, createdAt);
  }

  /** This room, frozen or not. */
  public Room frozen(boolean whether) {
    return new Room(id, title, maxUsers, lockPolicy, whether, isClosed, createdAt);
  }

  /** This room, closed or not. */
  public Room closed(boolean whether) {
    return new Room(id, title, maxUsers, lockPolicy, isFrozen, whether, createdAt);
  }
}
