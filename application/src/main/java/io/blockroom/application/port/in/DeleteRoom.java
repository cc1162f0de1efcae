package io.blockroom.application.port.in;

import io.blockroom.domain.room.RoomId;

/** Deletes a room with its whole history; whoever is in it must leave. */
public interface DeleteRoom {
  /**
   * Deletes it.
   *
   * @return false if there is none
   * @throws io.blockroom.application.port.out.StorageUnavailable if it is not known to be deleted
   */
  boolean delete(RoomId id);
}
