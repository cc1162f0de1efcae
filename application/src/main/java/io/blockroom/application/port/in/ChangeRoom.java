package io.blockroom.application.port.in;

import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import java.util.Optional;

/** Changes a room's title, seats and rules; whoever is in it is told. */
public interface ChangeRoom {
  /**
   * Changes what the change names and nothing else. A room that is closed by it is left by
   * everybody.
   *
   * @return the room as it is now; empty if there is none
   * @throws io.blockroom.application.port.out.StorageUnavailable if it is not known to be stored
   */
  Optional<Room> change(RoomId id, Change change);

  /**
   * What shall be otherwise.
   *
   * @param title at most {@value Room#MAX_TITLE_LENGTH} UTF-16 units
   * @param maxUsers 1 to {@value Room#MAX_USERS}
   * @param isFrozen whether nothing in the room may change
   * @param isClosed whether nobody may be in the room
   */
  record Change(
      Optional<String> title,
      Optional<Integer> maxUsers,
      Optional<LockPolicy> lockPolicy,
      Optional<Boolean> isFrozen,
      Optional<Boolean> isClosed) {}
}
