package io.blockroom.application.port.in;

import io.blockroom.domain.room.Room;

/** Tells what a room is and how full it is. */
public interface DescribeRoom {
  /**
   * Describes the room of that name, creating it if rooms may be created by asking for them.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if rooms cannot be read
   * @throws io.blockroom.application.port.out.CoordinationUnavailable if seats cannot be counted
   */
  Outcome describe(String room);

  /** What was found. */
  sealed interface Outcome {
    /**
     * The room exists.
     *
     * @param currentUsers how many are in it
     * @param isNew whether this call created it
     */
    record Described(Room room, int currentUsers, boolean isNew) implements Outcome {}

    /** The name is ill-formed, or the room does not exist and may not be created. */
    record NoSuchRoom() implements Outcome {}
  }
}
