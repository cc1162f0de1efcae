package io.blockroom.application.port.in;

import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import java.util.Optional;

/** Tells what a room is, if there is one. */
public interface FindRoom {
  /**
   * The room of that id; it is not created by asking.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if rooms cannot be read
   */
  Optional<Room> find(RoomId id);
}
