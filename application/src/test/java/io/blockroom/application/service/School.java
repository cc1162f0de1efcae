package io.blockroom.application.service;

import io.blockroom.application.fake.InMemoryChores;
import io.blockroom.application.fake.InMemoryCoordination;
import io.blockroom.application.fake.InMemoryResumeTokens;
import io.blockroom.application.fake.InMemoryStorage;
import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.CommitLog;
import io.blockroom.application.port.out.Fences;
import io.blockroom.application.port.out.RoomArchive;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.Rooms;
import io.blockroom.application.port.out.Seats;
import io.blockroom.application.port.out.Workspaces;
import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.Proposal;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Where the stories happen: storage and coordination in memory, and servers that share them. */
final class School {
  /** How long the seat of a broken connection is kept. */
  static final Duration IDLE_TIMEOUT = Duration.ofMinutes(2);

  static final Duration IDLE_AFTER = Duration.ofMinutes(1);

  static final Duration GRACE = Duration.ofSeconds(8);

  /** How many may wait for one block. */
  static final int MOST_WAITING = 3;

  /** How long anybody may wait for a block. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /** How long old history is kept. */
  static final Duration KEEP = Duration.ofDays(30);

  final HandMovedClock clock = new HandMovedClock();
  final InMemoryStorage storage = new InMemoryStorage(clock, this::newEpoch);
  final InMemoryCoordination.Shared shared = new InMemoryCoordination.Shared();
  private final InMemoryResumeTokens tokens = new InMemoryResumeTokens();
  private final InMemoryChores.Shared chores = new InMemoryChores.Shared();
  private final RoomDefaults defaults;

  /** How many commits may follow a snapshot before somebody is asked for a new one. */
  private final int snapshotAfter;

  /** How long a commit waits for its turn. */
  private Duration longestTurn = Duration.ofSeconds(1);

  private final AtomicInteger people = new AtomicInteger();
  private int epochs;

  /** What happens right before the next commits are stored; then nothing more. */
  private Runnable beforeStoring = () -> {};

  School() {
    this(new RoomDefaults(true, 10));
  }

  School(RoomDefaults defaults) {
    this(defaults, 20);
  }

  School(RoomDefaults defaults, int snapshotAfter) {
    this.defaults = defaults;
    this.snapshotAfter = snapshotAfter;
  }

  /** One more server, that is told of all rooms in which it has seats. */
  Server server() {
    return server(ports -> ports);
  }

  /** One more server, whose way to the outside is not straight. */
  Server server(UnaryOperator<Ports> way) {
    InMemoryCoordination coordination = shared.server();
    return new Server(
        coordination,
        way.apply(
            new Ports(
                storage,
                storage,
                storage,
                storage,
                new ObservedLog(),
                coordination,
                coordination,
                coordination)));
  }

  /** What a server needs of the outside. */
  record Ports(
      Rooms rooms,
      Workspaces workspaces,
      Fences fences,
      RoomArchive archive,
      CommitLog log,
      Seats seats,
      BlockLocks locks,
      RoomBroadcast broadcast) {
    Ports withLocks(BlockLocks others) {
      return new Ports(rooms, workspaces, fences, archive, log, seats, others, broadcast);
    }

    Ports withBroadcast(RoomBroadcast other) {
      return new Ports(rooms, workspaces, fences, archive, log, seats, locks, other);
    }

    Ports withSeats(Seats others) {
      return new Ports(rooms, workspaces, fences, archive, log, others, locks, broadcast);
    }
  }

  /** A school in which commits wait for their turn as long as it takes. */
  static School ofThePatient() {
    School school = new School();
    school.longestTurn = Duration.ofMinutes(1);
    return school;
  }

  Epoch newEpoch() {
    return new Epoch("epoch-" + ++epochs);
  }

  /** Something happens when the next commit has its blocks, before it is stored. */
  void beforeNextStoring(Runnable event) {
    beforeStoring =
        () -> {
          beforeStoring = () -> {};
          event.run();
        };
  }

  /** The commits of a room, as they are stored. */
  List<LoggedCommit> log(RoomId room) {
    return storage.read(room, SequenceNumber.NONE, Integer.MAX_VALUE).commits();
  }

  private final class ObservedLog implements CommitLog {
    @Override
    public List<AppendOutcome> append(RoomId room, List<Proposal> proposals) {
      beforeStoring.run();
      return storage.append(room, proposals);
    }

    @Override
    public Excerpt read(RoomId room, SequenceNumber after, int limit) {
      return storage.read(room, after, limit);
    }

    @Override
    public Map<CommitId, LoggedCommit> find(RoomId room, Set<CommitId> ids) {
      return storage.find(room, ids);
    }

    @Override
    public Map<RoomId, SequenceNumber> last(Set<RoomId> rooms) {
      return storage.last(rooms);
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
    public void giveUp(RoomId room, ClientId clientId, LeaveReason reason) {
      seats.giveUp(room, clientId, reason);
    }

    @Override
    public RoomView look(RoomId room) {
      return seats.look(room);
    }

    @Override
    public Map<RoomId, Revision> revisions(Set<RoomId> rooms) {
      return seats.revisions(rooms);
    }

    @Override
    public int taken(RoomId room) {
      return seats.taken(room);
    }

    @Override
    public TakeOverOutcome takeOver(RoomId room, ClientId clientId, long serial) {
      return seats.takeOver(room, clientId, serial);
    }

    @Override
    public void confirm(RoomId room, ClientId clientId, long serial) {
      seats.confirm(room, clientId, serial);
    }

    @Override
    public void leaveBehind(Duration grace) {
      seats.leaveBehind(grace);
    }
  }

  /** Ids and colours in the order of asking. */
  private final class Register implements Identities {
    @Override
    public ClientId newClientId() {
      return new ClientId("pupil-" + people.incrementAndGet());
    }

    @Override
    public Ticket newTicket() {
      return new Ticket(UUID.randomUUID().toString());
    }

    @Override
    public Epoch newEpoch() {
      return School.this.newEpoch();
    }

    @Override
    public int draw() {
      return people.get();
    }
  }

  /** The services of one server. */
  final class Server {
    final InMemoryCoordination coordination;
    final RoomFeeds feeds;
    final RoomDirectory directory;
    final Attendances attendances;
    final PresenceService presence;
    final WhereaboutsService whereabouts;
    final IdleLocks idleLocks;
    final LockService locks;
    final CommitService commits;
    final SnapshotService snapshots;
    final RoomHistory history;
    final CompactionService compaction;

    private Server(InMemoryCoordination coordination, Ports ports) {
      this.coordination = coordination;
      Register register = new Register();
      attendances = new Attendances(tokens, clock, clock, GRACE);
      Fencing fencing = new Fencing(ports.locks(), ports.fences());
      Turns turns = new Turns(ports.locks(), fencing, coordination.ttl(), Runnable::run);
      feeds =
          new RoomFeeds(
              ports.seats(),
              ports.log(),
              ports.workspaces(),
              attendances,
              turns,
              snapshotAfter,
              () -> new CommitLane(longestTurn, Duration.ZERO));
      directory =
          new RoomDirectory(ports.rooms(), ports.seats(), ports.broadcast(), defaults, clock);
      presence =
          new PresenceService(
              directory,
              ports.seats(),
              fencing,
              ports.log(),
              ports.workspaces(),
              feeds,
              attendances,
              register);
      whereabouts = new WhereaboutsService(attendances, ports.broadcast(), IDLE_AFTER);
      idleLocks = new IdleLocks(attendances, feeds, ports.locks(), IDLE_TIMEOUT);
      locks =
          new LockService(
              ports.locks(),
              fencing,
              feeds,
              turns,
              directory,
              register,
              clock,
              MOST_WAITING,
              LONGEST_WAIT);
      commits =
          new CommitService(ports.locks(), fencing, ports.log(), ports.broadcast(), feeds, clock);
      snapshots = new SnapshotService(ports.workspaces());
      history =
          new RoomHistory(directory, ports.log(), ports.workspaces(), ports.archive(), register);
      compaction = new CompactionService(ports.archive(), chores.server(), KEEP, clock);
      coordination.listen(feeds);
    }

    /** Somebody who is in the room now and speaks the seed protocol. */
    Pupil seat(String room, String nickname) {
      Pupil pupil = Pupil.ofSeed(this);
      pupil.enters(room, nickname);
      return pupil;
    }

    /** Somebody who is in the room now and speaks the first version of our own protocol. */
    Pupil seatOfV1(String room, String nickname) {
      Pupil pupil = Pupil.ofV1(this);
      pupil.enters(room, nickname);
      return pupil;
    }

    /** Half a second passes. */
    void tendOnce() {
      feeds.tend();
      presence.tend();
      commits.tend();
      locks.tend();
      whereabouts.tend();
      whereabouts.tell();
      idleLocks.tend();
    }

    /** Time passes: what could not be done at once has been done, if it can be. */
    void tend() {
      for (int i = 0; i < 12; i++) {
        tendOnce();
      }
    }
  }
}
