package io.blockroom.application.port.in;

import io.blockroom.domain.presence.Presence;

/** Notes what a participant is doing: a hint for the others, which may be merged or dropped. */
public interface KeepPresence {
  /** Notes what they say of themselves. */
  void show(Seat seat, Presence presence);

  /** Notes whether they see the workspace: whoever does not is away. */
  void keep(Seat seat, boolean isVisible);
}
