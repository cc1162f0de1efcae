package io.blockroom.application.fake;

import io.blockroom.application.port.out.BlockLocks.AdvanceOutcome;
import io.blockroom.application.port.out.BlockLocks.Claim;
import io.blockroom.application.port.out.BlockLocks.HandOverOutcome;
import io.blockroom.application.port.out.BlockLocks.LineOutcome;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.ReleaseOutcome;
import io.blockroom.application.port.out.BlockLocks.ReserveOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsFence;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsTokens;
import io.blockroom.application.port.out.RoomBroadcast.Announcement;
import io.blockroom.application.port.out.Seats.TakeOverOutcome;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.GrantReason;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.lock.WaitingLine;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A room in which there is somebody, as all servers see it. Guarded by what they share. */
final class InMemoryLiveRoom {
  static final Duration LEASE = Duration.ofSeconds(10);

  private final RoomId id;
  private final Consumer<RoomChange> witness;
  private final Map<ClientId, TakenSeat> seats = new LinkedHashMap<>();
  private final Map<BlockId, Hold> holds = new LinkedHashMap<>();
  private final Map<BlockId, Mark> marks = new LinkedHashMap<>();
  private final Map<ClientId, Presence> presence = new LinkedHashMap<>();
  private final List<RoomEvent> events = new ArrayList<>();
  private WaitingLine line = WaitingLine.EMPTY;
  private long revision;
  private long stockedFrom;
  private long nextToken = 1;
  private long lastToken;

  InMemoryLiveRoom(RoomId id, Revision last, Consumer<RoomChange> witness) {
    this.id = id;
    this.revision = last.value();
    this.witness = witness;
  }

  /**
   * Somebody's seat.
   *
   * @param server that holds it; null if it was left behind
   * @param serial how often it was taken, the first time included
   * @param confirmed the last serial under which its holder spoke
   */
  record TakenSeat(
      Participant participant, @Nullable InMemoryCoordination server, long serial, long confirmed) {
    TakenSeat takenOverBy(InMemoryCoordination successor) {
      return new TakenSeat(participant, successor, serial + 1, confirmed);
    }

    TakenSeat confirmedAt(long spokenUnder) {
      return new TakenSeat(participant, server, serial, Math.max(confirmed, spokenUnder));
    }

    TakenSeat leftBehind() {
      return new TakenSeat(participant, null, serial, confirmed);
    }

    boolean accepts(long other) {
      return confirmed <= other && other <= serial;
    }
  }

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
        revision(),
        seats.values().stream().map(TakenSeat::participant).toList(),
        locks,
        line,
        presence);
  }

  boolean isEmpty() {
    return seats.isEmpty();
  }

  int taken() {
    return seats.size();
  }

  List<ClientId> seatedBy(@Nullable InMemoryCoordination server) {
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
    seats.put(participant.clientId(), new TakenSeat(participant, server, 1, 1));
    tell(new RoomEvent.ParticipantJoined(participant));
    endStep();
  }

  TakeOverOutcome takeOver(ClientId clientId, long serial, InMemoryCoordination successor) {
    TakenSeat seat = seats.get(clientId);
    if (seat == null) {
      return new TakeOverOutcome.NotTaken();
    }
    if (!seat.accepts(serial)) {
      return new TakeOverOutcome.Refused();
    }
    TakenSeat taken = seat.takenOverBy(successor);
    seats.put(clientId, taken);
    leaveLine(each -> each.client().equals(clientId));
    tell(new RoomEvent.SeatTakenOver(clientId, taken.serial()));
    endStep(seat.server());
    return new TakeOverOutcome.TakenOver(view(), taken.serial());
  }

  void confirm(ClientId clientId, long serial) {
    seats.computeIfPresent(clientId, (same, seat) -> seat.confirmedAt(serial));
  }

  void leaveBehind(InMemoryCoordination server) {
    seats.replaceAll((same, seat) -> seat.server() == server ? seat.leftBehind() : seat);
  }

  void endSeatsLeftBehind() {
    end(seatedBy(null), ReleaseReason.DISCONNECTED, LeaveReason.TIMEOUT, true);
  }

  /** Notes what participants with these seats are doing; returns what was noted. */
  Map<ClientId, Presence> show(Map<ClientId, Presence> news, InMemoryCoordination server) {
    Map<ClientId, Presence> noted = new LinkedHashMap<>();
    news.forEach((clientId, now) -> {
      if (isSeatedBy(server, clientId)) {
        noted.put(clientId, now);
      }
    });
    presence.putAll(noted);
    return noted;
  }

  Set<InMemoryCoordination> servers() {
    Set<InMemoryCoordination> servers = new LinkedHashSet<>();
    seats.values().stream().map(TakenSeat::server).filter(Objects::nonNull).forEach(servers::add);
    return servers;
  }

  /**
   * Ends seats.
   *
   * @param isGivenBack false if nobody let go of their locks
   */
  void end(List<ClientId> clients, ReleaseReason why, LeaveReason reason, boolean isGivenBack) {
    for (ClientId client : clients) {
      leaveLine(each -> each.client().equals(client));
      for (BlockId block : blocksOf(client, hold -> true)) {
        if (!isGivenBack) {
          mark(block, held(block).grant().token());
        }
        if (held(block).isReservation()) {
          holds.remove(block);
        } else {
          release(block, why);
        }
      }
      seats.remove(client);
      presence.remove(client);
      tell(new RoomEvent.ParticipantLeft(client, reason));
    }
    endStep();
  }

  LockOutcome acquire(ClientId asker, LockRequest request) {
    if (areTooMany(asker, request.blocks())) {
      return new LockOutcome.LimitReached(revision());
    }
    List<BlockLock> conflicts = obstacles(asker, request);
    if (!conflicts.isEmpty()) {
      return new LockOutcome.Denied(revision(), conflicts);
    }
    Optional<Unprepared> missing = missing(freeOf(request.blocks()));
    if (missing.isPresent()) {
      return missing.get();
    }
    Set<BlockId> heldBefore = grant(asker, request);
    endStep();
    return new LockOutcome.Granted(revision(), heldOn(request.blocks(), hold -> true), heldBefore);
  }

  /** Whether these would be too many, together with what somebody has and waits for. */
  private boolean areTooMany(ClientId client, Set<BlockId> more) {
    Set<BlockId> all = new HashSet<>(more);
    all.addAll(blocksOf(client, hold -> true));
    all.addAll(line.wantedBy(client));
    return all.size() > BlockLock.MOST_PER_CLIENT
        && !blocksOf(client, hold -> !hold.isReservation()).containsAll(more);
  }

  /** What somebody else holds or comes first for. */
  private List<BlockLock> obstacles(ClientId asker, LockRequest request) {
    List<BlockLock> obstacles = new ArrayList<>();
    for (BlockId block : request.blocks()) {
      Hold hold = holds.get(block);
      if (hold != null && !hold.isOf(asker)) {
        obstacles.add(new BlockLock(block, hold.grant(), LEASE));
      } else if (!isLocked(block, asker)) {
        line.firstFor(block, asker)
            .map(first -> new Grant(first.client(), new FencingToken(nextToken - 1)))
            .ifPresent(claim -> obstacles.add(new BlockLock(block, claim, LEASE)));
      }
    }
    return obstacles;
  }

  /** Makes all wanted blocks theirs, and names those that were before. */
  private Set<BlockId> grant(ClientId asker, LockRequest request) {
    reserve(freeOf(request.blocks()), asker);
    Set<BlockId> heldBefore = new LinkedHashSet<>();
    for (BlockId block : request.blocks()) {
      if (!lock(block)) {
        heldBefore.add(block);
      }
    }
    return heldBefore;
  }

  LineOutcome queue(Waiter waiter, int mostPerBlock) {
    LockOutcome tried = acquire(waiter.client(), waiter.request());
    if (!(tried instanceof LockOutcome.Denied denied)) {
      return tried;
    }
    if (!line.hasRoomFor(waiter, mostPerBlock)) {
      return new LineOutcome.LineFull(revision());
    }
    if (line.wouldDeadlock(waiter, owners(hold -> !hold.isReservation()))) {
      return denied;
    }
    line = line.with(waiter);
    tell(new RoomEvent.LineJoined(waiter));
    endStep();
    BlockLock obstacle =
        denied.conflicts().stream()
            .filter(each -> each.block().equals(waiter.request().asked()))
            .findFirst()
            .orElseGet(denied.conflicts()::getFirst);
    return new LineOutcome.Queued(
        revision(), line.positionOf(waiter.ticket()).orElseThrow(), obstacle);
  }

  Revision leaveLine(Set<Ticket> tickets) {
    leaveLine(each -> tickets.contains(each.ticket()));
    endStep();
    return revision();
  }

  private void leaveLine(Predicate<Waiter> who) {
    for (Waiter each : line.waiters()) {
      if (who.test(each)) {
        line = line.without(each.ticket());
        tell(new RoomEvent.LineLeft(each.ticket()));
      }
    }
  }

  AdvanceOutcome advance() {
    Optional<Unprepared> missing = grantTurns();
    tellChange(null);
    return missing
        .<AdvanceOutcome>map(what -> what)
        .orElseGet(() -> new AdvanceOutcome.Advanced(revision()));
  }

  /** Grants the turns that have come; tells what is missing for the first that cannot be. */
  private Optional<Unprepared> grantTurns() {
    Optional<Unprepared> first = Optional.empty();
    Set<Ticket> heldUp = new HashSet<>();
    for (Optional<Waiter> next = next(heldUp); next.isPresent(); next = next(heldUp)) {
      Waiter waiter = next.get();
      Optional<Unprepared> missing = missing(freeOf(waiter.request().blocks()));
      if (missing.isPresent()) {
        heldUp.add(waiter.ticket());
        first = Optional.of(both(first, missing.get()));
      } else {
        line = line.without(waiter.ticket());
        tell(new RoomEvent.TurnCame(waiter.ticket()));
        grant(waiter.client(), waiter.request());
      }
    }
    return first;
  }

  private static Unprepared both(Optional<Unprepared> first, Unprepared next) {
    if (first.isPresent()
        && first.get() instanceof NeedsFence one
        && next instanceof NeedsFence other) {
      Map<BlockId, FencingToken> former = new LinkedHashMap<>(one.former());
      former.putAll(other.former());
      return new NeedsFence(former);
    }
    return first.orElse(next);
  }

  private Optional<Waiter> next(Set<Ticket> heldUp) {
    return line.next(owners(hold -> !hold.isReservation()), owners(Hold::isReservation), heldUp);
  }

  HandOverOutcome handOver(ClientId owner, BlockId block, ClientId to) {
    if (!isLocked(block, owner)) {
      return new HandOverOutcome.NotHeld(revision());
    }
    if (!seats.containsKey(to)) {
      return new HandOverOutcome.NoSuchParticipant(revision());
    }
    if (areTooMany(to, Set.of(block))) {
      return new HandOverOutcome.LimitReached(revision());
    }
    Optional<Unprepared> missing = missing(Set.of(block));
    if (missing.isPresent()) {
      return missing.get();
    }
    release(block, ReleaseReason.HANDOVER);
    reserve(Set.of(block), to);
    lock(block, GrantReason.HANDOVER);
    endStep();
    return new HandOverOutcome.HandedOver(revision());
  }

  void endIdle(ClientId owner) {
    blocksOf(owner, hold -> !hold.isReservation())
        .forEach(block -> takeAway(block, ReleaseReason.IDLE));
    endStep();
  }

  boolean force(BlockId block) {
    Hold hold = holds.get(block);
    if (hold == null || hold.isReservation()) {
      return false;
    }
    takeAway(block, ReleaseReason.FORCED);
    endStep();
    return true;
  }

  private void takeAway(BlockId block, ReleaseReason why) {
    mark(block, held(block).grant().token());
    release(block, why);
  }

  /** Makes a lock of what is reserved, under the same token; false if it is one already. */
  private boolean lock(BlockId block) {
    Hold hold = holds.get(block);
    if (hold == null || !hold.isReservation()) {
      return false;
    }
    lock(block, GrantReason.ACQUIRED);
    return true;
  }

  private void lock(BlockId block, GrantReason how) {
    Grant grant = held(block).grant();
    holds.put(block, new Hold(grant, false));
    tell(
        new RoomEvent.BlockLocked(
            block, grant.owner(), grant.token(), how, line.waitingFor(block)));
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
    Optional<Unprepared> missing = missing(free);
    if (missing.isPresent()) {
      return missing.get();
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
    free(author, grants, reserved);
    if (!isUnknown) {
      grants.forEach(this::unmark);
    }
    endStep();
  }

  private void free(ClientId author, Map<BlockId, FencingToken> grants, Set<BlockId> reserved) {
    holds
        .entrySet()
        .removeIf(each ->
            reserved.contains(each.getKey())
                && each.getValue().isReservationOf(author)
                && (grants.isEmpty()
                    || each.getValue().grant().token().equals(grants.get(each.getKey()))));
  }

  Revision announce(List<Announcement> announcements) {
    for (Announcement each : announcements) {
      ClientId author = each.commit().by();
      free(author, each.grants(), each.reserved());
      each.grants().forEach(this::unmark);
      tell(each.commit());
      for (BlockId block : each.releases()) {
        Hold hold = holds.get(block);
        if (hold == null || hold.isReservation()) {
          tellReleased(block, ReleaseReason.COMMITTED);
        } else if (hold.isOf(author) && !isNewer(hold, each.grants().get(block))) {
          release(block, ReleaseReason.COMMITTED);
        }
      }
    }
    endStep();
    return revision();
  }

  private static boolean isNewer(Hold hold, @Nullable FencingToken grant) {
    return grant != null && grant.isOlderThan(hold.grant().token());
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
    for (Map.Entry<BlockId, Hold> each : holds.entrySet()) {
      Grant renewed = new Grant(each.getValue().grant().owner(), new FencingToken(nextToken++));
      each.setValue(new Hold(renewed, false));
      lock(each.getKey(), GrantReason.ACQUIRED);
    }
    endStep();
  }

  void forgetTokens() {
    lastToken = 0;
  }

  boolean hasTokens() {
    return nextToken <= lastToken;
  }

  void barred(Map<BlockId, FencingToken> former) {
    former.forEach((block, token) -> {
      Mark mark = marks.get(block);
      if (mark != null && !token.isOlderThan(mark.token())) {
        marks.remove(block);
        renew(block, token);
      }
    });
    endStep();
  }

  /** Whoever has locked the block still must be able to commit on it. */
  private void renew(BlockId block, FencingToken barred) {
    Hold hold = holds.get(block);
    if (hold != null
        && !hold.isReservation()
        && !barred.isOlderThan(hold.grant().token())
        && hasTokens()) {
      holds.remove(block);
      reserve(Set.of(block), hold.grant().owner());
      lock(block);
    }
  }

  private Hold held(BlockId block) {
    return Objects.requireNonNull(holds.get(block));
  }

  private List<BlockId> blocksOf(ClientId owner, Predicate<Hold> which) {
    return List.copyOf(owners(which.and(hold -> hold.isOf(owner))).keySet());
  }

  private Map<BlockId, ClientId> owners(Predicate<Hold> which) {
    Map<BlockId, ClientId> owners = new LinkedHashMap<>();
    holds.forEach((block, hold) -> {
      if (which.test(hold)) {
        owners.put(block, hold.grant().owner());
      }
    });
    return Collections.unmodifiableMap(owners);
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

  /** What is missing before these blocks can be granted. */
  private Optional<Unprepared> missing(Set<BlockId> free) {
    if (!free.isEmpty() && !hasTokens()) {
      return Optional.of(new NeedsTokens());
    }
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
    tellReleased(block, why);
  }

  private void tellReleased(BlockId block, ReleaseReason why) {
    tell(new RoomEvent.BlockReleased(block, why, line.waitingFor(block)));
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

  /** Turns that have come by a step are part of it. */
  private void endStep() {
    endStep(null);
  }

  /** Tells a server, too, that had a seat before the step. */
  private void endStep(@Nullable InMemoryCoordination former) {
    var _ = grantTurns();
    tellChange(former);
  }

  private void tellChange(@Nullable InMemoryCoordination former) {
    if (events.isEmpty()) {
      return;
    }
    revision++;
    RoomChange change = new RoomChange(id, revision(), events);
    events.clear();
    witness.accept(change);
    Set<InMemoryCoordination> told = servers();
    if (former != null) {
      told.add(former);
    }
    told.forEach(server -> server.changed(change));
  }
}
