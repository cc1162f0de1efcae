package io.blockroom.application.service;

import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What happens in one room, as this server hears it, in order, for everybody who is connected here.
 *
 * <p>Broadcasts and answers come on different ways. So that no answer overtakes what led to it,
 * answers name the revision that they are true of and wait here until the feed has come to it.
 *
 * <p>Followers are called under the feed's monitor: they only queue.
 */
final class RoomFeed {
  private final Map<ClientId, Subscription> subscriptions = new LinkedHashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private @Nullable Revision last;
  private @Nullable SequenceNumber lastCommit;
  private boolean hasGap;

  /** Commits of a room are stored and announced one by one, so that their order is one. */
  private final ReentrantLock commitTurn = new ReentrantLock(true);

  private static final class Waiting {
    final Revision revision;
    final Runnable action;
    boolean isOverdue;

    Waiting(Revision revision, Runnable action) {
      this.revision = revision;
      this.action = action;
    }
  }

  ReentrantLock commitTurn() {
    return commitTurn;
  }

  synchronized void enter(ClientId self, RoomFollower follower) {
    subscriptions.put(self, new Subscription(self, follower));
  }

  /** Removes a participant; true when nobody is left. */
  synchronized boolean leave(ClientId self) {
    subscriptions.remove(self);
    return subscriptions.isEmpty();
  }

  /** Begins to hold back events for a participant; false if there is no need or no such one. */
  synchronized boolean hold(ClientId self) {
    Subscription subscription = subscriptions.get(self);
    if (subscription == null || subscription.isHolding()) {
      return false;
    }
    subscription.hold();
    return true;
  }

  synchronized void resume(ClientId self) {
    Subscription subscription = subscriptions.get(self);
    if (subscription != null) {
      subscription.resume();
    }
  }

  /** Shows a participant the state; at once to a newcomer, else when the feed has come to it. */
  synchronized void welcome(
      ClientId self, RoomView view, Optional<WorkspaceSnapshot> snapshot, boolean isNewcomer) {
    if (lastCommit == null) {
      lastCommit = snapshot.map(WorkspaceSnapshot::seq).orElse(SequenceNumber.NONE);
    }
    Runnable show =
        () -> {
          Subscription subscription = subscriptions.get(self);
          if (subscription != null) {
            subscription.welcome(view, snapshot);
          }
        };
    if (isNewcomer) {
      show.run();
    } else {
      after(view.revision(), show);
    }
  }

  synchronized void changed(RoomChange change) {
    if (last != null && last.includes(change.revision())) {
      return;
    }
    hasGap |= last != null && !last.isFollowedBy(change.revision());
    last = change.revision();
    for (RoomEvent event : change.events()) {
      if (event instanceof RoomEvent.CommitApplied commit && commit.seq().isGiven()) {
        lastCommit = commit.seq();
      }
      subscriptions.values().forEach(each -> each.offer(change.revision(), event));
    }
    run(each -> change.revision().includes(each.revision));
  }

  /** Runs the action when everything up to the revision has been told; perhaps at once. */
  synchronized void after(Revision revision, Runnable action) {
    if (last != null && last.includes(revision)) {
      action.run();
    } else {
      waiting.add(new Waiting(revision, action));
    }
  }

  /**
   * Called now and then: what was waiting at the last call and still is, is done now. The broadcast
   * it waits for must have been lost.
   */
  synchronized void expedite() {
    hasGap |= waiting.stream().anyMatch(each -> each.isOverdue);
    run(each -> each.isOverdue);
    waiting.forEach(each -> each.isOverdue = true);
  }

  /** Everybody, if changes were lost since the last call; else nobody. */
  synchronized Set<ClientId> misled() {
    if (!hasGap) {
      return Set.of();
    }
    hasGap = false;
    return Set.copyOf(subscriptions.keySet());
  }

  /** Everybody, if the stored state has a commit that nobody was told of; else nobody. */
  synchronized Set<ClientId> unawareOf(WorkspaceSnapshot snapshot) {
    return lastCommit == null || lastCommit.includes(snapshot.seq())
        ? Set.of()
        : Set.copyOf(subscriptions.keySet());
  }

  synchronized void loseSeats() {
    subscriptions.values().forEach(Subscription::lose);
  }

  private void run(Predicate<Waiting> isDue) {
    if (waiting.isEmpty()) {
      return;
    }
    List<Waiting> due = waiting.stream().filter(isDue).toList();
    waiting.removeAll(due);
    due.forEach(each -> each.action.run());
  }
}
