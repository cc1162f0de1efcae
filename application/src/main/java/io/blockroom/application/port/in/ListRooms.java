package io.blockroom.application.port.in;

import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import java.util.List;
import java.util.Optional;

/** Tells which rooms there are. */
public interface ListRooms {
  /**
   * Rooms whose ids come after another, in the order of their UTF-8, at most so many.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if rooms cannot be read
   */
  Page list(Optional<RoomId> after, int limit);

  /**
   * A part of the list.
   *
   * @param isLast whether no more rooms follow
   */
  record Page(List<Room> rooms, boolean isLast) {
    public Page {
      rooms = List.copyOf(rooms);
    }
  }
}
