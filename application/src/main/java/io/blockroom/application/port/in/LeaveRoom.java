package io.blockroom.application.port.in;

/** Ends a participant's stay, however the connection ended. */
public interface LeaveRoom {
  /**
   * Frees the participant's locks and seat; the others are told. Does nothing for a seat that is
   * gone already. If the coordination is away, the seat is given up as soon as it is back.
   */
  void leave(Seat seat);
}
