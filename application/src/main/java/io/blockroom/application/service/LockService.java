package io.blockroom.application.service;

import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.domain.lock.LockRequest;
import java.util.function.Consumer;

/** Who may touch which block. */
public final class LockService implements AcquireBlockLock {
  private final BlockLocks locks;
  private final RoomFeeds feeds;

  public LockService(BlockLocks locks, RoomFeeds feeds) {
    this.locks = locks;
    this.feeds = feeds;
  }

  @Override
  public void acquire(Seat seat, LockRequest request, Consumer<Outcome> reply) {
    switch (locks.acquire(seat.room(), seat.clientId(), request)) {
      case LockOutcome.Granted granted ->
          feeds.after(
              seat, granted.asOf(), () -> reply.accept(new Outcome.Granted(granted.heldBefore())));
      case LockOutcome.Denied denied ->
          feeds.after(
              seat, denied.asOf(), () -> reply.accept(new Outcome.Denied(denied.conflicts())));
      case LockOutcome.SeatLost lost -> reply.accept(new Outcome.SeatLost());
    }
  }
}
