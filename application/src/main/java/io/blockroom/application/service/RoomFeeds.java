package io.blockroom.application.service;

import io.blockroom.application.port.in.QueueForBlockLock.Outcome;
import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.in.ShowRoom;
import io.blockroom.application.port.out.CommitLog;
import io.blockroom.application.port.out.CommitLog.Excerpt;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.Seats;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.port.out.Workspaces;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The feeds of all rooms that somebody on this server follows. */
public final class RoomFeeds implements RoomBroadcast.Listener, ShowRoom {
  /**
   * How often the rooms' logs are compared with what was heard. A server may die between storing a
   * commit and telling it: then nobody hears of it, but within three seconds all must have it.
   */
  private static final int CALLS_BETWEEN_LOG_LOOKS = 3;

  /** How often revisions are compared: in a quiet room no next change shows that one was lost. */
  private static final int CALLS_BETWEEN_ROOM_LOOKS = 4;

  /** How long a client that was asked for a snapshot has for it before another one is asked. */
  private static final int CALLS_BETWEEN_SNAPSHOT_ASKS = 10;

  private final Seats seats;
  private final CommitLog log;
  private final Workspaces workspaces;
  private final Attendances attendances;
  private final Turns turns;
  private final int snapshotAfter;
  private final Supplier<CommitLane> lanes;

  /** Feeds exist while they have followers; entering and leaving happen inside {@code compute}. */
  private final Map<RoomId, RoomFeed> feeds = new ConcurrentHashMap<>();

  /** Whom the truth is owed until storage and coordination are back. */
  private final Map<Seat, Cause> owed = new ConcurrentHashMap<>();

  /** Of {@link #tend()}; confined to its thread. */
  private int calls;

  /**
   * @param snapshotAfter how many commits may follow a snapshot before a client is asked for a new
   *     one
   */
  public RoomFeeds(
      Seats seats,
      CommitLog log,
      Workspaces workspaces,
      Attendances attendances,
      Turns turns,
      int snapshotAfter) {
    this(seats, log, workspaces, attendances, turns, snapshotAfter, CommitLane::new);
  }

  RoomFeeds(
      Seats seats,
      CommitLog log,
      Workspaces workspaces,
      Attendances attendances,
      Turns turns,
      int snapshotAfter,
      Supplier<CommitLane> lanes) {
    this.lanes = lanes;
    this.seats = seats;
    this.log = log;
    this.workspaces = workspaces;
    this.attendances = attendances;
    this.turns = turns;
    this.snapshotAfter = snapshotAfter;
  }

  @Override
  public void changed(RoomChange change) {
    for (RoomEvent event : change.events()) {
      if (event instanceof RoomEvent.BlockLocked locked) {
        attendances.granted(new Seat(change.room(), locked.owner()));
      }
    }
    with(change.room(), feed -> feed.changed(change));
    runErrands(change.room());
  }

  @Override
  public void presenceChanged(RoomId room, Map<ClientId, Presence> news) {
    with(room, feed -> feed.presenceChanged(news));
  }

  @Override
  public void seatsLost(RoomId room) {
    with(room, RoomFeed::loseSeats);
  }

  /** To lose a seat that stands costs little, to trust one that does not may cost much. */
  @Override
  public void outOfTouch(RoomId room) {
    with(room, RoomFeed::loseSeats);
  }

  @Override
  public void show(Seat seat, Cause cause) {
    showLater(seat, cause);
    try {
      settle(seat);
    } catch (StorageUnavailable | CoordinationUnavailable away) {
      return; // it stays owed
    }
  }

  /** Makes {@link #tend()} show the room to the participant. */
  void showLater(Seat seat, Cause cause) {
    owed.put(seat, cause);
  }

  /**
   * The same for somebody whose commit could not be stored; not for those who can offer it again
   * under its name.
   */
  void showAfterOutage(Seat seat) {
    with(
        seat.room(),
        feed -> {
          if (feed.readsXmlOnly(seat.clientId())) {
            showLater(seat, Cause.OUTAGE);
          }
        });
  }

  /**
   * Looks after what cannot be done at once: finds out what was lost on the way, and shows the
   * truth to those it is owed. To be called about twice a second, by one thread.
   */
  public void tend() {
    calls++;
    feeds.forEach((room, feed) -> {
      if (feed.takeDoubt()) {
        attempt(() -> reconcile(room, feed), feed::doubt);
        runErrands(room);
      }
      feed.takeOwed().forEach((clientId, cause) -> showLater(new Seat(room, clientId), cause));
    });
    if (calls % CALLS_BETWEEN_LOG_LOOKS == 0) {
      attempt(this::compareWithLogs, () -> {});
    }
    if (calls % CALLS_BETWEEN_ROOM_LOOKS == 0) {
      attempt(this::compareWithRooms, () -> {});
    }
    if (calls % CALLS_BETWEEN_SNAPSHOT_ASKS == 0) {
      attempt(() -> feeds.forEach(this::askForSnapshot), () -> {});
    }
    attempt(() -> Set.copyOf(owed.keySet()).forEach(this::settle), () -> {});
  }

  private static void attempt(Runnable work, Runnable otherwise) {
    try {
      work.run();
    } catch (StorageUnavailable | CoordinationUnavailable away) {
      otherwise.run();
    }
  }

  /**
   * Lets somebody follow a room, instead of whoever follows it in their place.
   *
   * @param serial counts who has spoken for the seat
   */
  void enter(RoomId room, Participant newcomer, RoomFollower follower, long serial) {
    feeds.compute(
        room,
        (id, feed) -> {
          RoomFeed entered = feed == null ? new RoomFeed(lanes.get(), turns.lockLife()) : feed;
          entered.enter(newcomer, follower, serial);
          return entered;
        });
  }

  void leave(Seat seat) {
    owed.remove(seat);
    leaveLines(seat, turns::leaveLater); // the seat may stand, and be another server's
    feeds.computeIfPresent(seat.room(), (id, feed) -> feed.leave(seat.clientId()) ? null : feed);
  }

  /** Tells nobody in the participant's place, until it is left or taken over. */
  void detach(Seat seat, RoomFollower follower) {
    with(seat.room(), feed -> feed.detach(seat.clientId(), follower));
  }

  /** Does what came of what was told. */
  void runErrands(RoomId room) {
    with(room, feed -> feed.takeErrands().forEach(errand -> errand.run(room, turns)));
  }

  /**
   * Ends all places in line of somebody whose connection broke, or who came back over another one.
   * What cannot be ended now is ended as soon as it can be.
   */
  public void leaveLines(Seat seat) {
    leaveLines(seat, turns::leave);
  }

  private void leaveLines(Seat seat, BiConsumer<RoomId, Set<Ticket>> leaving) {
    with(
        seat.room(),
        feed -> {
          Set<Ticket> tickets = feed.placesOf(seat.clientId());
          if (!tickets.isEmpty()) {
            feed.endPlaces(tickets, new Outcome.GivenUp());
            leaving.accept(seat.room(), tickets);
          }
        });
  }

  /** Ends the waiting at some places now; in the coordination as soon as that can be. */
  void endPlaces(RoomId room, Set<Ticket> tickets, Outcome outcome) {
    with(room, feed -> feed.endPlaces(tickets, outcome));
    turns.leaveLater(room, tickets);
  }

  /** Notes how far a room has come. */
  void expect(RoomId room, Revision revision) {
    with(room, feed -> feed.expect(revision));
  }

  /** The places at which somebody here has waited for too long. */
  Map<RoomId, Set<Ticket>> overdue(Duration now) {
    Map<RoomId, Set<Ticket>> overdue = new HashMap<>();
    feeds.forEach((room, feed) -> {
      Set<Ticket> tickets = feed.overdue(now);
      if (!tickets.isEmpty()) {
        overdue.put(room, tickets);
      }
    });
    return overdue;
  }

  /** The rooms in which somebody here waits. */
  List<RoomId> roomsWithWaiters() {
    return feeds.entrySet().stream()
        .filter(each -> each.getValue().hasWaiters())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The seats that are elsewhere now, and since which serials; each is named once. */
  Map<Seat, Long> takeMoved() {
    Map<Seat, Long> moved = new HashMap<>();
    feeds.forEach((room, feed) ->
        feed.takeMoved()
            .forEach((clientId, serial) -> moved.put(new Seat(room, clientId), serial)));
    return moved;
  }

  /** Notes that a participant did something. */
  void acted(Seat seat) {
    attendances.acted(seat);
  }

  /** Whether a participant holds a lock, as far as has been told. */
  boolean holdsLocks(Seat seat) {
    RoomFeed feed = feeds.get(seat.room());
    return feed != null && feed.owners().contains(seat.clientId());
  }

  /** Shows the room to somebody who has just come in, or come back. */
  void welcome(
      Seat seat,
      RoomFollower follower,
      Room room,
      RoomView view,
      WorkspaceView workspace,
      Occasion occasion) {
    Optional<String> token = attendances.token(seat);
    with(
        seat.room(),
        feed -> {
          feed.begin(room, view, workspace);
          runErrands(seat.room());
          feed.show(seat.clientId(), follower, view.revision(), workspace, occasion, token);
        });
  }

  /** Gives the answer in the room's order; at once to somebody who has left. */
  void after(Seat seat, Revision revision, Runnable answer) {
    RoomFeed feed = feeds.get(seat.room());
    if (feed == null) {
      answer.run();
    } else {
      feed.after(seat.clientId(), revision, answer);
    }
  }

  @Nullable RoomFeed of(RoomId room) {
    return feeds.get(room);
  }

  private void compareWithRooms() {
    Set<RoomId> rooms = Set.copyOf(feeds.keySet());
    if (!rooms.isEmpty()) {
      seats.revisions(rooms).forEach((room, now) -> with(room, feed -> feed.expect(now)));
    }
  }

  private void compareWithLogs() {
    Set<RoomId> rooms = Set.copyOf(feeds.keySet());
    if (rooms.isEmpty()) {
      return;
    }
    Map<RoomId, SequenceNumber> last = log.last(rooms);
    for (RoomId room : rooms) {
      SequenceNumber seq = last.get(room);
      with(
          room,
          feed -> {
            if (seq == null) {
              feed.close();
            } else {
              feed.expect(seq);
            }
          });
    }
  }

  /** First the room, then its log: whatever commit the room has heard of is in the log then. */
  private void reconcile(RoomId room, RoomFeed feed) {
    SequenceNumber from = feed.seq();
    RoomView view = seats.look(room);
    Excerpt missed;
    try {
      missed = log.read(room, from, RoomFeed.MOST_MISSED);
    } catch (StorageUnavailable away) {
      feed.reconcile(view);
      return;
    }
    feed.reconcile(view, missed);
  }

  private void askForSnapshot(RoomId room, RoomFeed feed) {
    if (feed.isSnapshotDue(snapshotAfter)) {
      workspaces
          .lag(room)
          .ifPresent(lag ->
              feed.noteSnapshot(
                  lag.xml().includes(lag.state()) ? lag.xml() : lag.state(), snapshotAfter));
    }
  }

  /** Pays what is owed, unless somebody else is about to. */
  private void settle(Seat seat) {
    // Taken off first: what comes to be owed while the state is being fetched is owed still.
    Cause cause = owed.remove(seat);
    if (cause == null) {
      return;
    }
    boolean isShown = false;
    try {
      isShown = refresh(seat, cause);
    } finally {
      if (!isShown) {
        owed.putIfAbsent(seat, cause);
      }
    }
  }

  /** False if the participant is just being shown the room: perhaps as it was before. */
  private boolean refresh(Seat seat, Cause cause) {
    RoomFeed feed = feeds.get(seat.room());
    if (feed == null || !feed.isFollowedBy(seat.clientId())) {
      return true;
    }
    Optional<RoomFollower> follower = feed.prepareShowing(seat.clientId());
    if (follower.isEmpty()) {
      return feed.isAbsent(seat.clientId());
    }
    Optional<WorkspaceView> workspace = Optional.empty();
    try {
      workspace = workspaces.view(seat.room(), follower.get().form());
    } finally {
      workspace.ifPresentOrElse(
          now ->
              feed.showNow(
                  seat.clientId(),
                  follower.get(),
                  now,
                  new Occasion.Again(cause),
                  attendances.token(seat)),
          () -> feed.cancelShowing(seat.clientId(), follower.get()));
    }
    return true;
  }

  private void with(RoomId room, Consumer<RoomFeed> action) {
    RoomFeed feed = feeds.get(room);
    if (feed != null) {
      action.accept(feed);
    }
  }
}
