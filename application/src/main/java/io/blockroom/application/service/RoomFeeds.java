package io.blockroom.application.service;

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
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
      int snapshotAfter) {
    this(seats, log, workspaces, attendances, snapshotAfter, CommitLane::new);
  }

  RoomFeeds(
      Seats seats,
      CommitLog log,
      Workspaces workspaces,
      Attendances attendances,
      int snapshotAfter,
      Supplier<CommitLane> lanes) {
    this.lanes = lanes;
    this.seats = seats;
    this.log = log;
    this.workspaces = workspaces;
    this.attendances = attendances;
    this.snapshotAfter = snapshotAfter;
  }

  @Override
  public void changed(RoomChange change) {
    with(change.room(), feed -> feed.changed(change));
  }

  @Override
  public void seatsLost(RoomId room) {
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
      }
      feed.takeOwed().forEach((clientId, cause) -> showLater(new Seat(room, clientId), cause));
    });
    if (calls % CALLS_BETWEEN_LOG_LOOKS == 0) {
      attempt(this::compareWithLogs, () -> {});
    }
    if (calls % CALLS_BETWEEN_ROOM_LOOKS == 0) {
      attempt(
          () -> feeds.forEach((room, feed) -> feed.expect(seats.look(room).revision())), () -> {});
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

  void enter(RoomId room, Participant newcomer, RoomFollower follower) {
    feeds.compute(
        room,
        (id, feed) -> {
          RoomFeed entered = feed == null ? new RoomFeed(lanes.get()) : feed;
          entered.enter(newcomer, follower);
          return entered;
        });
  }

  void leave(Seat seat) {
    owed.remove(seat);
    feeds.computeIfPresent(seat.room(), (id, feed) -> feed.leave(seat.clientId()) ? null : feed);
  }

  /** Tells nobody in the participant's place, until it is left or taken over. */
  void detach(Seat seat, RoomFollower follower) {
    with(seat.room(), feed -> feed.detach(seat.clientId(), follower));
  }

  /** Gives the participant's place to another follower; false if there is none. */
  boolean replace(Seat seat, RoomFollower follower) {
    RoomFeed feed = feeds.get(seat.room());
    return feed != null && feed.replace(seat.clientId(), follower);
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
