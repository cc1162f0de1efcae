package io.blockroom.application.fake;

import io.blockroom.application.port.out.BlockLocks.Claim;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.ReleaseOutcome;
import io.blockroom.application.port.out.BlockLocks.ReserveOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsFence;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsTokens;
import io.blockroom.application.port.out.RoomBroadcast.Announcement;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A room in which there is somebody, as all servers see it. Guarded by what they share. */
final class InMemoryLiveRoom {
  static final Duration LEASE = Duration.ofSeconds(10);

  private final RoomId id;
  private final Consumer<RoomChange> witness;
  private final Map<ClientId, TakenSeat> seats = new LinkedHashMap<>();
  private final Map<BlockId, Hold> holds = new LinkedHashMap<>();
  private final Map<BlockId, Mark> marks = new LinkedHashMap<>();
  private final List<RoomEvent> events = new ArrayList<>();
  private long revision;
  private long stockedFrom;
  private long nextToken = 1;
  private long lastToken;

  InMemoryLiveRoom(RoomId id, Revision last, Consumer<RoomChange> witness) {
    this.id = id;
    this.revision = last.value();
    this.witness = witness;
  }

  /** Somebody's seat, and the server that took it. */
  record TakenSeat(Participant participant, InMemoryCoordination server) {}

  /** Who has a block: for as long as they like, or for the length of a commit. */
  private record Hold(Grant grant, boolean isReservation) {
    boolean isOf(ClientId somebody) {
      return grant.owner().equals(somebody);
    }

    boolean isLockOf(ClientId somebody) {
      return !isReservation && isOf(somebody);
    }

    boolean isReservationOf(ClientId author) {
      return isReservation && isOf(author);
    }
  }

  /**
   * A block that was not given back.
   *
   * @param reasons how many commits under this grant have not ended, and whether its lease has
   */
  private record Mark(FencingToken token, int reasons) {}

  RoomId id() {
    return id;
  }

  Revision revision() {
    return new Revision(revision);
  }

  RoomView view() {
    Map<BlockId, Grant> locks = new LinkedHashMap<>();
    holds.forEach((block, hold) -> {
      if (!hold.isReservation()) {
        locks.put(block, hold.grant());
      }
    });
    return new RoomView(
        revision(), seats.values().stream().map(TakenSeat::participant).toList(), locks);
  }

  boolean isEmpty() {
    return seats.isEmpty();
  }

  int taken() {
    return seats.size();
  }

  List<ClientId> seatedBy(InMemoryCoordination server) {
    return seats.entrySet().stream()
        .filter(seat -> seat.getValue().server() == server)
        .map(Map.Entry::getKey)
        .toList();
  }

  boolean isSeatedBy(InMemoryCoordination server, ClientId clientId) {
    TakenSeat seat = seats.get(clientId);
    return seat != null && seat.server() == server;
  }

  void take(Participant participant, InMemoryCoordination server) {
    seats.put(participant.clientId(), new TakenSeat(participant, server));
    tell(new RoomEvent.ParticipantJoined(participant));
    endStep();
  }

  /**
   * Ends a seat.
   *
   * @param isGivenBack false if nobody let go of its locks
   */
  void end(ClientId clientId, ReleaseReason why, LeaveReason reason, boolean isGivenBack) {
    for (Map.Entry<BlockId, Hold> each : List.copyOf(holds.entrySet())) {
      if (each.getValue().isOf(clientId)) {
        holds.remove(each.getKey());
        if (!isGivenBack) {
          mark(each.getKey(), each.getValue().grant().token());
        }
        if (!each.getValue().isReservation()) {
          tell(new RoomEvent.BlockReleased(each.getKey(), why));
        }
      }
    }
    seats.remove(clientId);
    tell(new RoomEvent.ParticipantLeft(clientId, reason));
    endStep();
  }

  LockOutcome acquire(ClientId asker, LockRequest request) {
    List<BlockLock> conflicts = heldOn(request.blocks(), hold -> !hold.isOf(asker));
    if (!conflicts.isEmpty()) {
      return new LockOutcome.Denied(revision(), conflicts);
    }
    Set<BlockId> free = freeOf(request.blocks());
    if (!free.isEmpty() && !hasTokens()) {
      return new NeedsTokens();
    }
    Optional<NeedsFence> unfenced = unfenced(free);
    if (unfenced.isPresent()) {
      return unfenced.get();
    }
    reserve(free, asker);
    Set<BlockId> heldBefore = new LinkedHashSet<>();
    for (BlockId block : request.blocks()) {
      if (!lock(block)) {
        heldBefore.add(block);
      }
    }
    endStep();
    return new LockOutcome.Granted(revision(), heldOn(request.blocks(), hold -> true), heldBefore);
  }

  /** Makes a lock of what is reserved, under the same token; false if it is one already. */
  private boolean lock(BlockId block) {
    Hold hold = holds.get(block);
    if (hold == null || !hold.isReservation()) {
      return false;
    }
    holds.put(block, new Hold(hold.grant(), false));
    tell(new RoomEvent.BlockLocked(block, hold.grant().owner(), hold.grant().token()));
    return true;
  }

  ReleaseOutcome release(ClientId owner, Set<BlockId> blocks) {
    Set<BlockId> notHeld = new LinkedHashSet<>(blocks);
    notHeld.removeIf(block -> isLocked(block, owner));
    if (!notHeld.isEmpty()) {
      return new ReleaseOutcome.NotHeld(revision(), notHeld);
    }
    blocks.forEach(block -> release(block, ReleaseReason.RELEASED));
    endStep();
    return new ReleaseOutcome.Released(revision());
  }

  ReserveOutcome reserve(Claim claim) {
    List<BlockLock> locks = heldOn(claim.blocks(), hold -> !hold.isReservation());
    if (!locks.stream().allMatch(lock -> lock.isHeldBy(claim.author()))) {
      return new ReserveOutcome.Conflicting(revision(), locks);
    }
    List<BlockLock> reservations = heldOn(claim.blocks(), Hold::isReservation);
    if (!reservations.isEmpty()) {
      return new ReserveOutcome.Busy(revision(), reservations);
    }
    Set<BlockId> free = freeOf(claim.blocks());
    if (!free.isEmpty() && !hasTokens()) {
      return new NeedsTokens();
    }
    Optional<NeedsFence> unfenced = unfenced(free);
    if (unfenced.isPresent()) {
      return unfenced.get();
    }
    Map<BlockId, FencingToken> reserved = reserve(free, claim.author());
    heldOn(claim.blocks(), hold -> true).forEach(each -> mark(each.block(), each.token()));
    return new ReserveOutcome.Reserved(revision(), locks, reserved);
  }

  void endReservation(
      ClientId author,
      Map<BlockId, FencingToken> grants,
      Set<BlockId> reserved,
      boolean isUnknown) {
    holds
        .entrySet()
        .removeIf(each ->
            reserved.contains(each.getKey())
                && each.getValue().isReservationOf(author)
                && (grants.isEmpty()
                    || each.getValue().grant().token().equals(grants.get(each.getKey()))));
    if (!isUnknown) {
      grants.forEach(this::unmark);
    }
  }

  Revision announce(List<Announcement> announcements) {
    for (Announcement each : announcements) {
      ClientId author = each.commit().by();
      endReservation(author, each.grants(), each.reserved(), false);
      tell(each.commit());
      for (BlockId block : each.releases()) {
        Hold hold = holds.get(block);
        if (hold == null || hold.isReservation()) {
          tell(new RoomEvent.BlockReleased(block, ReleaseReason.COMMITTED));
        } else if (hold.isOf(author)) {
          release(block, ReleaseReason.COMMITTED);
        }
      }
    }
    endStep();
    return revision();
  }

  void happened(RoomEvent event) {
    tell(event);
    endStep();
  }

  void stock(TokenRange range) {
    if (range.first().value() <= stockedFrom) {
      return;
    }
    stockedFrom = range.first().value();
    nextToken = stockedFrom;
    lastToken = range.last().value();
    // Whoever drew the range has barred all grants before it.
    marks.clear();
    holds.values().removeIf(Hold::isReservation);
    holds.replaceAll((block, hold) -> {
      Grant renewed = new Grant(hold.grant().owner(), new FencingToken(nextToken++));
      tell(new RoomEvent.BlockLocked(block, renewed.owner(), renewed.token()));
      return new Hold(renewed, false);
    });
    endStep();
  }

  void forgetTokens() {
    lastToken = 0;
  }

  boolean hasTokens() {
    return nextToken <= lastToken;
  }

  void barred(Map<BlockId, FencingToken> former) {
    former.forEach((block, token) ->
        marks.computeIfPresent(
            block, (same, mark) -> token.isOlderThan(mark.token()) ? mark : null));
  }

  private boolean isLocked(BlockId block, ClientId owner) {
    Hold hold = holds.get(block);
    return hold != null && hold.isLockOf(owner);
  }

  private List<BlockLock> heldOn(Collection<BlockId> blocks, Predicate<Hold> which) {
    List<BlockLock> found = new ArrayList<>();
    for (BlockId block : blocks) {
      Hold hold = holds.get(block);
      if (hold != null && which.test(hold)) {
        found.add(new BlockLock(block, hold.grant(), LEASE));
      }
    }
    return found;
  }

  private Set<BlockId> freeOf(Set<BlockId> blocks) {
    Set<BlockId> free = new LinkedHashSet<>(blocks);
    free.removeAll(holds.keySet());
    return free;
  }

  private Optional<NeedsFence> unfenced(Set<BlockId> free) {
    Map<BlockId, FencingToken> former = new LinkedHashMap<>();
    for (BlockId block : free) {
      Mark mark = marks.get(block);
      if (mark != null) {
        former.put(block, mark.token());
      }
    }
    return former.isEmpty() ? Optional.empty() : Optional.of(new NeedsFence(former));
  }

  /** One token for all blocks of a step. */
  private Map<BlockId, FencingToken> reserve(Set<BlockId> free, ClientId author) {
    Map<BlockId, FencingToken> reserved = new LinkedHashMap<>();
    if (!free.isEmpty()) {
      Grant grant = new Grant(author, new FencingToken(nextToken++));
      for (BlockId block : free) {
        holds.put(block, new Hold(grant, true));
        reserved.put(block, grant.token());
      }
    }
    return reserved;
  }

  private void release(BlockId block, ReleaseReason why) {
    holds.remove(block);
    tell(new RoomEvent.BlockReleased(block, why));
  }

  private void mark(BlockId block, FencingToken token) {
    marks.merge(block, new Mark(token, 1), (before, one) -> new Mark(token, before.reasons() + 1));
  }

  private void unmark(BlockId block, FencingToken token) {
    marks.computeIfPresent(
        block,
        (same, mark) -> {
          if (!mark.token().equals(token)) {
            return mark;
          }
          return mark.reasons() == 1 ? null : new Mark(token, mark.reasons() - 1);
        });
  }

  private void tell(RoomEvent event) {
    events.add(event);
  }

  private void endStep() {
    if (events.isEmpty()) {
      return;
    }
    revision++;
    RoomChange change = new RoomChange(id, revision(), events);
    events.clear();
    witness.accept(change);
    Set<InMemoryCoordination> told = new LinkedHashSet<>();
    seats.values().forEach(seat -> told.add(seat.server()));
    told.forEach(server -> server.changed(change));
  }
}
