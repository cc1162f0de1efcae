package io.blockroom.application.fake;

import io.blockroom.application.port.out.CommitLog;
import io.blockroom.application.port.out.Fences;
import io.blockroom.application.port.out.RoomArchive;
import io.blockroom.application.port.out.Rooms;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.port.out.Workspaces;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.Proposal;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The durable storage, as durable as the test. */
public final class InMemoryStorage implements Rooms, CommitLog, Workspaces, Fences, RoomArchive {
  private final InstantSource clock;
  private final Supplier<Epoch> epochs;
  private final PlantedFaults faults = new PlantedFaults();
  private final Map<RoomId, InMemoryRoom> rooms =
      new TreeMap<>((one, other) -> Arrays.compareUnsigned(utf8(one), utf8(other)));
  private Witness witness = Witness.NOBODY;
  private boolean isLost;
  private boolean losesNextAnswer;
  private Optional<Runnable> afterNextStoring = Optional.empty();

  /** A mistake that a checker must find. */
  public enum Fault {
    /** Accepts commits that the fences do not admit. */
    SKIPS_FENCE,
    /** Gives every fifth commit the number of the one before it. */
    REUSES_A_SEQ,
    /** Says of every fifth commit that it is stored, and does not store it. */
    ACKS_BEFORE_STORING,
    /** Stores a commit again that is offered again under its name. */
    FORGETS_CIDS
  }

  /** Sees what is decided, in the order of the decisions. */
  public interface Witness {
    Witness NOBODY = new Witness() {};

    /** A commit is in the log. */
    default void stored(RoomId room, LoggedCommit commit) {}

    /** A commit was let in under the grants of the blocks that it touches. */
    default void admitted(RoomId room, Proposal proposal) {}

    /** Grants were barred. */
    default void barred(RoomId room, Map<BlockId, FencingToken> former) {}

    /** Tokens were handed out. */
    default void drawn(RoomId room, TokenRange range) {}

    /**
     * What is stored next makes the room what it was at a number; the history ends with {@code
     * last} then.
     */
    default void restored(RoomId room, SequenceNumber to, SequenceNumber last) {}
  }

  /**
   * @param epochs gives a room that is new its epoch
   */
  public InMemoryStorage(InstantSource clock, Supplier<Epoch> epochs) {
    this.clock = clock;
    this.epochs = epochs;
  }

  /** From now on the storage does not answer. */
  public synchronized void loseStorage() {
    isLost = true;
  }

  /** From now on the storage answers again; it has kept everything. */
  public synchronized void restoreStorage() {
    isLost = false;
  }

  /** The next commits are stored, but whoever offers them is not told. */
  public synchronized void loseNextAnswer() {
    losesNextAnswer = true;
  }

  /** What to do when the next commits are stored, before whoever offers them is told. */
  public synchronized void afterNextStoring(Runnable action) {
    afterNextStoring = Optional.of(action);
  }

  /** Somebody who sees what is decided in rooms that are opened from now on. */
  public synchronized void witness(Witness newWitness) {
    witness = newWitness;
  }

  /** From now on the storage makes this mistake. */
  public synchronized void plant(Fault fault) {
    faults.plant(fault);
  }

  /** Whether the room exists, storage lost or not. */
  public synchronized boolean has(RoomId id) {
    return rooms.containsKey(id);
  }

  @Override
  public synchronized Optional<Room> find(RoomId id) {
    return of(id).map(InMemoryRoom::room);
  }

  @Override
  public synchronized Opened open(Room candidate) {
    Optional<Room> existing = find(candidate.id());
    if (existing.isPresent()) {
      return new Opened(existing.get(), false);
    }
    rooms.put(candidate.id(), new InMemoryRoom(candidate, epochs.get(), witness));
    return new Opened(candidate, true);
  }

  @Override
  public synchronized List<Room> list(Optional<RoomId> after, int limit) {
    requireStorage();
    return rooms.values().stream()
        .map(InMemoryRoom::room)
        .filter(room -> after.isEmpty() || isBefore(after.get(), room.id()))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized Optional<Room> change(RoomId id, UnaryOperator<Room> change) {
    return of(id)
        .map(room -> {
          Room changed = change.apply(room.room());
          if (!changed.id().equals(id)) {
            throw new IllegalArgumentException("a change of the id: " + changed.id());
          }
          room.becomes(changed);
          return changed;
        });
  }

  @Override
  public synchronized boolean delete(RoomId id) {
    requireStorage();
    return rooms.remove(id) != null;
  }

  @Override
  public List<AppendOutcome> append(RoomId id, List<Proposal> proposals) {
    List<AppendOutcome> outcomes;
    Optional<Runnable> action;
    boolean isAnswerLost;
    synchronized (this) {
      Optional<InMemoryRoom> room = of(id);
      Instant now = now();
      outcomes =
          proposals.stream()
              .map(proposal ->
                  room.map(found -> found.append(proposal, now, faults))
                      .orElseGet(AppendOutcome.NoSuchRoom::new))
              .toList();
      action = afterNextStoring;
      afterNextStoring = Optional.empty();
      isAnswerLost = losesNextAnswer;
      losesNextAnswer = false;
    }
    action.ifPresent(Runnable::run);
    if (isAnswerLost) {
      throw unavailable();
    }
    return outcomes;
  }

  @Override
  public synchronized Excerpt read(RoomId id, SequenceNumber after, int limit) {
    return of(id)
        .map(room -> room.read(after, limit))
        .orElseGet(() -> new Excerpt(Optional.empty(), SequenceNumber.NONE, List.of(), true));
  }

  @Override
  public synchronized Map<CommitId, LoggedCommit> find(RoomId id, Set<CommitId> ids) {
    Map<CommitId, LoggedCommit> found = new HashMap<>();
    of(id)
        .ifPresent(room ->
            ids.forEach(each -> room.find(each).ifPresent(commit -> found.put(each, commit))));
    return found;
  }

  @Override
  public synchronized Map<RoomId, SequenceNumber> last(Set<RoomId> ids) {
    requireStorage();
    Map<RoomId, SequenceNumber> found = new HashMap<>();
    ids.forEach(id -> of(id).ifPresent(room -> found.put(id, room.last())));
    return found;
  }

  @Override
  public synchronized Optional<WorkspaceView> view(RoomId id, WorkspaceForm form) {
    return of(id).map(room -> room.view(form));
  }

  @Override
  public synchronized SnapshotOutcome store(RoomId id, WorkspaceSnapshot snapshot) {
    return of(id)
        .map(room -> room.store(snapshot, now()))
        .orElseGet(SnapshotOutcome.NoSuchRoom::new);
  }

  @Override
  public synchronized Optional<Lag> lag(RoomId id) {
    return of(id).map(InMemoryRoom::lag);
  }

  @Override
  public synchronized List<Entry> list(RoomId id, SequenceNumber below, int limit) {
    return of(id).map(room -> room.list(below, limit)).orElseGet(List::of);
  }

  @Override
  public synchronized Optional<WorkspaceSnapshot> find(RoomId id, SequenceNumber seq) {
    return of(id).flatMap(room -> room.find(seq));
  }

  @Override
  public synchronized TokenRange draw(RoomId id) {
    return of(id)
        .map(InMemoryRoom::draw)
        .orElseThrow(() -> new IllegalArgumentException("no such room: " + id));
  }

  @Override
  public synchronized void bar(RoomId id, Map<BlockId, FencingToken> former) {
    of(id).ifPresent(room -> room.bar(former));
  }

  @Override
  public synchronized RestoreOutcome restore(RoomId id, SequenceNumber to, Epoch epoch) {
    return of(id)
        .map(room -> room.restore(to, epoch, now()))
        .orElseGet(RestoreOutcome.NoSuchRoom::new);
  }

  @Override
  public boolean export(RoomId id, Consumer<Header> header, Consumer<LoggedCommit> commits) {
    Optional<Header> head;
    List<LoggedCommit> log;
    synchronized (this) {
      head = of(id).map(InMemoryRoom::header);
      log = of(id).map(InMemoryRoom::log).orElseGet(List::of);
    }
    head.ifPresent(header);
    log.forEach(commits);
    return head.isPresent();
  }

  @Override
  public synchronized boolean bringIn(
      Header header, Supplier<Optional<LoggedCommit>> commits, Epoch epoch) {
    if (of(header.room().id()).isPresent()) {
      return false;
    }
    List<LoggedCommit> log = new ArrayList<>();
    for (Optional<LoggedCommit> next = commits.get(); next.isPresent(); next = commits.get()) {
      log.add(next.get());
    }
    requireFitting(header, log);
    rooms.put(header.room().id(), new InMemoryRoom(header, log, epoch, now(), witness));
    return true;
  }

  @Override
  public synchronized int compact(Instant before, int limit) {
    requireStorage();
    int forgotten = 0;
    for (InMemoryRoom room : rooms.values()) {
      forgotten += room.compact(before, limit - forgotten);
    }
    return forgotten;
  }

  private static void requireFitting(Header header, List<LoggedCommit> log) {
    SequenceNumber known = SequenceNumber.NONE;
    SequenceNumber below = SequenceNumber.NONE;
    boolean isFirst = true;
    for (WorkspaceSnapshot snapshot : header.snapshots()) {
      require(header.last().includes(snapshot.seq()), "a snapshot ahead of the room");
      require(isFirst || !below.includes(snapshot.seq()), "snapshots out of order");
      isFirst = false;
      below = snapshot.seq();
      known = snapshot.xml().isPresent() ? snapshot.seq() : known;
    }
    long next = log.isEmpty() ? header.last().value() + 1 : log.getFirst().seq().value();
    require(next >= 1 && next <= known.value() + 1, "commits that nothing goes before");
    Set<CommitId> ids = new HashSet<>();
    for (LoggedCommit commit : log) {
      require(commit.seq().value() == next, "a gap between commits");
      require(commit.id().isEmpty() || ids.add(commit.id().get()), "two commits of one name");
      next++;
    }
    require(next == header.last().value() + 1, "commits that do not reach the last number");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private Optional<InMemoryRoom> of(RoomId id) {
    requireStorage();
    return Optional.ofNullable(rooms.get(id));
  }

  private void requireStorage() {
    if (isLost) {
      throw unavailable();
    }
  }

  private static StorageUnavailable unavailable() {
    return new StorageUnavailable(new IllegalStateException("lost by the test"));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static boolean isBefore(RoomId one, RoomId other) {
    return Arrays.compareUnsigned(utf8(one), utf8(other)) < 0;
  }

  private static byte[] utf8(RoomId id) {
    return id.value().getBytes(StandardCharsets.UTF_8);
  }
}
