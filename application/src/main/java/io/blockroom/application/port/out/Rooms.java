package io.blockroom.application.port.out;

import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import java.util.Optional;

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

  /**
   * The room that exists now.
   *
   * @param isNew whether this call created it
   */
  record Opened(Room room, boolean isNew) {}
}
