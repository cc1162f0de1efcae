package io.blockroom.application.fake;

import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.Seats;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One server's seats, locks and broadcast, kept in memory; servers made of one {@link Shared} see
 * the same rooms.
 *
 * <p>A change is told by the thread that made it, before its call returns, to one listener after
 * the other and with no lock held; unless {@link #holdBackChanges()} was called, or another thread
 * is just telling that server something: then that thread goes on with it.
 */
public final class InMemoryCoordination implements Seats, BlockLocks, RoomBroadcast {
  private static final Duration LEASE = Duration.ofSeconds(10);

  private final Shared shared;
  private final Queue<Runnable> untold = new ArrayDeque<>();
  private @Nullable Listener listener;
  private boolean telling;
  private boolean holdingBack;
  private boolean cutOff;
  private boolean dead;
  private boolean ending;
  private int changesToLose;

  /** The only server of its rooms. */
  public InMemoryCoordination() {
    this(new Shared());
  }

  private InMemoryCoordination(Shared shared) {
    this.shared = shared;
    shared.servers.add(this);
  }

  /** What servers have in common. */
  public static final class Shared {
    private final Map<RoomId, LiveRoom> rooms = new HashMap<>();
    private final Map<RoomId, Revision> emptyRooms = new HashMap<>();
    private final List<InMemoryCoordination> servers = new ArrayList<>();

    /** One more server. */
    public synchronized InMemoryCoordination server() {
      return new InMemoryCoordination(this);
    }

    private LiveRoom open(RoomId id) {
      return rooms.computeIfAbsent(id, unknown -> new LiveRoom(id, revisionWhenEmpty(id)));
    }

    /** A room that was empty goes on from a much higher revision. */
    private void giveUp(LiveRoom room, ClientId clientId) {
      room.giveUp(clientId);
      if (room.seats.isEmpty()) {
        rooms.remove(room.id);
        emptyRooms.put(room.id, new Revision(room.revision + 1_000_000));
      }
    }

    private Revision revisionWhenEmpty(RoomId id) {
      return emptyRooms.getOrDefault(id, new Revision(1_000_000));
    }

    private void tellAll() {
      List<InMemoryCoordination> all;
      synchronized (this) {
        all = List.copyOf(servers);
      }
      all.forEach(InMemoryCoordination::tell);
    }
  }

  /** From now on every call ends with {@link CoordinationUnavailable}. */
  public void cutOff() {
    synchronized (shared) {
      cutOff = true;
    }
  }

  /** From now on calls are answered again. */
  public void reconnect() {
    synchronized (shared) {
      cutOff = false;
    }
  }

  /** The listener will never be told the next so many changes. */
  public void loseChanges(int count) {
    synchronized (shared) {
      changesToLose = count;
    }
  }

  /** From now on the listener is told nothing until {@link #deliverChanges()}. */
  public void holdBackChanges() {
    synchronized (shared) {
      holdingBack = true;
    }
  }

  /** Tells what was held back, and from now on everything at once. */
  public void deliverChanges() {
    synchronized (shared) {
      holdingBack = false;
    }
    tell();
  }

  /** This server's seats in a room end without its doing; everybody is told. */
  public void endSeats(RoomId room) {
    synchronized (shared) {
      end(room);
    }
    shared.tellAll();
  }

  /** This server dies: the others are told that its seats ended, and it is answered no more. */
  public void crash() {
    synchronized (shared) {
      dead = true;
      cutOff = true;
      untold.clear();
      List.copyOf(shared.rooms.keySet()).forEach(this::end);
    }
    shared.tellAll();
  }

  @Override
  public void listen(Listener newListener) {
    synchronized (shared) {
      listener = newListener;
    }
  }

  @Override
  public SeatOutcome take(RoomId id, Participant participant, int capacity) {
    SeatOutcome outcome;
    synchronized (shared) {
      requireConnection();
      LiveRoom room = shared.open(id);
      if (room.seats.size() >= capacity) {
        return new SeatOutcome.Full();
      }
      room.seats.put(participant.clientId(), new TakenSeat(participant, this));
      room.happened(List.of(new RoomEvent.ParticipantJoined(participant)));
      outcome = new SeatOutcome.Taken(room.view());
    }
    shared.tellAll();
    return outcome;
  }

  @Override
  public void giveUp(RoomId id, ClientId clientId) {
    synchronized (shared) {
      requireConnection();
      roomOf(id, clientId).ifPresent(room -> shared.giveUp(room, clientId));
    }
    shared.tellAll();
  }

  @Override
  public RoomView look(RoomId id) {
    synchronized (shared) {
      requireConnection();
      LiveRoom room = shared.rooms.get(id);
      return room == null
          ? new RoomView(shared.revisionWhenEmpty(id), List.of(), Map.of())
          : room.view();
    }
  }

  @Override
  public int taken(RoomId id) {
    return look(id).participants().size();
  }

  @Override
  public void refresh(RoomId id, ClientId clientId) {
    synchronized (shared) {
      requireConnection();
    }
  }

  @Override
  public LockOutcome acquire(RoomId id, ClientId asker, LockRequest request) {
    LockOutcome outcome;
    synchronized (shared) {
      requireConnection();
      outcome =
          roomOf(id, asker)
              .<LockOutcome>map(room -> room.acquire(asker, request))
              .orElseGet(LockOutcome.SeatLost::new);
    }
    shared.tellAll();
    return outcome;
  }

  @Override
  public Inspection inspect(RoomId id, ClientId asker, Set<BlockId> blocks) {
    synchronized (shared) {
      requireConnection();
      return roomOf(id, asker)
          .<Inspection>map(room -> new Inspection.Locks(room.revision(), room.locksOn(blocks)))
          .orElseGet(Inspection.SeatLost::new);
    }
  }

  @Override
  public AnnounceOutcome announce(RoomId id, CommitApplied commit, Set<BlockId> releases) {
    AnnounceOutcome outcome;
    synchronized (shared) {
      requireConnection();
      outcome =
          roomOf(id, commit.by())
              .<AnnounceOutcome>map(
                  room -> new AnnounceOutcome.Announced(room.announce(commit, releases)))
              .orElseGet(AnnounceOutcome.SeatLost::new);
    }
    shared.tellAll();
    return outcome;
  }

  private void requireConnection() {
    if (cutOff) {
      throw new CoordinationUnavailable(new IllegalStateException("cut off by the test"));
    }
  }

  private Optional<LiveRoom> roomOf(RoomId id, ClientId clientId) {
    LiveRoom room = shared.rooms.get(id);
    if (room == null) {
      return Optional.empty();
    }
    TakenSeat seat = room.seats.get(clientId);
    return seat == null || seat.server() != this ? Optional.empty() : Optional.of(room);
  }

  private void end(RoomId id) {
    LiveRoom room = shared.rooms.get(id);
    if (room == null || !room.has(this)) {
      return;
    }
    untold.add(() -> requireListener().seatsLost(id));
    ending = true;
    for (Map.Entry<ClientId, TakenSeat> seat : List.copyOf(room.seats.entrySet())) {
      if (seat.getValue().server() == this) {
        shared.giveUp(room, seat.getKey());
      }
    }
    ending = false;
  }

  private void changed(RoomChange change) {
    if (ending || dead) {
      return;
    }
    if (changesToLose > 0) {
      changesToLose--;
      return;
    }
    untold.add(() -> requireListener().changed(change));
  }

  private Listener requireListener() {
    Listener current;
    synchronized (shared) {
      current = listener;
    }
    if (current == null) {
      throw new IllegalStateException("nobody listens");
    }
    return current;
  }

  private void tell() {
    while (true) {
      Runnable next;
      synchronized (shared) {
        if (telling || holdingBack || listener == null || dead || untold.isEmpty()) {
          return;
        }
        next = untold.remove();
        telling = true;
      }
      try {
        next.run();
      } finally {
        synchronized (shared) {
          telling = false;
        }
      }
    }
  }

  private record TakenSeat(Participant participant, InMemoryCoordination server) {}

  /** A room in which there is somebody. Guarded by what all servers share. */
  private static final class LiveRoom {
    private final RoomId id;
    private final Map<ClientId, TakenSeat> seats = new LinkedHashMap<>();
    private final Map<BlockId, ClientId> owners = new LinkedHashMap<>();
    private long revision;

    private LiveRoom(RoomId id, Revision last) {
      this.id = id;
      this.revision = last.value();
    }

    private Revision revision() {
      return new Revision(revision);
    }

    private RoomView view() {
      return new RoomView(
          revision(), seats.values().stream().map(TakenSeat::participant).toList(), owners);
    }

    private boolean has(InMemoryCoordination server) {
      return seats.values().stream().anyMatch(seat -> seat.server() == server);
    }

    private LockOutcome acquire(ClientId asker, LockRequest request) {
      List<BlockLock> conflicts =
          locksOn(request.blocks()).stream().filter(lock -> !lock.isHeldBy(asker)).toList();
      if (!conflicts.isEmpty()) {
        return new LockOutcome.Denied(revision(), conflicts);
      }
      Set<BlockId> heldBefore = new LinkedHashSet<>(request.blocks());
      heldBefore.retainAll(owners.keySet());
      List<RoomEvent> events = new ArrayList<>();
      for (BlockId block : request.blocks()) {
        if (owners.putIfAbsent(block, asker) == null) {
          events.add(new RoomEvent.BlockLocked(block, asker));
        }
      }
      happened(events);
      return new LockOutcome.Granted(revision(), heldBefore);
    }

    private List<BlockLock> locksOn(Set<BlockId> blocks) {
      List<BlockLock> locks = new ArrayList<>();
      for (BlockId block : blocks) {
        ClientId owner = owners.get(block);
        if (owner != null) {
          locks.add(new BlockLock(block, owner, LEASE));
        }
      }
      return locks;
    }

    private Revision announce(CommitApplied commit, Set<BlockId> releases) {
      List<RoomEvent> events = new ArrayList<>();
      events.add(commit);
      for (BlockId block : releases) {
        ClientId owner = owners.get(block);
        if (owner == null || owner.equals(commit.by())) {
          owners.remove(block);
          events.add(new RoomEvent.BlockReleased(block));
        }
      }
      happened(events);
      return revision();
    }

    private void giveUp(ClientId clientId) {
      List<RoomEvent> events = new ArrayList<>();
      for (Map.Entry<BlockId, ClientId> held : List.copyOf(owners.entrySet())) {
        if (held.getValue().equals(clientId)) {
          owners.remove(held.getKey());
          events.add(new RoomEvent.BlockReleased(held.getKey()));
        }
      }
      seats.remove(clientId);
      events.add(new RoomEvent.ParticipantLeft(clientId));
      happened(events);
    }

    private void happened(List<RoomEvent> events) {
      if (events.isEmpty()) {
        return;
      }
      revision++;
      RoomChange change = new RoomChange(id, revision(), events);
      Set<InMemoryCoordination> told = new LinkedHashSet<>();
      seats.values().forEach(seat -> told.add(seat.server()));
      told.forEach(server -> server.changed(change));
    }
  }
}
