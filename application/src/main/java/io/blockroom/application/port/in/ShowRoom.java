package io.blockroom.application.port.in;

/** Shows a participant the whole truth again. */
public interface ShowRoom {
  /**
   * Sends the state of the room to the participant's follower, in the room's order; if the storage
   * or the coordination is away, as soon as both are back.
   */
  void show(Seat seat);
}
