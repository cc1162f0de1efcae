package io.blockroom.adapters.postgres;

import io.blockroom.adapters.postgres.RecentSnapshots.Version;
import io.blockroom.application.port.out.Workspaces;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.blockroom.domain.snapshot.WorkspaceView;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Snapshots as rows of the table {@code snapshots}, one for each form. */
final class PostgresWorkspaces implements Workspaces {
  /** Of so many numbers the last snapshot is kept. */
  static final long THINNED_TO = 100;

  static final String NEWEST =
      """
      SELECT newest.form, newest.seq, newest.version
        FROM unnest(CAST(? AS text[])) AS readable (form)
        CROSS JOIN LATERAL (
          SELECT form, seq, CAST(xmin AS text) || ' ' || stored_at AS version
            FROM snapshots
           WHERE room_id = ? AND snapshots.form = readable.form
           ORDER BY seq DESC
           LIMIT 1
        ) AS newest
       ORDER BY newest.seq DESC, newest.form
       LIMIT 1
      """;

  private final PostgresCalls calls;
  private final RecentSnapshots recent = new RecentSnapshots();

  PostgresWorkspaces(PostgresCalls calls) {
    this.calls = calls;
  }

  @Override
  public Optional<WorkspaceView> view(RoomId room, WorkspaceForm form) {
    return calls.look(database ->
        database
            .get("SELECT epoch, last_seq FROM rooms WHERE room_id = ?", room.value())
            .map(row -> view(database, room, row, form)));
  }

  private WorkspaceView view(DbExecute database, RoomId room, DbRow row, WorkspaceForm form) {
    Optional<WorkspaceSnapshot> snapshot = newest(database, room, form);
    SequenceNumber from = snapshot.map(WorkspaceSnapshot::seq).orElse(SequenceNumber.NONE);
    return new WorkspaceView(
        PostgresCommitLog.epoch(row),
        PostgresCommitLog.last(row),
        snapshot,
        PostgresCommitLog.range(database, room, from, Integer.MAX_VALUE));
  }

  /** Of two that are equally new the state. */
  private Optional<WorkspaceSnapshot> newest(DbExecute database, RoomId room, WorkspaceForm form) {
    String[] forms =
        switch (form) {
          case XML -> new String[] {"xml"};
          case ANY -> new String[] {"state", "xml"};
        };
    return database
        .get(NEWEST, forms, room.value())
        .map(row -> version(room, row))
        .map(newest -> recent.get(newest, version -> read(database, version)));
  }

  private static Version version(RoomId room, DbRow row) {
    return new Version(
        room,
        row.column("form").get(String.class),
        new SequenceNumber(row.column("seq").get(Long.class)),
        row.column("version").get(String.class));
  }

  /** In the transaction that saw the version. */
  private static WorkspaceSnapshot read(DbExecute database, Version version) {
    return database
        .get(
            """
            SELECT seq, xml, CAST(state AS text) AS state
              FROM snapshots
             WHERE room_id = ? AND form = ? AND seq = ?
            """,
            version.room().value(),
            version.form(),
            version.seq().value())
        .map(PostgresWorkspaces::snapshot)
        .orElseThrow();
  }

  @Override
  public SnapshotOutcome store(RoomId room, WorkspaceSnapshot snapshot) {
    snapshot.xml().map(WorkspaceXml::text).ifPresent(Text::requireStorable);
    snapshot.state().map(WorkspaceState::json).ifPresent(Text::requireStorable);
    return calls.transact(database -> {
      Optional<SequenceNumber> last =
          database
              .get("SELECT last_seq FROM rooms WHERE room_id = ? FOR UPDATE", room.value())
              .map(PostgresCommitLog::last);
      if (last.isEmpty()) {
        return new SnapshotOutcome.NoSuchRoom();
      }
      if (!last.get().includes(snapshot.seq())
          || !snapshot.seq().includes(newestSeq(database, room))) {
        return new SnapshotOutcome.Stale();
      }
      keep(database, room, snapshot, false);
      return new SnapshotOutcome.Stored();
    });
  }

  private static SequenceNumber newestSeq(DbExecute database, RoomId room) {
    return database
        .get(
            "SELECT coalesce(max(seq), 0) AS last_seq FROM snapshots WHERE room_id = ?",
            room.value())
        .map(PostgresCommitLog::last)
        .orElseThrow();
  }

  /**
   * Stores a snapshot and thins out those before it.
   *
   * @param isKept whether this one is never thinned out; then it thins out none either
   */
  static void keep(DbExecute database, RoomId room, WorkspaceSnapshot snapshot, boolean isKept) {
    keep(database, Map.of(room, List.of(snapshot)), isKept);
  }

  /** The same for snapshots of some rooms, of each at most one of a hundred numbers. */
  static void keep(
      DbExecute database, Map<RoomId, List<WorkspaceSnapshot>> snapshots, boolean isKept) {
    Columns rows = new Columns();
    snapshots.forEach((room, some) -> some.forEach(snapshot -> addTo(rows, room, snapshot)));
    database.insert(
        """
        WITH next AS (
          SELECT *
            FROM unnest(CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]),
                        CAST(? AS text[]))
                 AS n (room_id, form, seq, workspace)
        ), thinned AS (
          DELETE FROM snapshots AS old
           USING next
           WHERE old.room_id = next.room_id AND old.form = next.form
             AND old.seq >= next.seq / ? * ? AND old.seq < next.seq
             AND NOT old.is_kept AND NOT CAST(? AS boolean)
        )
        INSERT INTO snapshots AS former (room_id, form, seq, is_kept, xml, state, stored_at)
        SELECT room_id, form, seq, ?,
               CASE form WHEN 'xml' THEN workspace END,
               CASE form WHEN 'state' THEN CAST(workspace AS jsonb) END,
               clock_timestamp()
          FROM next
        ON CONFLICT (room_id, form, seq) DO UPDATE
           SET xml = excluded.xml,
               state = excluded.state,
               is_kept = former.is_kept OR excluded.is_kept,
               stored_at = excluded.stored_at
        """,
        rows.texts(0),
        rows.texts(1),
        rows.numbers(2),
        rows.texts(3),
        THINNED_TO,
        THINNED_TO,
        isKept,
        isKept);
  }

  private static void addTo(Columns rows, RoomId room, WorkspaceSnapshot snapshot) {
    long seq = snapshot.seq().value();
    snapshot.xml().ifPresent(xml -> rows.add(room.value(), "xml", seq, xml.text()));
    snapshot.state().ifPresent(state -> rows.add(room.value(), "state", seq, state.json()));
  }

  @Override
  public Optional<Lag> lag(RoomId room) {
    return calls.answer(database ->
        database
            .get(
                """
                SELECT last_seq,
                       (SELECT coalesce(max(seq), 0) FROM snapshots
                         WHERE room_id = rooms.room_id AND form = 'xml') AS xml,
                       (SELECT coalesce(max(seq), 0) FROM snapshots
                         WHERE room_id = rooms.room_id AND form = 'state') AS state
                  FROM rooms
                 WHERE room_id = ?
                """,
                room.value())
            .map(row ->
                new Lag(
                    PostgresCommitLog.last(row),
                    new SequenceNumber(row.column("xml").get(Long.class)),
                    new SequenceNumber(row.column("state").get(Long.class)))));
  }

  @Override
  public List<Entry> list(RoomId room, SequenceNumber below, int limit) {
    return calls.answer(database ->
        database
            .query(
                """
                SELECT seq,
                       bool_or(form = 'xml') AS has_xml,
                       bool_or(form = 'state') AS has_state,
                       max(stored_at) AS stored_at
                  FROM snapshots
                 WHERE room_id = ? AND seq < ?
                 GROUP BY seq
                 ORDER BY seq DESC
                 LIMIT ?
                """,
                room.value(),
                below.value(),
                limit)
            .map(row ->
                new Entry(
                    new SequenceNumber(row.column("seq").get(Long.class)),
                    row.column("has_xml").get(Boolean.class),
                    row.column("has_state").get(Boolean.class),
                    row.column("stored_at").get(Timestamp.class).toInstant()))
            .toList());
  }

  @Override
  public Optional<WorkspaceSnapshot> find(RoomId room, SequenceNumber seq) {
    return calls.answer(database -> find(database, room, seq));
  }

  static Optional<WorkspaceSnapshot> find(DbExecute database, RoomId room, SequenceNumber seq) {
    return database
        .query(
            """
            SELECT seq, xml, CAST(state AS text) AS state
              FROM snapshots
             WHERE room_id = ? AND seq = ?
            """,
            room.value(),
            seq.value())
        .map(PostgresWorkspaces::snapshot)
        .reduce(PostgresWorkspaces::joined);
  }

  private static WorkspaceSnapshot joined(WorkspaceSnapshot one, WorkspaceSnapshot other) {
    return new WorkspaceSnapshot(one.seq(), one.xml().or(other::xml), one.state().or(other::state));
  }

  private static WorkspaceSnapshot snapshot(DbRow row) {
    return new WorkspaceSnapshot(
        new SequenceNumber(row.column("seq").get(Long.class)),
        Optional.ofNullable(row.column("xml").get(String.class)).map(WorkspaceXml::new),
        Optional.ofNullable(row.column("state").get(String.class)).map(WorkspaceState::new));
  }
}
