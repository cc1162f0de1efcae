package io.blockroom.application.service;

import io.blockroom.application.fake.InMemoryCoordination;
import io.blockroom.application.fake.InMemoryRooms;
import io.blockroom.application.fake.InMemoryWorkspaces;
import io.blockroom.application.port.out.Seats;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.port.out.Workspaces;
import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Where the stories happen: storage and coordination in memory, and servers that share them. */
final class School {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

  final InMemoryRooms rooms = new InMemoryRooms();
  final InMemoryWorkspaces workspaces = new InMemoryWorkspaces(rooms);
  private final InMemoryCoordination.Shared shared = new InMemoryCoordination.Shared();
  private final RoomDefaults defaults;
  private int people;

  /** What happens right after the next commit is stored; then nothing more. */
  private Runnable afterStoring = () -> {};

  School() {
    this(new RoomDefaults(true, 10));
  }

  School(RoomDefaults defaults) {
    this.defaults = defaults;
  }

  /** One more server, that is told of all rooms in which it has seats. */
  Server server() {
    return server(seats -> seats);
  }

  /** One more server, whose way to the seats is not straight. */
  Server server(UnaryOperator<Seats> way) {
    InMemoryCoordination coordination = shared.server();
    return new Server(coordination, way.apply(coordination));
  }

  /** The storage does not answer from now on. */
  void loseStorage() {
    rooms.loseStorage();
    workspaces.loseStorage();
  }

  /** The storage answers again; it has kept everything. */
  void restoreStorage() {
    rooms.restoreStorage();
    workspaces.restoreStorage();
  }

  /** The next commit is stored, but its server is not told so. */
  void loseNextStorageAnswer() {
    afterNextStoring(() -> {
      throw new StorageUnavailable(new IllegalStateException("answer lost by the test"));
    });
  }

  /** Something happens right after the next commit is stored, before it is announced. */
  void afterNextStoring(Runnable event) {
    afterStoring =
        () -> {
          afterStoring = () -> {};
          event.run();
        };
  }

  private final class ObservedWorkspaces implements Workspaces {
    @Override
    public Optional<WorkspaceSnapshot> newest(RoomId room) {
      return workspaces.newest(room);
    }

    @Override
    public SequenceNumber store(RoomId room, Commit commit) {
      SequenceNumber seq = workspaces.store(room, commit);
      afterStoring.run();
      return seq;
    }
  }

  /** Seats that are taken, and then something happens before the taker hears of it. */
  record SeatsAtAPrice(Seats seats, Runnable price) implements Seats {
    @Override
    public SeatOutcome take(RoomId room, Participant participant, int capacity) {
      SeatOutcome outcome = seats.take(room, participant, capacity);
      price.run();
      return outcome;
    }

    @Override
    public void giveUp(RoomId room, ClientId clientId) {
      seats.giveUp(room, clientId);
    }

    @Override
    public RoomView look(RoomId room) {
      return seats.look(room);
    }

    @Override
    public int taken(RoomId room) {
      return seats.taken(room);
    }

    @Override
    public void refresh(RoomId room, ClientId clientId) {
      seats.refresh(room, clientId);
    }
  }

  /** Ids and colours in the order of asking. */
  private final class Register implements Identities {
    @Override
    public ClientId newClientId() {
      return new ClientId("pupil-" + ++people);
    }

    @Override
    public int draw() {
      return people;
    }
  }

  /** The services of one server. */
  final class Server {
    final InMemoryCoordination coordination;
    final RoomFeeds feeds;
    final RoomDirectory directory;
    final PresenceService presence;
    final LockService locks;
    final CommitService commits;

    private Server(InMemoryCoordination coordination, Seats seats) {
      Workspaces observed = new ObservedWorkspaces();
      this.coordination = coordination;
      feeds = new RoomFeeds(seats, observed);
      directory = new RoomDirectory(rooms, seats, defaults, () -> NOW);
      presence = new PresenceService(directory, seats, feeds, new Register());
      locks = new LockService(coordination, feeds);
      commits = new CommitService(coordination, observed, coordination, feeds);
      coordination.listen(feeds);
    }

    /** Somebody who is in the room now. */
    Pupil seat(String room, String nickname) {
      Pupil pupil = new Pupil(this);
      pupil.enters(room, nickname);
      return pupil;
    }

    /** Time passes: what could not be done at once has been done, if it can be. */
    void tend() {
      for (int i = 0; i < 12; i++) {
        feeds.tend();
        presence.tend();
      }
    }
  }
}
