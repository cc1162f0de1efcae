package io.blockroom.application.service;

import io.blockroom.application.port.in.QueueForBlockLock.Outcome;
import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.CommitLog.Excerpt;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.GrantReason;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happens in one room, as this server hears it, for everybody who is connected here: changes
 * in the order of their revisions, commits in the order of their numbers, each once.
 *
 * <p>Broadcasts may be lost, doubled or overtake each other, and two servers may announce two
 * commits in the other order. What comes too early waits here for what is missing; what does not
 * come is found in the coordination and the log ({@link #reconcile}). Followers see nothing of
 * that.
 *
 * <p>Broadcasts and answers come on different ways. So that no answer overtakes what led to it,
 * answers name the revision that they are true of and wait here until the feed has come to it.
 *
 * <p>Followers are called under the feed's monitor: they only queue.
 */
final class RoomFeed {
  /** More missed commits than this are not told one by one. */
  static final int MOST_MISSED = 500;

  private final Map<ClientId, Subscription> subscriptions = new LinkedHashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();

  /** What was heard but cannot be told yet. */
  private final NavigableMap<Revision, RoomChange> ahead = new TreeMap<>();

  private final CommitLane lane;

  /** Who must be shown the room again, because what happened cannot be told event by event. */
  private final Map<ClientId, Cause> owed = new LinkedHashMap<>();

  /** Whose seats are elsewhere now, and the serials under which they were taken over. */
  private final Map<ClientId, Long> moved = new LinkedHashMap<>();

  /** What the followers have been told; null until the first of them is shown the room. */
  private @Nullable Told told;

  private final Duration lockLife;
  private final WaitersHere waiters;

  /** Locks that were handed over in the change that is being told. */
  private final List<RoomEvent.BlockLocked> handOvers = new ArrayList<>();

  private final List<Errand> errands = new ArrayList<>();
  private boolean isInDoubt;
  private @Nullable Revision expectedRevision;
  private SequenceNumber expectedSeq = SequenceNumber.NONE;
  private int snapshotAsks;

  private static final class Told {
    Room room;
    final LiveRoom live;
    Revision revision;
    SequenceNumber seq;
    Epoch epoch;
    SequenceNumber snapshot;

    /** Commits up to this one were not all told: who was shown an earlier state misses some. */
    SequenceNumber untold;

    Told(Room room, RoomView view, WorkspaceView workspace) {
      this.room = room;
      live = new LiveRoom(view);
      revision = view.revision();
      seq = workspace.seq();
      untold = seq;
      epoch = workspace.epoch();
      snapshot = workspace.snapshotSeq();
    }
  }

  private static final class Waiting {
    final Revision revision;
    final Runnable action;
    boolean isOverdue;

    Waiting(Revision revision, Runnable action) {
      this.revision = revision;
      this.action = action;
    }
  }

  /**
   * @param lockLife how long a lock outlives its owner's server
   */
  RoomFeed(CommitLane lane, Duration lockLife) {
    this.lane = lane;
    this.lockLife = lockLife;
    waiters = new WaitersHere(lockLife, this::give);
  }

  /** What comes of a change and takes a moment: done when the feed is let go of. */
  interface Errand {
    void run(RoomId room, Turns turns);
  }

  /** The way of the room's commits on this server. */
  CommitLane lane() {
    return lane;
  }

  // Who follows

  /** Gives the follower a place, or the place of whoever has it now. */
  synchronized void enter(Participant self, RoomFollower follower, long serial) {
    Subscription present = subscriptions.get(self.clientId());
    if (present == null) {
      subscriptions.put(self.clientId(), new Subscription(self, follower, serial));
    } else {
      present.replace(follower, serial);
    }
  }

  /** Removes a participant; true when nobody is left. */
  synchronized boolean leave(ClientId self) {
    waiters.end(each -> each.client().equals(self), new Outcome.SeatLost());
    subscriptions.remove(self);
    if (subscriptions.isEmpty()) {
      run(each -> true);
    }
    return subscriptions.isEmpty();
  }

  synchronized void detach(ClientId self, RoomFollower follower) {
    with(self, subscription -> subscription.detach(follower));
  }

  synchronized void loseSeats() {
    subscriptions.values().forEach(Subscription::lose);
    waiters.end(each -> true, new Outcome.SeatLost());
  }

  /** The room does not exist any more. */
  synchronized void close() {
    tellAll(new RoomEvent.RoomClosed());
  }

  // Showing the room

  /**
   * Prepares to show the room to somebody who is here; nothing if there is nobody to show it to or
   * it is being shown already.
   */
  synchronized Optional<RoomFollower> prepareShowing(ClientId self) {
    Subscription subscription = subscriptions.get(self);
    return subscription == null || told == null ? Optional.empty() : subscription.prepareShowing();
  }

  synchronized boolean readsXmlOnly(ClientId self) {
    Subscription subscription = subscriptions.get(self);
    return subscription != null && subscription.form() == WorkspaceForm.XML;
  }

  /** Whether there is nobody to show it to: their connection is broken, or their seat lost. */
  synchronized boolean isAbsent(ClientId self) {
    Subscription subscription = subscriptions.get(self);
    return subscription == null || subscription.isAbsent();
  }

  synchronized void cancelShowing(ClientId self, RoomFollower follower) {
    with(self, follower, Subscription::cancelShowing);
  }

  synchronized boolean isFollowedBy(ClientId somebody) {
    return subscriptions.containsKey(somebody);
  }

  /** What the feed begins with if this is its first view of the room. */
  synchronized void begin(Room room, RoomView view, WorkspaceView workspace) {
    if (told == null) {
      told = new Told(room, view, workspace);
      ahead.headMap(view.revision(), true).clear();
      advance();
    }
  }

  /** Shows the room as soon as the feed has come to the revision. */
  synchronized void show(
      ClientId self,
      RoomFollower follower,
      Revision asOf,
      WorkspaceView workspace,
      Occasion occasion,
      Optional<String> resumeToken) {
    when(asOf, () -> showNow(self, follower, workspace, occasion, resumeToken));
  }

  /** Shows the room as it has been told, unless another follower has the place by now. */
  synchronized void showNow(
      ClientId self,
      RoomFollower follower,
      WorkspaceView workspace,
      Occasion occasion,
      Optional<String> resumeToken) {
    with(self, follower, subscription -> show(subscription, workspace, occasion, resumeToken));
  }

  private void show(
      Subscription subscription,
      WorkspaceView workspace,
      Occasion occasion,
      Optional<String> resumeToken) {
    Told now = told;
    if (now == null) {
      return;
    }
    ClientId self = subscription.self().clientId();
    boolean isOfThisEpoch = now.epoch.equals(workspace.epoch());
    boolean isCurrent = isOfThisEpoch && workspace.seq().includes(now.untold);
    subscription.show(
        new RoomState(
            subscription.self(),
            now.live.others(self),
            now.live.locks(),
            now.live.line(),
            now.live.presence(),
            now.room,
            workspace,
            resumeToken),
        occasion,
        isCurrent);
    if (isCurrent) {
      owed.remove(self);
      now.snapshot = later(now.snapshot, workspace.snapshotSeq());
    } else {
      owe(subscription, isOfThisEpoch ? Cause.GAP : Cause.EPOCH_CHANGED);
    }
  }

  // What happens

  synchronized void changed(RoomChange change) {
    Told now = told;
    if (now == null || !now.revision.includes(change.revision())) {
      ahead.putIfAbsent(change.revision(), change);
      advance();
    }
  }

  /**
   * Gives a participant an answer when everything up to the revision has been told; perhaps at
   * once, as always to somebody who has left.
   */
  synchronized void after(ClientId self, Revision revision, Runnable answer) {
    if (subscriptions.containsKey(self)) {
      when(revision, () -> give(self, answer));
    } else {
      answer.run();
    }
  }

  private void give(ClientId self, Runnable answer) {
    Subscription subscription = subscriptions.get(self);
    if (subscription == null) {
      answer.run();
    } else {
      subscription.attempt(answer);
    }
  }

  /** The last commit that was told. */
  synchronized SequenceNumber seq() {
    return told == null ? SequenceNumber.NONE : told.seq;
  }

  /** Tells what can be told: no revision and no commit may be left out. */
  private void advance() {
    Told now = told;
    while (now != null && !ahead.isEmpty()) {
      RoomChange next = ahead.firstEntry().getValue();
      if (!now.revision.isFollowedBy(next.revision()) || !canTellCommitsOf(next, now.seq)) {
        isInDoubt = true;
        return;
      }
      next.events().forEach(event -> tell(now, event));
      settleLine(now);
      ahead.remove(next.revision());
      comeTo(now, next.revision());
    }
  }

  private boolean canTellCommitsOf(RoomChange change, SequenceNumber last) {
    long expected = last.value() + 1;
    for (CommitApplied commit : commitsOf(change)) {
      for (; expected < commit.seq().value(); expected++) {
        if (heard(expected).isEmpty()) {
          return false;
        }
      }
      expected = Math.max(expected, commit.seq().value() + 1);
    }
    return true;
  }

  private void tell(Told now, RoomEvent event) {
    switch (event) {
      case CommitApplied commit when commit.seq().isGiven() -> tellInOrder(now, commit);
      case RoomEvent.HistoryReplaced replaced ->
          replaceHistory(now, replaced.epoch(), replaced.last());
      case RoomEvent.RulesChanged rules -> {
        now.room =
            now.room
                .withTitle(rules.title())
                .withMaxUsers(rules.maxUsers())
                .withLockPolicy(rules.lockPolicy())
                .frozen(rules.isFrozen());
        tellAll(rules);
      }
      case RoomEvent.SeatTakenOver(ClientId holder, long serial) ->
          with(
              holder,
              subscription -> {
                if (subscription.isTakenOver(serial)) {
                  moved.put(holder, serial);
                }
              });
      case RoomEvent.LineJoined joined -> {
        now.live.apply(joined);
        tellWanted(now, joined.waiter());
      }
      case RoomEvent.LineLeft left -> now.live.apply(left);
      case RoomEvent.TurnCame turn -> {
        now.live.waiter(turn.ticket()).ifPresent(waiter -> come(now, waiter));
        now.live.apply(turn);
      }
      case RoomEvent other -> {
        now.live.apply(other);
        tellAll(other);
        note(other);
      }
    }
  }

  // The line

  private void note(RoomEvent event) {
    if (event instanceof RoomEvent.BlockReleased released) {
      waiters.release(released.block());
    }
    if (event instanceof RoomEvent.BlockLocked locked && locked.reason() == GrantReason.HANDOVER) {
      handOvers.add(locked);
    }
  }

  private void tellWanted(Told now, Waiter waiter) {
    for (BlockId block : waiter.request().blocks()) {
      Grant grant = now.live.locks().get(block);
      if (grant != null && !grant.owner().equals(waiter.client())) {
        int many = now.live.line().waitingFor(block);
        with(
            grant.owner(),
            owner -> owner.tell(follower -> follower.wanted(block, waiter.client(), many)));
      }
    }
  }

  /** Somebody's turn; if they do not wait any more, what comes to them is given back. */
  private void come(Told now, Waiter waiter) {
    PlaceInLine place = waiters.find(waiter.ticket());
    if (place != null) {
      place.come(now.live);
    } else if (subscriptions.containsKey(waiter.client())) {
      giveBack(waiter.client(), now.live.notHeldOf(waiter));
    }
  }

  private void giveBack(ClientId client, Set<BlockId> blocks) {
    if (!blocks.isEmpty()) {
      errands.add((room, turns) -> turns.giveBack(new Seat(room, client), blocks));
    }
  }

  /** At the end of a change. */
  private void settleLine(Told now) {
    for (RoomEvent.BlockLocked each : handOvers) {
      BlockLock lock = new BlockLock(each.block(), each.owner(), each.token(), lockLife);
      with(each.owner(), owner -> owner.tell(follower -> follower.handedOver(lock)));
    }
    handOvers.clear();
    if (waiters.settle(now.live)) {
      errands.add((room, turns) -> turns.advance(room));
    }
  }

  /** Somebody is about to wait: from here on their turn is noticed. False if they are not here. */
  synchronized boolean expect(PlaceInLine place) {
    boolean isHere = subscriptions.containsKey(place.client());
    if (isHere) {
      waiters.add(place);
      if (told != null) {
        place.approach(told.live);
      }
    }
    return isHere;
  }

  /**
   * The place is in line, as far as the feed has come; its end may have been told by now. False if
   * whoever is to wait there does so no more.
   */
  synchronized boolean take(PlaceInLine place, Optional<ClientId> owner) {
    Told now = told;
    if (now == null || waiters.find(place.ticket()) == null) {
      return false;
    }
    give(place.client(), () -> place.take(now.live, owner));
    settleLine(now);
    return true;
  }

  /** Nobody waits at the place; what may have come to it is given back. */
  synchronized void forget(PlaceInLine place) {
    if (waiters.remove(place.ticket()) != null) {
      giveBack(place.client(), place.gained());
    }
  }

  /** Ends the waiting at some places. */
  synchronized void endPlaces(Set<Ticket> tickets, Outcome outcome) {
    waiters.end(each -> tickets.contains(each.ticket()), outcome);
  }

  /** The places of somebody: those at which they wait here, and those of a former connection. */
  synchronized Set<Ticket> placesOf(ClientId client) {
    Set<Ticket> tickets = new HashSet<>(waiters.tickets(each -> each.client().equals(client)));
    line().waiters().stream()
        .filter(each -> each.client().equals(client))
        .forEach(each -> tickets.add(each.ticket()));
    return tickets;
  }

  private WaitingLine line() {
    return told == null ? WaitingLine.EMPTY : told.live.line();
  }

  /** The places at which somebody waits for a block. */
  synchronized Set<Ticket> placesOf(ClientId client, BlockId block) {
    return waiters.tickets(each -> each.client().equals(client) && each.wants(block));
  }

  /** The places at which somebody has waited for too long. */
  synchronized Set<Ticket> overdue(Duration now) {
    return waiters.tickets(each -> each.isTaken() && each.isOverdue(now));
  }

  synchronized boolean hasWaiters() {
    return !waiters.isEmpty();
  }

  /** What is to be done; each is named once. */
  synchronized List<Errand> takeErrands() {
    List<Errand> taken = List.copyOf(errands);
    errands.clear();
    return taken;
  }

  /** Commits that this one overtook are told before it; what was told is not told again. */
  private void tellInOrder(Told now, CommitApplied commit) {
    while (now.seq.value() + 1 < commit.seq().value()) {
      tellNext(now, heard(now.seq.value() + 1).orElseThrow());
    }
    if (!now.seq.includes(commit.seq())) {
      tellNext(now, commit);
    }
  }

  private void tellNext(Told now, CommitApplied commit) {
    now.seq = commit.seq();
    tellAll(commit);
  }

  private void tellAll(RoomEvent event) {
    subscriptions.values().forEach(each -> each.tell(event));
  }

  private Optional<CommitApplied> heard(long seq) {
    return ahead.values().stream()
        .flatMap(change -> commitsOf(change).stream())
        .filter(commit -> commit.seq().value() == seq)
        .findFirst();
  }

  private static List<CommitApplied> commitsOf(RoomChange change) {
    return change.events().stream()
        .filter(CommitApplied.class::isInstance)
        .map(CommitApplied.class::cast)
        .filter(commit -> commit.seq().isGiven())
        .toList();
  }

  /** Whose seats are elsewhere now, and since which serials; each is named once. */
  synchronized Map<ClientId, Long> takeMoved() {
    Map<ClientId, Long> taken = Map.copyOf(moved);
    moved.clear();
    return taken;
  }

  /** Tells what participants are doing. */
  synchronized void presenceChanged(Map<ClientId, Presence> news) {
    Told now = told;
    if (now != null) {
      now.live.apply(news);
      subscriptions.values().forEach(each -> each.tell(news));
    }
  }

  /** Who holds a lock, as far as has been told. */
  synchronized Set<ClientId> owners() {
    return told == null
        ? Set.of()
        : told.live.locks().values().stream()
            .map(Grant::owner)
            .collect(Collectors.toUnmodifiableSet());
  }

  // What did not come

  /** Notes that a commit may be stored, or a change made, that was not heard of. */
  synchronized void doubt() {
    isInDoubt = true;
  }

  /** Notes how far the room has come; if that is not heard soon, something was lost. */
  synchronized void expect(Revision revision) {
    expectedRevision = revision;
  }

  /** Notes how far the room's log has come; if that is not heard soon, something was lost. */
  synchronized void expect(SequenceNumber seq) {
    expectedSeq = seq;
  }

  /**
   * Called now and then: whether something seems lost. What was expected at the last call is
   * overdue now.
   */
  synchronized boolean takeDoubt() {
    Told now = told;
    if (now == null) {
      return false;
    }
    boolean isBehind =
        (expectedRevision != null && !now.revision.includes(expectedRevision))
            || !now.seq.includes(expectedSeq)
            || waiting.stream().anyMatch(each -> each.isOverdue);
    expectedRevision = null;
    expectedSeq = SequenceNumber.NONE;
    waiting.forEach(each -> each.isOverdue = true);
    boolean doubt = isInDoubt || isBehind;
    isInDoubt = false;
    return doubt;
  }

  /**
   * Tells what was lost: the commits that are in the log, then how the room differs from what was
   * told, then what was heard after that.
   *
   * @param view the room at a moment
   * @param log the log behind the last told commit, read after that moment
   */
  synchronized void reconcile(RoomView view, Excerpt log) {
    Told now = told;
    if (now == null) {
      return;
    }
    catchUp(now, log);
    advance(); // what only waited for a commit was not lost
    catchUp(now, view);
    advance();
  }

  /** The same while the log cannot be read. */
  synchronized void reconcile(RoomView view) {
    Told now = told;
    if (now != null) {
      catchUp(now, view);
      advance();
      isInDoubt = true;
    }
  }

  private void catchUp(Told now, Excerpt log) {
    if (log.epoch().isPresent() && !log.epoch().get().equals(now.epoch)) {
      replaceHistory(now, log.epoch().get(), log.last());
      return;
    }
    for (LoggedCommit commit : log.commits()) {
      if (commit.seq().value() == now.seq.value() + 1) {
        tellNext(now, CommitApplied.of(commit));
      }
    }
    if (!now.seq.includes(log.last())) {
      now.seq = log.last();
      now.untold = now.seq;
      owe(Cause.GAP);
    }
  }

  private void catchUp(Told now, RoomView view) {
    if (now.revision.includes(view.revision())) {
      return;
    }
    now.live.differencesTo(view).forEach(event -> tell(now, event));
    settleLine(now);
    Map<ClientId, Presence> news = now.live.newsIn(view.presence());
    if (!news.isEmpty()) {
      presenceChanged(news);
    }
    ahead.headMap(view.revision(), true).clear();
    comeTo(now, view.revision());
  }

  /** Commits of another history mean nothing on a screen that shows the former one. */
  private void replaceHistory(Told now, Epoch epoch, SequenceNumber last) {
    if (!now.epoch.equals(epoch)) {
      now.epoch = epoch;
      now.seq = later(now.seq, last);
      now.untold = now.seq;
      now.snapshot = later(now.snapshot, last);
      owe(Cause.EPOCH_CHANGED);
    }
  }

  // Who must be shown the room again

  private void owe(Cause cause) {
    subscriptions.values().forEach(each -> owe(each, cause));
  }

  private void owe(Subscription subscription, Cause cause) {
    subscription.pause();
    owed.put(subscription.self().clientId(), cause);
  }

  /** Those who cannot be brought up to date event by event, and why; each is named once. */
  synchronized Map<ClientId, Cause> takeOwed() {
    Map<ClientId, Cause> taken = Map.copyOf(owed);
    owed.clear();
    return taken;
  }

  // Snapshots

  /** Whether so many commits follow the newest snapshot that is known here. */
  synchronized boolean isSnapshotDue(int after) {
    return told != null
        && told.seq.value() - told.snapshot.value() >= after
        && subscriptions.values().stream().anyMatch(Subscription::canMakeSnapshots);
  }

  /** Notes which snapshot is the newest; if it is too old all the same, asks somebody for one. */
  synchronized void noteSnapshot(SequenceNumber newest, int after) {
    Told now = told;
    if (now == null) {
      return;
    }
    now.snapshot = later(now.snapshot, newest);
    List<Subscription> able =
        subscriptions.values().stream().filter(Subscription::canMakeSnapshots).toList();
    if (!able.isEmpty() && now.seq.value() - now.snapshot.value() >= after) {
      able.get(Math.floorMod(snapshotAsks++, able.size())).wantSnapshot(now.seq);
    }
  }

  private void comeTo(Told now, Revision revision) {
    now.revision = revision;
    run(each -> revision.includes(each.revision));
  }

  private void with(ClientId self, RoomFollower follower, Consumer<Subscription> action) {
    with(
        self,
        subscription -> {
          if (subscription.isFollowedBy(follower)) {
            action.accept(subscription);
          }
        });
  }

  private void with(ClientId self, Consumer<Subscription> action) {
    Subscription subscription = subscriptions.get(self);
    if (subscription != null) {
      action.accept(subscription);
    }
  }

  private void when(Revision revision, Runnable action) {
    if (told != null && told.revision.includes(revision)) {
      action.run();
    } else {
      waiting.add(new Waiting(revision, action));
    }
  }

  private void run(Predicate<Waiting> isDue) {
    if (waiting.isEmpty()) {
      return;
    }
    List<Waiting> due = waiting.stream().filter(isDue).toList();
    waiting.removeAll(due);
    due.forEach(each -> each.action.run());
  }

  private static SequenceNumber later(SequenceNumber one, SequenceNumber other) {
    return one.includes(other) ? one : other;
  }
}
