package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.Workspaces;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.util.Optional;

/**
 * Workspaces as rows of the table {@code workspace_snapshots}, numbered by their room's row.
 *
 * <p>A commit is one statement and thereby one transaction, one round trip and one flush. The
 * update of the room's row comes first in it: its lock lets the commits of a room pass one by one,
 * and what follows sees the number that the last one left.
 */
final class PostgresWorkspaces implements Workspaces {
  private final PostgresCalls calls;

  PostgresWorkspaces(PostgresCalls calls) {
    this.calls = calls;
  }

  @Override
  public Optional<WorkspaceSnapshot> newest(RoomId room) {
    return calls.answer(database ->
        database
            .get(
                """
                SELECT seq, workspace_xml
                  FROM workspace_snapshots
                 WHERE room_id = ?
                """,
                room.value())
            .map(PostgresWorkspaces::snapshot));
  }

  @Override
  public SequenceNumber store(RoomId room, Commit commit) {
    commit.workspace().map(WorkspaceXml::text).ifPresent(Text::requireStorable);
    int step = commit.events().isEmpty() ? 0 : 1;
    return calls
        .answer(database ->
            commit
                .workspace()
                .map(workspace -> numberAndKeep(database, room, step, workspace))
                .orElseGet(() -> number(database, room, step)))
        .map(row -> new SequenceNumber(row.column("last_seq").get(Long.class)))
        .orElseThrow(() -> new IllegalArgumentException("no such room: " + room));
  }

  private static Optional<DbRow> number(DbExecute database, RoomId room, int step) {
    return database.get(
        """
        UPDATE rooms
           SET last_seq = last_seq + ?
         WHERE room_id = ?
        RETURNING last_seq
        """,
        step,
        room.value());
  }

  private static Optional<DbRow> numberAndKeep(
      DbExecute database, RoomId room, int step, WorkspaceXml workspace) {
    return database.get(
        """
        WITH numbered AS (
          UPDATE rooms
             SET last_seq = last_seq + ?
           WHERE room_id = ?
          RETURNING room_id, last_seq
        ), kept AS (
          INSERT INTO workspace_snapshots AS newest (room_id, seq, workspace_xml, stored_at)
          SELECT room_id, last_seq, ?, now() FROM numbered
          ON CONFLICT (room_id) DO UPDATE
             SET seq = excluded.seq,
                 workspace_xml = excluded.workspace_xml,
                 stored_at = excluded.stored_at
           WHERE newest.seq <= excluded.seq
        )
        SELECT last_seq FROM numbered
        """,
        step,
        room.value(),
        workspace.text());
  }

  private static WorkspaceSnapshot snapshot(DbRow row) {
    return new WorkspaceSnapshot(
        new SequenceNumber(row.column("seq").get(Long.class)),
        new WorkspaceXml(row.column("workspace_xml").get(String.class)));
  }
}
