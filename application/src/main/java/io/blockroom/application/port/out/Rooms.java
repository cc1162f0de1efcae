package io.blockroom.application.port.out;

import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The rooms that exist, kept for good.
 *
 * <p>Every method throws {@link StorageUnavailable} when the storage does not answer within 5 s.
 */
public interface Rooms {
  /** The room of that id, if there is one. */
  Optional<Room> find(RoomId id);

  /**
   * Makes the room exist. Of several concurrent calls for one id exactly one creates it, and all
   * return the same room. An existing room is not changed.
   *
   * @param candidate the room to store if there is none of its id
   */
  Opened open(Room candidate);

  /** Rooms whose ids come after another, in the order of their UTF-8, at most so many. */
  List<Room> list(Optional<RoomId> after, int limit);

  /**
   * Changes title, seats and rules of a room, in one step with the reading of what they were.
   *
   * @param change makes of the room as it is the room as it shall be, of the same id; may be called
   *     more than once
   * @return the room as it is now; empty if there is none
   */
  Optional<Room> change(RoomId id, UnaryOperator<Room> change);

  /** Deletes a room with its whole history, which may take 60 s; false if there is none. */
  boolean delete(RoomId id);

  /**
   * The room that exists now.
   *
   * @param isNew whether this call created it
   */
  record Opened(Room room, boolean isNew) {}
}
