package io.blockroom.application.service;

import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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

  /** Up to here changes were waited for in vain. */
  private @Nullable Revision missing;

  private boolean isInDoubt;

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
    Subscription left = subscriptions.remove(self);
    if (left != null) {
      left.end();
    }
    if (subscriptions.isEmpty()) {
      run(each -> true);
    }
    return subscriptions.isEmpty();
  }

  synchronized boolean isFollowedBy(ClientId somebody) {
    return subscriptions.containsKey(somebody);
  }

  /** Begins to hold back events for a participant; false if that is so already, or no such one. */
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
      isInDoubt |= subscription.hasMissedCommits();
    }
  }

  /** Shows a participant the state; at once to a newcomer, else when the feed has come to it. */
  synchronized void welcome(
      ClientId self, RoomView view, Optional<WorkspaceSnapshot> snapshot, boolean isNewcomer) {
    Runnable show =
        () -> {
          Subscription subscription = subscriptions.get(self);
          if (subscription != null) {
            subscription.welcome(view, snapshot);
            isInDoubt |= subscription.hasMissedCommits();
          }
        };
    if (isNewcomer) {
      show.run();
    } else {
      when(view.revision(), show);
    }
  }

  synchronized void changed(RoomChange change) {
    if (last != null && last.includes(change.revision())) {
      return;
    }
    last = change.revision();
    for (RoomEvent event : change.events()) {
      subscriptions.values().forEach(each -> each.offer(change.revision(), event));
      if (event instanceof RoomEvent.CommitApplied) {
        isInDoubt |= subscriptions.values().stream().anyMatch(Subscription::hasMissedCommits);
      }
    }
    run(each -> change.revision().includes(each.revision));
  }

  /**
   * Gives a participant an answer when everything up to the revision has been told; perhaps at
   * once, as always to somebody who has left.
   */
  synchronized void after(ClientId self, Revision revision, Runnable answer) {
    if (subscriptions.containsKey(self)) {
      when(revision, () -> answer(self, revision, answer));
    } else {
      answer.run();
    }
  }

  /** Notes that the room has come to this revision; if that is never heard, changes were lost. */
  synchronized void expect(Revision revision) {
    when(revision, () -> {});
  }

  /**
   * Called now and then: what was waiting at the last call and still is, is done now. The broadcast
   * it waits for seems lost, so nothing waits for it again; should it come all the same, it is told
   * to those who were not yet shown a state that contains it.
   */
  synchronized void expedite() {
    waiting.stream()
        .filter(each -> each.isOverdue)
        .map(each -> each.revision)
        .max(Comparator.naturalOrder())
        .ifPresent(this::waitNoLongerFor);
    waiting.forEach(each -> each.isOverdue = true);
  }

  private void waitNoLongerFor(Revision revision) {
    missing = revision;
    subscriptions.values().forEach(Subscription::miss);
    run(each -> revision.includes(each.revision));
  }

  /** Those for whom changes were lost since the last call. */
  synchronized Set<ClientId> misled() {
    return those(Subscription::takeMisses);
  }

  /** Notes that there may be a stored commit that nobody was told of. */
  synchronized void doubt() {
    isInDoubt = true;
  }

  /** Whether there may be a stored commit that somebody was not told of; asked anew each time. */
  synchronized boolean takeDoubt() {
    boolean doubt = isInDoubt;
    isInDoubt = false;
    return doubt;
  }

  /** Those whom the stored state would tell of a commit that they were not told of. */
  synchronized Set<ClientId> unawareOf(WorkspaceSnapshot snapshot) {
    return those(each -> each.isUnawareOf(snapshot));
  }

  synchronized void loseSeats() {
    subscriptions.values().forEach(Subscription::lose);
  }

  private Set<ClientId> those(Predicate<Subscription> which) {
    return subscriptions.entrySet().stream()
        .filter(each -> which.test(each.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void answer(ClientId self, Revision revision, Runnable answer) {
    Subscription subscription = subscriptions.get(self);
    if (subscription == null) {
      answer.run();
    } else {
      subscription.answer(revision, answer);
    }
  }

  private void when(Revision revision, Runnable action) {
    if (hasComeTo(revision)) {
      action.run();
    } else {
      waiting.add(new Waiting(revision, action));
    }
  }

  private boolean hasComeTo(Revision revision) {
    return (last != null && last.includes(revision))
        || (missing != null && missing.includes(revision));
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
