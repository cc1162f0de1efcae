package io.blockroom.application.port.in;

import io.blockroom.application.port.in.RoomFollower.Cause;

/** Shows a participant the whole truth again. */
public interface ShowRoom {
  /**
   * Sends the state of the room to the participant's follower, as it has been told so far; if the
   * storage is away, as soon as it is back.
   */
  void show(Seat seat, Cause cause);
}
