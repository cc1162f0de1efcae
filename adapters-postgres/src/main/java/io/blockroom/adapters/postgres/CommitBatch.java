package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.CommitLog.AppendOutcome;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.CommitDecision;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.CommitPolicy;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.Proposal;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.Fence;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Commits of some rooms in one transaction: lock the rooms, load what the decisions need, decide,
 * store. Rooms are locked in the order of their ids, so that servers do not wait for each other in
 * a circle; what is loaded is loaded by statements of its own, which see what others have committed
 * before the lock was theirs.
 */
final class CommitBatch {
  private final DbExecute database;
  private final List<Group> groups;
  private final Map<RoomId, Ledger> ledgers = new LinkedHashMap<>();

  /** Commits of one room, in order. */
  record Group(RoomId room, List<Proposal> proposals) {
    Group {
      proposals = List.copyOf(proposals);
    }
  }

  /** What a room's commits are judged by, and what becomes of it. */
  private static final class Ledger {
    final RoomId room;
    final boolean isFrozen;
    final LockPolicy policy;
    final FencingToken floor;
    final Instant now;
    final Map<CommitId, LoggedCommit> named = new HashMap<>();
    final Map<BlockId, Fence> fences = new HashMap<>();
    final Map<BlockId, Fence> newFences = new LinkedHashMap<>();
    final List<LoggedCommit> newCommits = new ArrayList<>();

    /** The last of each hundred numbers. */
    final Map<Long, WorkspaceSnapshot> snapshots = new LinkedHashMap<>();

    SequenceNumber last;

    Ledger(DbRow row) {
      room = new RoomId(row.column("room_id").get(String.class));
      last = PostgresCommitLog.last(row);
      isFrozen = row.column("is_frozen").get(Boolean.class);
      policy = LockPolicy.valueOf(row.column("lock_policy").get(String.class));
      floor = new FencingToken(row.column("token_floor").get(Long.class));
      now = row.column("now").get(Timestamp.class).toInstant();
    }

    AppendOutcome judge(Proposal proposal) {
      Commit commit = proposal.commit();
      Optional<LoggedCommit> first = commit.id().map(named::get);
      if (first.isPresent()) {
        return first.get().isSameEditAs(commit)
            ? new AppendOutcome.Duplicate(first.get().seq(), first.get().at())
            : new AppendOutcome.Mismatch();
      }
      return switch (CommitPolicy.admit(proposal, isFrozen, policy, floor, fences)) {
        case CommitDecision.Accepted accepted -> accept(proposal);
        case CommitDecision.Fenced fenced -> new AppendOutcome.Fenced(fenced.blocks(), last);
        case CommitDecision.NotHeld notHeld -> new AppendOutcome.NotHeld(notHeld.blocks());
        case CommitDecision.Frozen frozen -> new AppendOutcome.Frozen();
        case CommitDecision.Refused refused ->
            throw new IllegalStateException("locks are not asked here");
      };
    }

    private AppendOutcome accept(Proposal proposal) {
      Commit commit = proposal.commit();
      if (!commit.events().isEmpty()) {
        last = new SequenceNumber(last.value() + 1);
        LoggedCommit logged =
            new LoggedCommit(
                last, commit.by(), commit.block(), commit.events().json(), now, commit.id());
        newCommits.add(logged);
        commit.id().ifPresent(id -> named.put(id, logged));
      }
      commit
          .touched()
          .forEach(block -> {
            FencingToken token = proposal.grants().get(block);
            if (token != null) {
              Fence fence = new Fence(block, token, Optional.of(commit.by()));
              fences.put(block, fence);
              newFences.put(block, fence);
            }
          });
      commit
          .workspaceAt(last)
          .ifPresent(xml ->
              snapshots.put(
                  last.value() / PostgresWorkspaces.THINNED_TO, WorkspaceSnapshot.of(last, xml)));
      return new AppendOutcome.Appended(last, now);
    }
  }

  CommitBatch(DbExecute database, List<Group> groups) {
    this.database = database;
    this.groups = List.copyOf(groups);
  }

  /** What became of each commit, group by group. */
  List<List<AppendOutcome>> store() {
    lockRooms();
    loadNamedCommits();
    loadFences();
    List<List<AppendOutcome>> outcomes = groups.stream().map(this::judge).toList();
    write();
    keepSnapshots();
    return outcomes;
  }

  private List<AppendOutcome> judge(Group group) {
    Ledger ledger = ledgers.get(group.room());
    return group.proposals().stream()
        .map(proposal -> ledger == null ? new AppendOutcome.NoSuchRoom() : ledger.judge(proposal))
        .toList();
  }

  private void lockRooms() {
    String[] rooms =
        groups.stream().map(group -> group.room().value()).distinct().toArray(String[]::new);
    database
        .query(
            """
            SELECT room_id, last_seq, is_frozen, lock_policy, token_floor,
                   clock_timestamp() AS now
              FROM rooms
             WHERE room_id = ANY (CAST(? AS text[]))
             ORDER BY room_id
               FOR UPDATE
            """,
            (Object) rooms)
        .map(Ledger::new)
        .forEach(ledger -> ledgers.put(ledger.room, ledger));
  }

  private void loadNamedCommits() {
    Columns asked = new Columns();
    forEachCommit(
        (room, commit) -> commit.id().ifPresent(id -> asked.add(room.value(), id.value())));
    if (asked.isEmpty()) {
      return;
    }
    database
        .query(
            """
            SELECT room_id, seq, cid, block_id, client_id, events, stored_at
              FROM commits
              JOIN unnest(CAST(? AS text[]), CAST(? AS text[])) AS asked (room_id, cid)
             USING (room_id, cid)
            """,
            asked.texts(0),
            asked.texts(1))
        .forEach(row -> {
          LoggedCommit commit = PostgresCommitLog.commit(row);
          ledger(row).named.put(commit.id().orElseThrow(), commit);
        });
  }

  private void loadFences() {
    Columns touched = new Columns();
    forEachCommit((room, commit) ->
        commit.touched().forEach(block -> touched.add(room.value(), block.value())));
    database
        .query(
            """
            SELECT DISTINCT room_id, block_id, token, owner
              FROM fences
              JOIN unnest(CAST(? AS text[]), CAST(? AS text[])) AS touched (room_id, block_id)
             USING (room_id, block_id)
            """,
            touched.texts(0),
            touched.texts(1))
        .forEach(row -> {
          Fence fence = fence(row);
          ledger(row).fences.put(fence.block(), fence);
        });
  }

  private void write() {
    Columns commits = new Columns();
    Columns fences = new Columns();
    Columns rooms = new Columns();
    for (Ledger ledger : ledgers.values()) {
      String room = ledger.room.value();
      ledger.newCommits.forEach(commit ->
          commits.add(
              room,
              commit.seq().value(),
              commit.id().map(CommitId::value).orElse(null),
              commit.block().value(),
              commit.by().value(),
              commit.events(),
              commit.at().toString()));
      ledger
          .newFences
          .values()
          .forEach(fence ->
              fences.add(
                  room,
                  fence.block().value(),
                  fence.token().value(),
                  fence.owner().map(ClientId::value).orElse(null)));
      if (!ledger.newCommits.isEmpty()) {
        rooms.add(room, ledger.last.value());
      }
    }
    if (fences.isEmpty()) {
      return; // nothing stands
    }
    database.insert(
        """
        WITH logged AS (
          INSERT INTO commits (room_id, seq, cid, block_id, client_id, events, stored_at)
          SELECT *
            FROM unnest(CAST(? AS text[]), CAST(? AS bigint[]), CAST(? AS text[]),
                        CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]),
                        CAST(? AS timestamptz[]))
        ), numbered AS (
          UPDATE rooms
             SET last_seq = counted.last_seq
            FROM unnest(CAST(? AS text[]), CAST(? AS bigint[])) AS counted (room_id, last_seq)
           WHERE rooms.room_id = counted.room_id
        )
        INSERT INTO fences AS former (room_id, block_id, token, owner)
        SELECT *
          FROM unnest(CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]), CAST(? AS text[]))
        ON CONFLICT (room_id, block_id) DO UPDATE
           SET token = excluded.token, owner = excluded.owner
        """,
        commits.texts(0),
        commits.numbers(1),
        commits.texts(2),
        commits.texts(3),
        commits.texts(4),
        commits.texts(5),
        commits.texts(6),
        rooms.texts(0),
        rooms.numbers(1),
        fences.texts(0),
        fences.texts(1),
        fences.numbers(2),
        fences.texts(3));
  }

  private void keepSnapshots() {
    Map<RoomId, List<WorkspaceSnapshot>> newest = new LinkedHashMap<>();
    ledgers.forEach((room, ledger) -> {
      if (!ledger.snapshots.isEmpty()) {
        newest.put(room, List.copyOf(ledger.snapshots.values()));
      }
    });
    if (!newest.isEmpty()) {
      PostgresWorkspaces.keep(database, newest, false);
    }
  }

  private interface Each {
    void accept(RoomId room, Commit commit);
  }

  /** Of the rooms that exist. */
  private void forEachCommit(Each each) {
    groups.stream()
        .filter(group -> ledgers.containsKey(group.room()))
        .forEach(group ->
            group.proposals().forEach(proposal -> each.accept(group.room(), proposal.commit())));
  }

  private Ledger ledger(DbRow row) {
    Ledger ledger = ledgers.get(new RoomId(row.column("room_id").get(String.class)));
    if (ledger == null) {
      throw new IllegalStateException("a row of a room that was not asked for");
    }
    return ledger;
  }

  private static Fence fence(DbRow row) {
    return new Fence(
        new BlockId(row.column("block_id").get(String.class)),
        new FencingToken(row.column("token").get(Long.class)),
        Optional.ofNullable(row.column("owner").get(String.class)).map(ClientId::new));
  }
}
