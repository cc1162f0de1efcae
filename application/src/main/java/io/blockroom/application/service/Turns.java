package io.blockroom.application.service;

import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.BlockLocks.ReleaseOutcome;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Sees to turns that have come but cannot be granted before former owners are barred, and to those
 * that came to somebody who does not wait any more.
 */
public final class Turns {
  private final BlockLocks locks;
  private final Fencing fencing;
  private final Duration lockLife;
  private final Executor executor;
  private final Untold untold;

  /** Rooms that are being seen to, and how often that was asked for. */
  private final Map<RoomId, Integer> asked = new ConcurrentHashMap<>();

  /**
   * @param lockLife how long a lock outlives its owner's server, at the most
   * @param executor runs what takes a moment, without making anybody wait for it
   */
  public Turns(BlockLocks locks, Fencing fencing, Duration lockLife, Executor executor) {
    this.locks = locks;
    this.fencing = fencing;
    this.lockLife = lockLife;
    this.executor = executor;
    untold = new Untold(locks);
  }

  Duration lockLife() {
    return lockLife;
  }

  /** Grants the turns that have come, as soon as that can be. */
  void advance(RoomId room) {
    if (asked.merge(room, 1, Integer::sum) == 1) {
      executor.execute(() -> advanceAsAsked(room));
    }
  }

  private void advanceAsAsked(RoomId room) {
    boolean isDone = false;
    try {
      int served;
      do {
        served = asked.getOrDefault(room, 0);
        try {
          var _ = fencing.prepared(room, () -> locks.advance(room));
        } catch (CoordinationUnavailable | StorageUnavailable away) {
          served = asked.getOrDefault(room, 0); // it will be asked for again
        }
      } while (!asked.remove(room, served));
      isDone = true;
    } finally {
      if (!isDone) {
        asked.remove(room);
      }
    }
  }

  /** Ends places in line, as soon as that can be. */
  void leave(RoomId room, Set<Ticket> tickets) {
    executor.execute(() -> untold.tell(() -> leaveLine(room, tickets)));
  }

  /** Ends places in line when {@link #settle} is called next, or as soon as it can be after. */
  void leaveLater(RoomId room, Set<Ticket> tickets) {
    untold.add(() -> leaveLine(room, tickets));
  }

  private void leaveLine(RoomId room, Set<Ticket> tickets) {
    var _ = locks.leaveLine(room, tickets);
  }

  /** Lets go of locks that somebody was granted who did not wait for them any more. */
  void giveBack(Seat seat, Set<BlockId> blocks) {
    executor.execute(() -> untold.tell(() -> release(seat, blocks)));
  }

  private void release(Seat seat, Set<BlockId> blocks) {
    if (locks.release(seat.room(), seat.clientId(), blocks)
        instanceof ReleaseOutcome.NotHeld notHeld) {
      Set<BlockId> rest = new LinkedHashSet<>(blocks);
      rest.removeAll(notHeld.blocks());
      if (!rest.isEmpty()) {
        release(seat, rest);
      }
    }
  }

  /** Does what could not be done; whether the coordination answers. */
  boolean settle() {
    try {
      untold.settle();
      return true;
    } catch (CoordinationUnavailable away) {
      return false;
    }
  }
}
