package io.blockroom.adapters.redis;

import io.blockroom.adapters.redis.RoomLeases.Tenancy;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast.Listener;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What follows from the loss of a lease: its seats are ended everywhere, and here that is told. */
final class LostLeases {
  private static final System.Logger LOG = System.getLogger(LostLeases.class.getName());

  private final RoomLeases leases;
  private final AtomicReference<@Nullable Listener> listener = new AtomicReference<>();

  LostLeases(RoomLeases leases) {
    this.leases = leases;
  }

  void listen(Listener listener) {
    this.listener.set(listener);
  }

  /**
   * Takes note of a lost lease, once.
   *
   * @throws CoordinationUnavailable if its seats could not be ended; nothing is told then
   */
  void accept(Tenancy tenancy, Deadline deadline) {
    if (!leases.lose(tenancy, deadline)) {
      return;
    }
    LOG.log(System.Logger.Level.WARNING, "a lease was lost; its seats end");
    tell(told -> told.seatsLost(tenancy.room()));
  }

  /** Takes for lost, once, a lease that could not be renewed for so long that it may be. */
  void distrust(Tenancy tenancy) {
    tenancy.noteLoss();
    tell(told -> told.outOfTouch(tenancy.room()));
  }

  private void tell(Consumer<Listener> what) {
    Listener told = listener.get();
    if (told != null) {
      what.accept(told);
    }
  }
}
