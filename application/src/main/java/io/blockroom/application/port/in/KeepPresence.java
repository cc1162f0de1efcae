package io.blockroom.application.port.in;

/** Notes a participant's sign of life. */
public interface KeepPresence {
  /** Notes it. A sign that cannot be noted just now is dropped: presence is a hint. */
  void keep(Seat seat);
}
