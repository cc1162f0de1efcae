package io.blockroom.application.fake;

import io.blockroom.application.fake.InMemorySnapshots.Kept;
import io.blockroom.application.fake.InMemoryStorage.Witness;
import io.blockroom.application.port.out.CommitLog.AppendOutcome;
import io.blockroom.application.port.out.CommitLog.Excerpt;
import io.blockroom.application.port.out.RoomArchive.Header;
import io.blockroom.application.port.out.RoomArchive.RestoreOutcome;
import io.blockroom.application.port.out.Workspaces.Entry;
import io.blockroom.application.port.out.Workspaces.Lag;
import io.blockroom.application.port.out.Workspaces.SnapshotOutcome;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.CommitDecision;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.CommitPolicy;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.Proposal;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.Fence;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One room of {@link InMemoryStorage} with its history; confined to the storage's lock. */
final class InMemoryRoom {
  private final Map<BlockId, Fence> fences = new HashMap<>();
  private final InMemorySnapshots<WorkspaceXml> xml = new InMemorySnapshots<>();
  private final InMemorySnapshots<WorkspaceState> state = new InMemorySnapshots<>();
  private final Witness witness;
  private List<LoggedCommit> log = new ArrayList<>();
  private Room room;
  private Epoch epoch;
  private SequenceNumber last = SequenceNumber.NONE;
  private FencingToken floor = new FencingToken(1);
  private long ceiling;

  InMemoryRoom(Room room, Epoch epoch, Witness witness) {
    this.room = room;
    this.epoch = epoch;
    this.witness = witness;
  }

  /** A room as it was taken out of a storage. */
  InMemoryRoom(
      Header header, List<LoggedCommit> commits, Epoch epoch, Instant now, Witness witness) {
    this(header.room(), epoch, witness);
    last = header.last();
    log.addAll(commits);
    header.snapshots().forEach(snapshot -> keep(snapshot, now, true));
  }

  Room room() {
    return room;
  }

  SequenceNumber last() {
    return last;
  }

  void becomes(Room other) {
    room = other;
  }

  AppendOutcome append(Proposal proposal, Instant now, PlantedFaults faults) {
    Commit commit = proposal.commit();
    Optional<LoggedCommit> earlier =
        faults.forgetsCids() ? Optional.empty() : commit.id().flatMap(this::find);
    if (earlier.isPresent()) {
      return earlier.get().isSameEditAs(commit)
          ? new AppendOutcome.Duplicate(earlier.get().seq(), earlier.get().at())
          : new AppendOutcome.Mismatch();
    }
    CommitDecision decision =
        CommitPolicy.admit(proposal, room.isFrozen(), room.lockPolicy(), floor, fences);
    return switch (decision) {
      case CommitDecision.Accepted() -> store(proposal, now, faults);
      case CommitDecision.Fenced fenced ->
          faults.skipsFence()
              ? store(proposal, now, faults)
              : new AppendOutcome.Fenced(fenced.blocks(), last);
      case CommitDecision.NotHeld notHeld -> new AppendOutcome.NotHeld(notHeld.blocks());
      case CommitDecision.Frozen() -> new AppendOutcome.Frozen();
      case CommitDecision.Refused refused -> throw new IllegalStateException(refused.toString());
    };
  }

  Excerpt read(SequenceNumber after, int limit) {
    List<LoggedCommit> all = after(after);
    boolean isComplete = after.includes(last) || first() <= after.value() + 1;
    return new Excerpt(
        Optional.of(epoch),
        last,
        isComplete ? all.subList(0, Math.min(limit, all.size())) : List.of(),
        isComplete);
  }

  Optional<LoggedCommit> find(CommitId id) {
    return log.stream().filter(commit -> commit.id().filter(id::equals).isPresent()).findFirst();
  }

  WorkspaceView view(WorkspaceForm form) {
    Optional<WorkspaceSnapshot> snapshot = newest(form);
    SequenceNumber from = snapshot.map(WorkspaceSnapshot::seq).orElse(SequenceNumber.NONE);
    return new WorkspaceView(epoch, last, snapshot, after(from));
  }

  SnapshotOutcome store(WorkspaceSnapshot snapshot, Instant now) {
    boolean isStale =
        !last.includes(snapshot.seq())
            || !snapshot.seq().includes(xml.newestSeq())
            || !snapshot.seq().includes(state.newestSeq());
    if (isStale) {
      return new SnapshotOutcome.Stale();
    }
    keep(snapshot, now, false);
    return new SnapshotOutcome.Stored();
  }

  Lag lag() {
    return new Lag(last, xml.newestSeq(), state.newestSeq());
  }

  List<Entry> list(SequenceNumber below, int limit) {
    return seqs()
        .filter(seq -> !seq.includes(below))
        .sorted((one, other) -> other.compareTo(one))
        .limit(limit)
        .map(this::entry)
        .toList();
  }

  Optional<WorkspaceSnapshot> find(SequenceNumber seq) {
    Optional<WorkspaceXml> asXml = xml.at(seq).map(Kept::workspace);
    Optional<WorkspaceState> asState = state.at(seq).map(Kept::workspace);
    return asXml.isEmpty() && asState.isEmpty()
        ? Optional.empty()
        : Optional.of(new WorkspaceSnapshot(seq, asXml, asState));
  }

  TokenRange draw() {
    TokenRange range =
        new TokenRange(new FencingToken(ceiling + 1), new FencingToken(ceiling + TokenRange.SIZE));
    ceiling = range.last().value();
    floor = range.first();
    witness.drawn(room.id(), range);
    return range;
  }

  void bar(Map<BlockId, FencingToken> former) {
    former.forEach((block, token) -> advance(Fence.bar(block, token)));
    witness.barred(room.id(), former);
  }

  RestoreOutcome restore(SequenceNumber to, Epoch next, Instant now) {
    Optional<Kept<WorkspaceXml>> oldXml = xml.newestAt(to);
    Optional<Kept<WorkspaceState>> oldState = state.newestAt(to);
    SequenceNumber base = oldXml.map(Kept::seq).orElse(SequenceNumber.NONE);
    if (!last.includes(to) || (!base.includes(to) && first() > base.value() + 1)) {
      return new RestoreOutcome.NoSuchSeq();
    }
    List<LoggedCommit> copied =
        after(base).stream().filter(commit -> to.includes(commit.seq())).toList();
    long marker = last.value() + 1;
    witness.restored(room.id(), to, new SequenceNumber(marker + copied.size()));
    log(
        new LoggedCommit(
            new SequenceNumber(marker),
            new ClientId("server"),
            new BlockId("restore"),
            "[{\"type\":\"blockroom_restore\",\"toSeq\":" + to.value() + "}]",
            now,
            Optional.empty()));
    for (LoggedCommit commit : copied) {
      long seq = marker + commit.seq().value() - base.value();
      log(
          new LoggedCommit(
              new SequenceNumber(seq),
              commit.by(),
              commit.block(),
              commit.events(),
              now,
              Optional.empty()));
    }
    last = new SequenceNumber(marker + copied.size());
    xml.keep(
        new SequenceNumber(marker),
        oldXml.map(Kept::workspace).orElse(WorkspaceXml.EMPTY),
        now,
        true);
    if (oldXml.isEmpty() && oldState.isEmpty()) {
      state.keep(new SequenceNumber(marker), WorkspaceState.EMPTY, now, true);
    }
    oldState
        .filter(kept -> kept.seq().includes(base))
        .ifPresent(kept -> {
          long seq = marker + kept.seq().value() - base.value();
          state.keep(new SequenceNumber(seq), kept.workspace(), now, true);
        });
    epoch = next;
    return new RestoreOutcome.Restored(epoch, last);
  }

  Header header() {
    List<WorkspaceSnapshot> snapshots = seqs().sorted().flatMap(seq -> find(seq).stream()).toList();
    return new Header(room, last, snapshots);
  }

  List<LoggedCommit> log() {
    return List.copyOf(log);
  }

  /** Returns how many commits were forgotten. */
  int compact(Instant before, int limit) {
    int forgotten = 0;
    while (forgotten < limit
        && forgotten < log.size()
        && log.get(forgotten).at().isBefore(before)
        && xml.newestSeq().includes(log.get(forgotten).seq())) {
      forgotten++;
    }
    log = new ArrayList<>(log.subList(forgotten, log.size()));
    xml.forgetBefore(new SequenceNumber(first() - 1), limit);
    state.forgetBefore(new SequenceNumber(first() - 1), limit);
    return forgotten;
  }

  private AppendOutcome store(Proposal proposal, Instant now, PlantedFaults faults) {
    Commit commit = proposal.commit();
    SequenceNumber seq = last;
    if (!commit.events().isEmpty()) {
      seq = faults.number(new SequenceNumber(last.value() + 1));
      last = seq;
      if (faults.keeps()) {
        log(
            new LoggedCommit(
                seq, commit.by(), commit.block(), commit.events().json(), now, commit.id()));
      }
    }
    witness.admitted(room.id(), proposal);
    Optional<ClientId> owner = Optional.of(commit.by());
    commit
        .touched()
        .forEach(block ->
            Optional.ofNullable(proposal.grants().get(block))
                .ifPresent(grant -> advance(new Fence(block, grant, owner))));
    SequenceNumber number = seq;
    commit.workspaceAt(seq).ifPresent(workspace -> xml.keep(number, workspace, now, false));
    return new AppendOutcome.Appended(seq, now);
  }

  private void log(LoggedCommit commit) {
    log.add(commit);
    witness.stored(room.id(), commit);
  }

  private void advance(Fence fence) {
    fences.merge(
        fence.block(), fence, (old, next) -> next.token().isOlderThan(old.token()) ? old : next);
  }

  private void keep(WorkspaceSnapshot snapshot, Instant now, boolean isForGood) {
    SequenceNumber seq = snapshot.seq();
    snapshot.xml().ifPresent(workspace -> xml.keep(seq, workspace, now, isForGood));
    snapshot.state().ifPresent(workspace -> state.keep(seq, workspace, now, isForGood));
  }

  private Optional<WorkspaceSnapshot> newest(WorkspaceForm form) {
    boolean isState =
        switch (form) {
          case XML -> false;
          case ANY -> !state.isEmpty() && state.newestSeq().includes(xml.newestSeq());
        };
    return isState
        ? state.newestAt(last).map(kept -> WorkspaceSnapshot.of(kept.seq(), kept.workspace()))
        : xml.newestAt(last).map(kept -> WorkspaceSnapshot.of(kept.seq(), kept.workspace()));
  }

  private Entry entry(SequenceNumber seq) {
    Optional<Instant> asXml = xml.at(seq).map(Kept::at);
    Optional<Instant> asState = state.at(seq).map(Kept::at);
    Instant at =
        Stream.concat(asXml.stream(), asState.stream()).max(Instant::compareTo).orElseThrow();
    return new Entry(seq, asXml.isPresent(), asState.isPresent(), at);
  }

  private Stream<SequenceNumber> seqs() {
    return Stream.concat(xml.seqs(), state.seqs()).distinct();
  }

  /** The number of the first commit that is kept; that of the next one if none is. */
  private long first() {
    return log.isEmpty() ? last.value() + 1 : log.getFirst().seq().value();
  }

  private List<LoggedCommit> after(SequenceNumber seq) {
    return log.stream().filter(commit -> !seq.includes(commit.seq())).toList();
  }
}
