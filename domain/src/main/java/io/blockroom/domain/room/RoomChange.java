package io.blockroom.domain.room;

import java.util.List;

/**
 * What changed in a room in one indivisible step.
 *
 * @param revision the place of the step in the room's order
 * @param events what happened, in order; not empty
 */
public record RoomChange(RoomId room, Revision revision, List<RoomEvent> events) {
  public RoomChange {
    events = List.copyOf(events);
    if (events.isEmpty()) {
      throw new IllegalArgumentException("a change without events");
    }
  }
}
