package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.Workspaces;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.helidon.dbclient.DbRow;
import java.util.Optional;

/** Workspaces as rows of the table {@code workspace_snapshots}, numbered by their room's row. */
final class PostgresWorkspaces implements Workspaces {
  private final PostgresCalls calls;
  private final CommitWriter writer;

  PostgresWorkspaces(PostgresCalls calls, CommitWriter writer) {
    this.calls = calls;
    this.writer = writer;
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
    return writer.store(room, commit);
  }

  private static WorkspaceSnapshot snapshot(DbRow row) {
    return new WorkspaceSnapshot(
        new SequenceNumber(row.column("seq").get(Long.class)),
        new WorkspaceXml(row.column("workspace_xml").get(String.class)));
  }
}
