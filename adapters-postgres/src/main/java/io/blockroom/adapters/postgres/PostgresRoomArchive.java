package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.RoomArchive;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.helidon.dbclient.DbExecute;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Whole histories, read and written in pages within one transaction. */
final class PostgresRoomArchive implements RoomArchive {
  /** Commits of a page. */
  private static final int PAGE = 200;

  private static final String MARKER_AUTHOR = "server";
  private static final String MARKER_BLOCK = "restore";

  private final PostgresCalls calls;

  PostgresRoomArchive(PostgresCalls calls) {
    this.calls = calls;
  }

  @Override
  public RestoreOutcome restore(RoomId room, SequenceNumber to, Epoch epoch) {
    return calls.transact(database -> {
      Optional<SequenceNumber> last =
          database
              .get("SELECT last_seq FROM rooms WHERE room_id = ? FOR UPDATE", room.value())
              .map(PostgresCommitLog::last);
      return last.isEmpty()
          ? new RestoreOutcome.NoSuchRoom()
          : restore(database, room, last.get(), to, epoch);
    });
  }

  private static RestoreOutcome restore(
      DbExecute database, RoomId room, SequenceNumber last, SequenceNumber to, Epoch epoch) {
    Optional<SequenceNumber> xml = newestUpTo(database, room, "xml", to);
    Optional<SequenceNumber> state = newestUpTo(database, room, "state", to);
    SequenceNumber base = xml.orElse(SequenceNumber.NONE);
    long copies = to.value() - base.value();
    if (!last.includes(to) || count(database, room, base, to) != copies) {
      return new RestoreOutcome.NoSuchSeq();
    }
    long marker = last.value() + 1;
    SequenceNumber newLast = new SequenceNumber(marker + copies);
    mark(database, room, marker, to);
    copyCommits(database, room, base, to, marker - base.value());
    if (xml.isPresent()) {
      copySnapshot(database, room, "xml", xml.get(), marker);
    } else {
      PostgresWorkspaces.keep(database, room, empty(marker, state.isEmpty()), true);
    }
    state
        .filter(seq -> seq.includes(base))
        .ifPresent(
            seq -> copySnapshot(database, room, "state", seq, marker + seq.value() - base.value()));
    database.update(
        "UPDATE rooms SET last_seq = ?, epoch = ? WHERE room_id = ?",
        newLast.value(),
        epoch.value(),
        room.value());
    return new RestoreOutcome.Restored(epoch, newLast);
  }

  private static WorkspaceSnapshot empty(long seq, boolean inBothForms) {
    return new WorkspaceSnapshot(
        new SequenceNumber(seq),
        Optional.of(WorkspaceXml.EMPTY),
        inBothForms ? Optional.of(WorkspaceState.EMPTY) : Optional.empty());
  }

  private static Optional<SequenceNumber> newestUpTo(
      DbExecute database, RoomId room, String form, SequenceNumber to) {
    return database
        .get(
            """
            SELECT seq AS last_seq
              FROM snapshots
             WHERE room_id = ? AND form = ? AND seq <= ?
             ORDER BY seq DESC
             LIMIT 1
            """,
            room.value(),
            form,
            to.value())
        .map(PostgresCommitLog::last);
  }

  private static long count(
      DbExecute database, RoomId room, SequenceNumber after, SequenceNumber to) {
    return database
        .get(
            "SELECT count(*) AS n FROM commits WHERE room_id = ? AND seq > ? AND seq <= ?",
            room.value(),
            after.value(),
            to.value())
        .map(row -> row.column("n").get(Long.class))
        .orElseThrow();
  }

  private static void mark(DbExecute database, RoomId room, long marker, SequenceNumber to) {
    database.insert(
        """
        INSERT INTO commits (room_id, seq, block_id, client_id, events, stored_at)
        VALUES (?, ?, ?, ?, ?, clock_timestamp())
        """,
        room.value(),
        marker,
        MARKER_BLOCK,
        MARKER_AUTHOR,
        "[{\"type\":\"blockroom_restore\",\"toSeq\":" + to.value() + "}]");
  }

  private static void copyCommits(
      DbExecute database, RoomId room, SequenceNumber after, SequenceNumber to, long shift) {
    database.insert(
        """
        INSERT INTO commits (room_id, seq, block_id, client_id, events, stored_at)
        SELECT room_id, seq + ?, block_id, client_id, events, clock_timestamp()
          FROM commits
         WHERE room_id = ? AND seq > ? AND seq <= ?
        """,
        shift,
        room.value(),
        after.value(),
        to.value());
  }

  private static void copySnapshot(
      DbExecute database, RoomId room, String form, SequenceNumber from, long seq) {
    database.insert(
        """
        INSERT INTO snapshots (room_id, form, seq, is_kept, xml, state, stored_at)
        SELECT room_id, form, ?, true, xml, state, clock_timestamp()
          FROM snapshots
         WHERE room_id = ? AND form = ? AND seq = ?
        """,
        seq,
        room.value(),
        form,
        from.value());
  }

  @Override
  public boolean export(RoomId room, Consumer<Header> header, Consumer<LoggedCommit> commits) {
    return calls.look(database -> {
      Optional<Header> head =
          database
              .get(
                  """
                  SELECT room_id, title, max_users, lock_policy, is_frozen, is_closed, created_at,
                         last_seq
                    FROM rooms
                   WHERE room_id = ?
                  """,
                  room.value())
              .map(row ->
                  new Header(
                      PostgresRooms.room(row),
                      PostgresCommitLog.last(row),
                      snapshots(database, room)));
      head.ifPresent(known -> {
        header.accept(known);
        SequenceNumber from = SequenceNumber.NONE;
        List<LoggedCommit> page;
        do {
          page = PostgresCommitLog.range(database, room, from, PAGE);
          page.forEach(commits);
          from = page.isEmpty() ? from : page.getLast().seq();
        } while (page.size() == PAGE);
      });
      return head.isPresent();
    });
  }

  private static List<WorkspaceSnapshot> snapshots(DbExecute database, RoomId room) {
    List<SequenceNumber> seqs =
        database
            .query(
                """
                SELECT DISTINCT seq AS last_seq FROM snapshots WHERE room_id = ? ORDER BY seq
                """,
                room.value())
            .map(PostgresCommitLog::last)
            .toList();
    return seqs.stream()
        .flatMap(seq -> PostgresWorkspaces.find(database, room, seq).stream())
        .toList();
  }

  @Override
  public boolean bringIn(Header header, Supplier<Optional<LoggedCommit>> commits, Epoch epoch) {
    requireStorable(header);
    return calls.transact(database -> {
      if (PostgresRooms.insert(database, header.room()).isEmpty()) {
        return false;
      }
      Room room = header.room();
      database.update(
          "UPDATE rooms SET last_seq = ?, epoch = ? WHERE room_id = ?",
          header.last().value(),
          epoch.value(),
          room.id().value());
      // As they are: what was kept there is kept here.
      header
          .snapshots()
          .forEach(snapshot -> PostgresWorkspaces.keep(database, room.id(), snapshot, true));
      new Incoming(database, header).take(commits);
      return true;
    });
  }

  private static void requireStorable(Header header) {
    Text.requireStorable(header.room().title());
    SequenceNumber below = SequenceNumber.NONE;
    boolean isFirst = true;
    for (WorkspaceSnapshot snapshot : header.snapshots()) {
      require(header.last().includes(snapshot.seq()), "a snapshot ahead of the room");
      require(isFirst || !below.includes(snapshot.seq()), "snapshots out of order");
      snapshot.xml().map(WorkspaceXml::text).ifPresent(Text::requireStorable);
      snapshot.state().map(WorkspaceState::json).ifPresent(Text::requireStorable);
      below = snapshot.seq();
      isFirst = false;
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** The commits of a room that is being brought in, page by page. */
  private static final class Incoming {
    private final DbExecute database;
    private final Header header;
    private final Set<CommitId> names = new HashSet<>();
    private final Columns page = new Columns();

    /** The number that the next commit must have; unknown before the first. */
    private Optional<SequenceNumber> next = Optional.empty();

    Incoming(DbExecute database, Header header) {
      this.database = database;
      this.header = header;
    }

    void take(Supplier<Optional<LoggedCommit>> commits) {
      for (Optional<LoggedCommit> each = commits.get(); each.isPresent(); each = commits.get()) {
        take(each.get());
        if (page.size() == PAGE) {
          write();
        }
      }
      write();
      SequenceNumber behind = new SequenceNumber(header.last().value() + 1);
      if (next.isEmpty()) {
        requireGroundBefore(behind);
      } else {
        require(next.get().equals(behind), "commits that do not reach the last number");
      }
    }

    private void take(LoggedCommit commit) {
      Text.requireStorable(commit.events());
      require(commit.seq().isGiven(), "a commit without a number");
      if (next.isEmpty()) {
        requireGroundBefore(commit.seq());
      } else {
        require(next.get().equals(commit.seq()), "a gap between commits");
      }
      require(commit.id().isEmpty() || names.add(commit.id().get()), "two commits of one name");
      next = Optional.of(new SequenceNumber(commit.seq().value() + 1));
      page.add(
          commit.seq().value(),
          commit.id().map(CommitId::value).orElse(null),
          commit.block().value(),
          commit.by().value(),
          commit.events(),
          commit.at().toString());
    }

    /** What came before the first commit must be in a snapshot that everybody can read. */
    private void requireGroundBefore(SequenceNumber first) {
      long known =
          header.snapshots().stream()
              .filter(snapshot -> snapshot.xml().isPresent())
              .mapToLong(snapshot -> snapshot.seq().value())
              .max()
              .orElse(0);
      require(first.value() <= known + 1, "commits that nothing goes before");
    }

    private void write() {
      database.insert(
          """
          INSERT INTO commits (room_id, seq, cid, block_id, client_id, events, stored_at)
          SELECT CAST(? AS text), seq, cid, block_id, client_id, events, stored_at
            FROM unnest(CAST(? AS bigint[]), CAST(? AS text[]), CAST(? AS text[]),
                        CAST(? AS text[]), CAST(? AS text[]), CAST(? AS timestamptz[]))
                 AS c (seq, cid, block_id, client_id, events, stored_at)
          """,
          header.room().id().value(),
          page.numbers(0),
          page.texts(1),
          page.texts(2),
          page.texts(3),
          page.texts(4),
          page.texts(5));
      page.clear();
    }
  }

  @Override
  public int compact(Instant before, int limit) {
    return calls.transact(database -> {
      List<String> rooms = forgetCommits(database, before, limit);
      forgetSnapshots(database, rooms.stream().distinct().toArray(String[]::new));
      return rooms.size();
    });
  }

  /**
   * Of each room those before the first one that must stay: a log has no hole, whatever the moments
   * of commits that were brought in.
   *
   * @return the room of each
   */
  private static List<String> forgetCommits(DbExecute database, Instant before, int limit) {
    return database
        .query(
            """
            WITH old AS (
              SELECT DISTINCT room_id FROM commits WHERE stored_at < ?
            ), doomed AS (
              SELECT old.room_id, of_room.seq
                FROM old
                CROSS JOIN LATERAL (
                  SELECT seq
                    FROM commits
                   WHERE commits.room_id = old.room_id
                     AND seq <= (SELECT max(seq) FROM snapshots
                                  WHERE snapshots.room_id = old.room_id AND form = 'xml')
                     AND seq < coalesce(
                           (SELECT seq FROM commits AS young
                             WHERE young.room_id = old.room_id AND young.stored_at >= ?
                             ORDER BY seq LIMIT 1),
                           9223372036854775807)
                   ORDER BY seq
                   LIMIT ?
                ) AS of_room
               LIMIT ?
            )
            DELETE FROM commits
             USING doomed
             WHERE commits.room_id = doomed.room_id AND commits.seq = doomed.seq
            RETURNING commits.room_id
            """,
            before.atOffset(ZoneOffset.UTC),
            before.atOffset(ZoneOffset.UTC),
            limit,
            limit)
        .map(row -> row.column("room_id").get(String.class))
        .toList();
  }

  /** Those from which the commits that are left do not go on, but for the newest of each form. */
  private static void forgetSnapshots(DbExecute database, String[] rooms) {
    database.delete(
        """
        WITH first AS (
          SELECT room_id,
                 coalesce(
                     (SELECT seq FROM commits
                       WHERE commits.room_id = rooms.room_id ORDER BY seq LIMIT 1),
                     last_seq + 1) AS seq
            FROM rooms
           WHERE room_id = ANY (CAST(? AS text[]))
        )
        DELETE FROM snapshots AS old
         USING first
         WHERE old.room_id = first.room_id
           AND old.seq < first.seq - 1
           AND old.seq < (SELECT max(newer.seq) FROM snapshots AS newer
                           WHERE newer.room_id = old.room_id AND newer.form = old.form)
        """,
        (Object) rooms);
  }
}
