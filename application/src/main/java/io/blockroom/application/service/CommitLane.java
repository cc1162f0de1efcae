package io.blockroom.application.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The way of a room's commits on this server: in groups, one after the other, in the order in which
 * they came. What comes while a group is on its way is the next group; a commit that comes alone
 * waits for nobody. Whoever has the turn handles the others' commits with their own.
 */
final class CommitLane {
  private static final int LARGEST_GROUP = 64;

  /** UTF-16 units of events and workspaces in one group, unless a single commit has more. */
  private static final int LARGEST_SIZE = 1 << 20;

  /** A commit whose turn does not come in this time is refused, so that nobody waits for long. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** Commits that are under way elsewhere are through by then, more often than not. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final Duration longestWait;
  private final Duration restBetweenTries;
  private final ConcurrentLinkedDeque<CommitOffer> waiting = new ConcurrentLinkedDeque<>();
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Condition pause = turn.newCondition();

  CommitLane() {
    this(LONGEST_WAIT, PAUSE);
  }

  CommitLane(Duration longestWait, Duration restBetweenTries) {
    this.longestWait = longestWait;
    this.restBetweenTries = restBetweenTries;
  }

  /**
   * Lets an offer pass.
   *
   * @param way handles a group and returns those that must try again, in their order
   * @return false if its turn does not come; it is not handled then
   */
  boolean pass(CommitOffer offer, UnaryOperator<List<CommitOffer>> way) {
    waiting.add(offer);
    if (!hasTurn()) {
      return !waiting.remove(offer);
    }
    try {
      List<CommitOffer> again = List.of();
      // Those who must try again may have stopped waiting for their turn: nobody else is there.
      while (waiting.contains(offer) || again.stream().anyMatch(waiting::contains)) {
        again = way.apply(nextGroup());
        again.reversed().forEach(waiting::addFirst);
        if (!again.isEmpty()) {
          rest();
        }
      }
      return true;
    } finally {
      turn.unlock();
    }
  }

  /** Lets an offer pass for which no turn is needed. */
  void passBy(CommitOffer offer, UnaryOperator<List<CommitOffer>> way) {
    List<CommitOffer> again = way.apply(List.of(offer));
    while (!again.isEmpty()) {
      LockSupport.parkNanos(restBetweenTries.toNanos());
      again = way.apply(again);
    }
  }

  private List<CommitOffer> nextGroup() {
    List<CommitOffer> group = new ArrayList<>();
    int size = 0;
    for (CommitOffer next = waiting.poll(); next != null; next = waiting.poll()) {
      size += next.size();
      if (!group.isEmpty() && size > LARGEST_SIZE) {
        waiting.addFirst(next);
        break;
      }
      group.add(next);
      if (group.size() == LARGEST_GROUP) {
        break;
      }
    }
    return group;
  }

  private boolean hasTurn() {
    try {
      return turn.tryLock(longestWait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  // Waking up early does no harm.
  @SuppressWarnings("WaitNotInLoop")
  private void rest() {
    try {
      boolean _ = pause.await(restBetweenTries.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
    }
  }
}
