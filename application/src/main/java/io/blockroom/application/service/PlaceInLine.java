package io.blockroom.application.service;

import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.QueueForBlockLock.Outcome;
import io.blockroom.application.port.in.QueueForBlockLock.Waiting;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.participant.ClientId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Where somebody who is connected here waits in line. How it ends is told by where the room has
 * come to: whoever is no longer in line either has all blocks or has given up. Guarded by the
 * room's feed.
 */
final class PlaceInLine {
  private final Waiter waiter;
  private final Duration deadline;
  private final Waiting waiting;

  /** What was theirs before the last change. */
  private Set<BlockId> heldBefore = Set.of();

  /** What came to them with their turn. */
  private Set<BlockId> gained = Set.of();

  /** Whether it is known that the place is in line, or was: nothing is told before. */
  private boolean isTaken;

  private int position;

  PlaceInLine(Waiter waiter, Duration deadline, Waiting waiting) {
    this.waiter = waiter;
    this.deadline = deadline;
    this.waiting = waiting;
  }

  Ticket ticket() {
    return waiter.ticket();
  }

  ClientId client() {
    return waiter.client();
  }

  boolean isTaken() {
    return isTaken;
  }

  boolean wants(BlockId block) {
    return waiter.wants(block);
  }

  boolean isOverdue(Duration now) {
    return now.compareTo(deadline) >= 0;
  }

  Set<BlockId> gained() {
    return gained;
  }

  /** The place is in line, unless its end has been told already. */
  void take(LiveRoom live, Optional<ClientId> owner) {
    isTaken = true;
    live.line()
        .positionOf(ticket())
        .ifPresent(now -> {
          position = now;
          waiting.queued(now, owner);
        });
  }

  /** The turn has come; the locks follow. */
  void come(LiveRoom live) {
    gained = live.notHeldOf(waiter);
  }

  /** Tells whoever has come nearer. */
  void approach(LiveRoom live) {
    heldBefore = live.heldOf(waiter);
    live.line()
        .positionOf(ticket())
        .filter(now -> isTaken && now < position)
        .ifPresent(now -> {
          position = now;
          waiting.queued(now, live.inTheWayOf(waiter));
        });
  }

  /** How it ended, going by who holds what now. */
  Outcome outcome(LiveRoom live, Duration lockLife) {
    return live.notHeldOf(waiter).isEmpty()
        ? new Outcome.Granted(
            new AcquireBlockLock.Outcome.Granted(live.locksOf(waiter, lockLife), heldBefore))
        : new Outcome.GivenUp();
  }

  void end(Outcome outcome) {
    waiting.ended(outcome);
  }
}
