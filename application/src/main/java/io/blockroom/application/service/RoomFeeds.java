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
  private final Seats seats;
  private final Workspaces workspaces;

  /** Feeds exist while they have followers; entering and leaving happen inside {@code compute}. */
  private final Map<RoomId, RoomFeed> feeds = new ConcurrentHashMap<>();

  /** Whom the truth is owed until storage and coordination are back. */
  private final Set<Seat> owed = ConcurrentHashMap.newKeySet();

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
    try {
      refresh(seat);
    } catch (StorageUnavailable | CoordinationUnavailable away) {
      showLater(seat);
    }
  }

  /** Makes {@link #tend()} show the room to the participant. */
  void showLater(Seat seat) {
    owed.add(seat);
  }

  /**
   * Looks after what cannot be done at once: shows the truth to those it is owed, and to everybody
   * in a room in which a broadcast was lost. To be called about every second, by one thread.
   */
  public void tend() {
    feeds.forEach((room, feed) -> {
      feed.expedite();
      feed.misled().forEach(clientId -> showLater(new Seat(room, clientId)));
    });
    try {
      for (Seat seat : Set.copyOf(owed)) {
        settle(seat);
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

  /** Runs the action in the room's order; at once if nobody follows the room any more. */
  void after(RoomId room, Revision revision, Runnable action) {
    RoomFeed feed = feeds.get(room);
    if (feed == null) {
      action.run();
    } else {
      feed.after(revision, action);
    }
  }

  @Nullable RoomFeed of(RoomId room) {
    return feeds.get(room);
  }

  private void settle(Seat seat) {
    Optional<WorkspaceSnapshot> snapshot = workspaces.newest(seat.room());
    Set<ClientId> unaware =
        snapshot
            .flatMap(newest ->
                Optional.ofNullable(feeds.get(seat.room())).map(feed -> feed.unawareOf(newest)))
            .orElse(Set.of());
    refresh(seat);
    owed.remove(seat);
    for (ClientId clientId : unaware) {
      refresh(new Seat(seat.room(), clientId));
    }
  }

  private void refresh(Seat seat) {
    RoomFeed feed = feeds.get(seat.room());
    if (feed == null || !feed.hold(seat.clientId())) {
      return;
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
  }

  private void with(RoomId room, Consumer<RoomFeed> action) {
    RoomFeed feed = feeds.get(room);
    if (feed != null) {
      action.accept(feed);
    }
  }
}
