package io.blockroom.application.port.in;

/** Ends a participant's stay, however the connection ended. */
public interface LeaveRoom {
  /**
   * Frees the participant's locks and seat; the others are told. Does nothing for a seat that is
   * gone already or that another follower has taken over. If the coordination is away, the seat is
   * given up as soon as it is back.
   *
   * <p>The seat of a follower that can resume is kept for the time of grace if its connection
   * broke.
   */
  void leave(Seat seat, RoomFollower follower, Manner manner);

  /** How the connection ended. */
  enum Manner {
    /** On purpose. */
    LEFT,
    /** Without the client's doing: it may come back. */
    BROKEN
  }
}
