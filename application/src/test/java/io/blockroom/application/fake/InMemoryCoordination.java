package io.blockroom.application.fake;

import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.Seats;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
  private final Shared shared;
  private final Queue<Runnable> untold = new ArrayDeque<>();
  private @Nullable Listener listener;
  private boolean telling;
  private boolean holdingBack;
  private boolean cutOff;
  private boolean dead;
  private boolean ending;
  private int changesToLose;
  private int changesToDuplicate;
  private int changesToReorder;
  private @Nullable RoomChange overtaken;

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
    private final Map<RoomId, InMemoryLiveRoom> rooms = new HashMap<>();
    private final Map<RoomId, Revision> emptyRooms = new HashMap<>();
    private final List<InMemoryCoordination> servers = new ArrayList<>();
    private Consumer<RoomChange> witness = change -> {};

    /** One more server. */
    public synchronized InMemoryCoordination server() {
      return new InMemoryCoordination(this);
    }

    /** Somebody who sees every change of rooms that are opened from now on, whatever gets lost. */
    public synchronized void witness(Consumer<RoomChange> newWitness) {
      witness = newWitness;
    }

    /** The room has no tokens until it is stocked, as if the coordination had been restarted. */
    public synchronized void forgetTokens(RoomId id) {
      find(id).ifPresent(InMemoryLiveRoom::forgetTokens);
    }

    /** The grace of all seats that were left behind is over. */
    public void endSeatsLeftBehind() {
      synchronized (this) {
        List.copyOf(rooms.values())
            .forEach(room -> {
              room.endSeatsLeftBehind();
              closeIfEmpty(room);
            });
      }
      tellAll();
    }

    private Optional<InMemoryLiveRoom> find(RoomId id) {
      return Optional.ofNullable(rooms.get(id));
    }

    private InMemoryLiveRoom open(RoomId id) {
      return rooms.computeIfAbsent(
          id, unknown -> new InMemoryLiveRoom(id, revisionWhenEmpty(id), witness));
    }

    /** A room that was empty goes on from a much higher revision. */
    private void closeIfEmpty(InMemoryLiveRoom room) {
      if (room.isEmpty()) {
        rooms.remove(room.id());
        emptyRooms.put(room.id(), new Revision(room.revision().value() + 1_000_000));
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

  /** The listener will be told each of the next so many changes twice. */
  public void duplicateChanges(int count) {
    synchronized (shared) {
      changesToDuplicate = count;
    }
  }

  /**
   * So many times the listener will be told the next change after the one that follows it; or on
   * {@link #deliverChanges()}, if none follows.
   */
  public void reorderChanges(int count) {
    synchronized (shared) {
      changesToReorder = count;
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
      changesToReorder = 0;
      hearOvertaken();
    }
    tell();
  }

  /** This server's seats in a room end without its doing; everybody is told. */
  public void endSeats(RoomId room) {
    synchronized (shared) {
      shared.find(room).ifPresent(found -> end(found, ReleaseReason.EXPIRED));
    }
    shared.tellAll();
  }

  /** This server dies: the others are told that its seats ended, and it is answered no more. */
  public void crash() {
    synchronized (shared) {
      dead = true;
      cutOff = true;
      untold.clear();
      List.copyOf(shared.rooms.values()).forEach(room -> end(room, ReleaseReason.NODE_DOWN));
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
    return changing(() -> {
      InMemoryLiveRoom room = shared.open(id);
      if (room.taken() >= capacity) {
        shared.closeIfEmpty(room);
        return new SeatOutcome.Full();
      }
      room.take(participant, this);
      return new SeatOutcome.Taken(room.view(), room.hasTokens());
    });
  }

  @Override
  public void giveUp(RoomId id, ClientId clientId, LeaveReason reason) {
    change(() ->
        seated(id, clientId)
            .ifPresent(room -> {
              room.end(List.of(clientId), ReleaseReason.DISCONNECTED, reason, true);
              shared.closeIfEmpty(room);
            }));
  }

  @Override
  public RoomView look(RoomId id) {
    return changing(() ->
        shared
            .find(id)
            .map(InMemoryLiveRoom::view)
            .orElseGet(() -> new RoomView(shared.revisionWhenEmpty(id), List.of(), Map.of())));
  }

  @Override
  public Map<RoomId, Revision> revisions(Set<RoomId> ids) {
    return changing(() ->
        ids.stream()
            .flatMap(id -> shared.find(id).stream())
            .collect(Collectors.toMap(InMemoryLiveRoom::id, InMemoryLiveRoom::revision)));
  }

  @Override
  public int taken(RoomId id) {
    return look(id).participants().size();
  }

  @Override
  public TakeOverOutcome takeOver(RoomId id, ClientId clientId, long serial) {
    return changing(() ->
        shared
            .find(id)
            .map(room -> room.takeOver(clientId, serial, this))
            .orElseGet(TakeOverOutcome.NotTaken::new));
  }

  @Override
  public void confirm(RoomId id, ClientId clientId, long serial) {
    change(() -> seated(id, clientId).ifPresent(room -> room.confirm(clientId, serial)));
  }

  @Override
  public void leaveBehind(Duration grace) {
    change(() -> shared.rooms.values().forEach(room -> room.leaveBehind(this)));
  }

  @Override
  public LineOutcome queue(RoomId id, Waiter waiter, int mostPerBlock) {
    return changing(() ->
        seated(id, waiter.client())
            .map(room -> room.queue(waiter, mostPerBlock))
            .orElseGet(LockOutcome.SeatLost::new));
  }

  @Override
  public Revision leaveLine(RoomId id, Set<Ticket> tickets) {
    return changing(() ->
        shared
            .find(id)
            .map(room -> room.leaveLine(tickets))
            .orElseGet(() -> shared.revisionWhenEmpty(id)));
  }

  @Override
  public AdvanceOutcome advance(RoomId id) {
    return changing(() ->
        shared
            .find(id)
            .map(InMemoryLiveRoom::advance)
            .orElseGet(() -> new AdvanceOutcome.Advanced(shared.revisionWhenEmpty(id))));
  }

  @Override
  public HandOverOutcome handOver(RoomId id, ClientId owner, BlockId block, ClientId to) {
    return changing(() ->
        seated(id, owner)
            .map(room -> room.handOver(owner, block, to))
            .orElseGet(HandOverOutcome.SeatLost::new));
  }

  @Override
  public void endIdle(RoomId id, ClientId owner) {
    change(() -> seated(id, owner).ifPresent(room -> room.endIdle(owner)));
  }

  @Override
  public boolean force(RoomId id, BlockId block) {
    return changing(() -> shared.find(id).map(room -> room.force(block)).orElse(false));
  }

  @Override
  public void showPresence(Map<RoomId, Map<ClientId, Presence>> news) {
    change(
        () -> news.forEach((id, inRoom) -> shared.find(id).ifPresent(room -> show(room, inRoom))));
  }

  @Override
  public LockOutcome acquire(RoomId id, ClientId asker, LockRequest request) {
    return changing(() ->
        seated(id, asker)
            .map(room -> room.acquire(asker, request))
            .orElseGet(LockOutcome.SeatLost::new));
  }

  @Override
  public ReleaseOutcome release(RoomId id, ClientId owner, Set<BlockId> blocks) {
    return changing(() ->
        seated(id, owner)
            .map(room -> room.release(owner, blocks))
            .orElseGet(ReleaseOutcome.SeatLost::new));
  }

  @Override
  public List<ReserveOutcome> reserve(RoomId id, List<Claim> claims) {
    return claims.stream().map(claim -> reserve(id, claim)).toList();
  }

  private ReserveOutcome reserve(RoomId id, Claim claim) {
    return changing(() ->
        seated(id, claim.author())
            .map(room -> room.reserve(claim))
            .orElseGet(ReserveOutcome.SeatLost::new));
  }

  @Override
  public void endReservation(
      RoomId id,
      ClientId author,
      Map<BlockId, FencingToken> grants,
      Set<BlockId> reserved,
      boolean isUnknown) {
    change(() ->
        shared
            .find(id)
            .ifPresent(room -> room.endReservation(author, grants, reserved, isUnknown)));
  }

  @Override
  public void stock(RoomId id, TokenRange range) {
    change(() -> shared.find(id).ifPresent(room -> room.stock(range)));
  }

  @Override
  public void barred(RoomId id, Map<BlockId, FencingToken> former) {
    change(() -> shared.find(id).ifPresent(room -> room.barred(former)));
  }

  @Override
  public Duration ttl() {
    return InMemoryLiveRoom.LEASE;
  }

  @Override
  public Revision announce(RoomId id, List<Announcement> announcements) {
    return changing(() ->
        shared
            .find(id)
            .map(room -> room.announce(announcements))
            .orElseGet(() -> shared.revisionWhenEmpty(id)));
  }

  @Override
  public void tell(RoomId id, RoomEvent event) {
    change(() -> shared.find(id).ifPresent(room -> room.happened(event)));
  }

  private void show(InMemoryLiveRoom room, Map<ClientId, Presence> news) {
    Map<ClientId, Presence> noted = room.show(news, this);
    if (!noted.isEmpty()) {
      room.servers()
          .forEach(server ->
              server.untold.add(() -> server.requireListener().presenceChanged(room.id(), noted)));
    }
  }

  private void change(Runnable step) {
    var _ =
        changing(() -> {
          step.run();
          return true;
        });
  }

  /** Does something to a room in one step, then tells what came of it. */
  private <T> T changing(Supplier<T> step) {
    T outcome;
    synchronized (shared) {
      requireConnection();
      outcome = step.get();
    }
    shared.tellAll();
    return outcome;
  }

  private void requireConnection() {
    if (cutOff) {
      throw new CoordinationUnavailable(new IllegalStateException("cut off by the test"));
    }
  }

  private Optional<InMemoryLiveRoom> seated(RoomId id, ClientId clientId) {
    return shared.find(id).filter(room -> room.isSeatedBy(this, clientId));
  }

  private void end(InMemoryLiveRoom room, ReleaseReason why) {
    List<ClientId> seated = room.seatedBy(this);
    if (seated.isEmpty()) {
      return;
    }
    untold.add(() -> requireListener().seatsLost(room.id()));
    ending = true;
    room.end(seated, why, LeaveReason.NODE_DOWN, false);
    shared.closeIfEmpty(room);
    ending = false;
  }

  void changed(RoomChange change) {
    if (ending || dead) {
      return;
    }
    if (changesToLose > 0) {
      changesToLose--;
      return;
    }
    if (changesToReorder > 0 && overtaken == null) {
      overtaken = change;
      return;
    }
    hear(change);
    if (overtaken != null) {
      changesToReorder--;
      hearOvertaken();
    }
  }

  private void hearOvertaken() {
    if (overtaken != null) {
      RoomChange late = overtaken;
      overtaken = null;
      hear(late);
    }
  }

  private void hear(RoomChange change) {
    untold.add(() -> requireListener().changed(change));
    if (changesToDuplicate > 0) {
      changesToDuplicate--;
      untold.add(() -> requireListener().changed(change));
    }
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
}
