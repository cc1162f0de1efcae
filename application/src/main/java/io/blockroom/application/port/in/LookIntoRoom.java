package io.blockroom.application.port.in;

import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.util.Optional;

/** Tells who is in a room and who holds which block, without going in. */
public interface LookIntoRoom {
  /**
   * The live side of the room as it is now; empty if there is no such room.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if rooms cannot be read
   * @throws io.blockroom.application.port.out.CoordinationUnavailable if seats cannot be seen
   */
  Optional<RoomView> look(RoomId id);
}
