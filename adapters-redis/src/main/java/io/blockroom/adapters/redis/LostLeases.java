package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast.Listener;
import io.blockroom.domain.room.RoomId;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What follows from the loss of a lease: its seats are ended everywhere, and here that is told. */
final class LostLeases {
  private static final System.Logger LOG = System.getLogger(LostLeases.class.getName());

  private final RoomLeases leases;
  private final RoomScripts scripts;
  private final String node;
  private final AtomicReference<@Nullable Listener> listener = new AtomicReference<>();

  LostLeases(RoomLeases leases, RoomScripts scripts, String node) {
    this.leases = leases;
    this.scripts = scripts;
    this.node = node;
  }

  void listen(Listener listener) {
    this.listener.set(listener);
  }

  /** Takes note of a lost lease, once. */
  void accept(RoomId room) {
    if (!leases.forget(room)) {
      return;
    }
    LOG.log(System.Logger.Level.WARNING, "a lease was lost; its seats end");
    try {
      scripts.run(RoomScript.END_NODE, room, node, "0");
    } catch (CoordinationUnavailable away) {
      LOG.log(System.Logger.Level.DEBUG, "the seats end when Redis is back");
    }
    Listener told = listener.get();
    if (told != null) {
      told.seatsLost(room);
    }
  }
}
