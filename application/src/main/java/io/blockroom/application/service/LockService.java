package io.blockroom.application.service;

import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.ReleaseBlockLocks;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.ReleaseOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.LockRequest;
import java.util.Set;
import java.util.function.Consumer;

/** Who may touch which block. */
public final class LockService implements AcquireBlockLock, ReleaseBlockLocks {
  private final BlockLocks locks;
  private final Fencing fencing;
  private final RoomFeeds feeds;

  public LockService(BlockLocks locks, Fencing fencing, RoomFeeds feeds) {
    this.locks = locks;
    this.fencing = fencing;
    this.feeds = feeds;
  }

  @Override
  public void acquire(Seat seat, LockRequest request, Consumer<AcquireBlockLock.Outcome> reply) {
    LockOutcome outcome =
        fencing.prepared(seat.room(), () -> locks.acquire(seat.room(), seat.clientId(), request));
    switch (outcome) {
      case LockOutcome.Granted granted ->
          feeds.after(
              seat,
              granted.asOf(),
              () ->
                  reply.accept(
                      new AcquireBlockLock.Outcome.Granted(granted.locks(), granted.heldBefore())));
      case LockOutcome.Denied denied ->
          feeds.after(
              seat,
              denied.asOf(),
              () -> reply.accept(new AcquireBlockLock.Outcome.Denied(denied.conflicts())));
      case LockOutcome.SeatLost lost -> reply.accept(new AcquireBlockLock.Outcome.SeatLost());
      case Unprepared missing -> throw new IllegalStateException("asked until prepared");
    }
  }

  @Override
  public void release(Seat seat, Set<BlockId> blocks, Consumer<ReleaseBlockLocks.Outcome> reply) {
    switch (locks.release(seat.room(), seat.clientId(), blocks)) {
      case ReleaseOutcome.Released released ->
          feeds.after(
              seat, released.asOf(), () -> reply.accept(new ReleaseBlockLocks.Outcome.Released()));
      case ReleaseOutcome.NotHeld notHeld ->
          feeds.after(
              seat,
              notHeld.asOf(),
              () -> reply.accept(new ReleaseBlockLocks.Outcome.NotHeld(notHeld.blocks())));
      case ReleaseOutcome.SeatLost lost -> reply.accept(new ReleaseBlockLocks.Outcome.SeatLost());
    }
  }
}
