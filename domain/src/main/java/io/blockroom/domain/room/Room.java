package io.blockroom.domain.room;

import java.time.Instant;

/**
 * A place in which people edit one workspace together.
 *
 * @param title what people call it; at most {@value #MAX_TITLE_LENGTH} UTF-16 units
 * @param maxUsers how many may be in it at once; 1 to {@value #MAX_USERS}
 */
public record Room(RoomId id, String title, int maxUsers, Instant createdAt) {
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
    return new Room(id, id.value(), maxUsers, now);
  }
}
