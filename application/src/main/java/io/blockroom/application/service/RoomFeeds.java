package io.blockroom.application.service;

import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.in.ShowRoom;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.Seats;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.port.out.Workspaces;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The feeds of all rooms that somebody on this server follows. */
public final class RoomFeeds implements RoomBroadcast.Listener, ShowRoom {
  /**
   * How often the revision of a room is compared with what was heard. A lost change is noticed by
   * the next one, but in a quiet room there may be none.
   */
  private static final int CALLS_BETWEEN_LOOKS = 4;

  private final Seats seats;
  private final Workspaces workspaces;

  /** Feeds exist while they have followers; entering and leaving happen inside {@code compute}. */
  private final Map<RoomId, RoomFeed> feeds = new ConcurrentHashMap<>();

  /** Whom the truth is owed until storage and coordination are back. */
  private final Set<Seat> owed = ConcurrentHashMap.newKeySet();

  /** Of {@link #tend()}; confined to its thread. */
  private int calls;

  public RoomFeeds(Seats seats, Workspaces workspaces) {
    this.seats = seats;
    this.workspaces = workspaces;
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
  public void show(Seat seat) {
    showLater(seat);
    try {
      settle(seat);
    } catch (StorageUnavailable | CoordinationUnavailable away) {
      return; // it stays owed
    }
  }

  /** Makes {@link #tend()} show the room to the participant. */
  void showLater(Seat seat) {
    owed.add(seat);
  }

  /**
   * Looks after what cannot be done at once: shows the truth to those it is owed, to those who
   * missed a broadcast and to those who were not told of a stored commit. To be called about twice
   * a second, by one thread.
   */
  public void tend() {
    feeds.forEach((room, feed) -> {
      feed.expedite();
      owe(room, feed.misled());
    });
    try {
      feeds.forEach(this::resolveDoubt);
      for (Seat seat : Set.copyOf(owed)) {
        // Asked before anything is held back: nobody's events wait for a storage that is away.
        workspaces.newest(seat.room());
        settle(seat);
      }
      if (++calls % CALLS_BETWEEN_LOOKS == 0) {
        feeds.forEach((room, feed) -> feed.expect(seats.look(room).revision()));
      }
    } catch (StorageUnavailable | CoordinationUnavailable away) {
      return; // they stay owed
    }
  }

  void enter(RoomId room, ClientId clientId, RoomFollower follower) {
    feeds.compute(
        room,
        (id, feed) -> {
          RoomFeed entered = feed == null ? new RoomFeed() : feed;
          entered.enter(clientId, follower);
          return entered;
        });
  }

  void leave(Seat seat) {
    owed.remove(seat);
    feeds.computeIfPresent(seat.room(), (id, feed) -> feed.leave(seat.clientId()) ? null : feed);
  }

  void welcomeNewcomer(Seat seat, RoomView view) {
    Optional<WorkspaceSnapshot> snapshot = workspaces.newest(seat.room());
    with(seat.room(), feed -> feed.welcome(seat.clientId(), view, snapshot, true));
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

  private void owe(RoomId room, Set<ClientId> clientIds) {
    clientIds.forEach(clientId -> showLater(new Seat(room, clientId)));
  }

  private void resolveDoubt(RoomId room, RoomFeed feed) {
    if (!feed.takeDoubt()) {
      return;
    }
    boolean isResolved = false;
    try {
      workspaces.newest(room).ifPresent(newest -> owe(room, feed.unawareOf(newest)));
      isResolved = true;
    } finally {
      if (!isResolved) {
        feed.doubt();
      }
    }
  }

  /** Pays what is owed, unless somebody else is about to. */
  private void settle(Seat seat) {
    // Taken off first: what comes to be owed while the state is being fetched is owed still.
    if (!owed.remove(seat)) {
      return;
    }
    boolean isShown = false;
    try {
      isShown = refresh(seat);
    } finally {
      if (!isShown) {
        owed.add(seat);
      }
    }
  }

  /** False if the participant is just being shown the room: perhaps as it was before. */
  private boolean refresh(Seat seat) {
    RoomFeed feed = feeds.get(seat.room());
    if (feed == null || !feed.isFollowedBy(seat.clientId())) {
      return true;
    }
    if (!feed.hold(seat.clientId())) {
      return false;
    }
    boolean isShown = false;
    try {
      RoomView view = seats.look(seat.room());
      feed.welcome(seat.clientId(), view, workspaces.newest(seat.room()), false);
      isShown = true;
    } finally {
      if (!isShown) {
        feed.resume(seat.clientId());
      }
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
