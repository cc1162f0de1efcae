package io.blockroom.application.port.in;

import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import java.util.Optional;

/** Makes a room before anybody is in it. */
public interface CreateRoom {
  /**
   * Creates the room; of several callers for one id exactly one does.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if it is not known to be stored
   */
  Outcome create(Command command);

  /**
   * What is not said is as in a room that comes to be by asking for it.
   *
   * @param title at most {@value Room#MAX_TITLE_LENGTH} UTF-16 units
   * @param maxUsers 1 to {@value Room#MAX_USERS}
   */
  record Command(
      RoomId id,
      Optional<String> title,
      Optional<Integer> maxUsers,
      Optional<LockPolicy> lockPolicy) {}

  /** What became of it. */
  sealed interface Outcome {
    /** The room exists now. */
    record Created(Room room) implements Outcome {}

    /** There is a room of that id; it is as it was. */
    record RoomExists() implements Outcome {}
  }
}
