package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.CommitLog;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.Proposal;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomId;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Commits as rows of the table {@code commits}. */
final class PostgresCommitLog implements CommitLog {
  static final String RANGE =
      """
      SELECT seq, cid, block_id, client_id, events, stored_at
        FROM commits
       WHERE room_id = ? AND seq > ?
       ORDER BY seq
       LIMIT ?
      """;

  private final PostgresCalls calls;
  private final CommitWriter writer;

  PostgresCommitLog(PostgresCalls calls, CommitWriter writer) {
    this.calls = calls;
    this.writer = writer;
  }

  @Override
  public List<AppendOutcome> append(RoomId room, List<Proposal> proposals) {
    proposals.stream()
        .map(Proposal::commit)
        .forEach(commit -> {
          Text.requireStorable(commit.events().json());
          commit.workspace().map(WorkspaceXml::text).ifPresent(Text::requireStorable);
        });
    return proposals.isEmpty() ? List.of() : writer.store(room, proposals);
  }

  @Override
  public Excerpt read(RoomId room, SequenceNumber after, int limit) {
    return calls.look(database ->
        database
            .get("SELECT epoch, last_seq FROM rooms WHERE room_id = ?", room.value())
            .map(row -> excerpt(row, range(database, room, after, limit), after))
            .orElseGet(() -> new Excerpt(Optional.empty(), SequenceNumber.NONE, List.of(), true)));
  }

  @Override
  public Map<CommitId, LoggedCommit> find(RoomId room, Set<CommitId> ids) {
    String[] names = ids.stream().map(CommitId::value).toArray(String[]::new);
    return calls.answer(database ->
        database
            .query(
                """
                SELECT seq, cid, block_id, client_id, events, stored_at
                  FROM commits
                 WHERE room_id = ? AND cid = ANY (CAST(? AS text[]))
                """,
                room.value(),
                names)
            .map(PostgresCommitLog::commit)
            .collect(Collectors.toMap(commit -> commit.id().orElseThrow(), Function.identity())));
  }

  @Override
  public Map<RoomId, SequenceNumber> last(Set<RoomId> rooms) {
    String[] ids = rooms.stream().map(RoomId::value).toArray(String[]::new);
    return calls.answer(database ->
        database
            .query(
                "SELECT room_id, last_seq FROM rooms WHERE room_id = ANY (CAST(? AS text[]))",
                (Object) ids)
            .collect(
                Collectors.toMap(
                    row -> new RoomId(row.column("room_id").get(String.class)),
                    PostgresCommitLog::last)));
  }

  /** Commits after a number, in order, whether there are gaps or not. */
  static List<LoggedCommit> range(
      DbExecute database, RoomId room, SequenceNumber after, int limit) {
    return database
        .query(RANGE, room.value(), after.value(), limit)
        .map(PostgresCommitLog::commit)
        .toList();
  }

  static Epoch epoch(DbRow room) {
    return new Epoch(room.column("epoch").get(String.class));
  }

  static SequenceNumber last(DbRow room) {
    return new SequenceNumber(room.column("last_seq").get(Long.class));
  }

  static LoggedCommit commit(DbRow row) {
    return new LoggedCommit(
        new SequenceNumber(row.column("seq").get(Long.class)),
        new ClientId(row.column("client_id").get(String.class)),
        new BlockId(row.column("block_id").get(String.class)),
        row.column("events").get(String.class),
        row.column("stored_at").get(Timestamp.class).toInstant(),
        Optional.ofNullable(row.column("cid").get(String.class)).map(CommitId::new));
  }

  private static Excerpt excerpt(DbRow room, List<LoggedCommit> commits, SequenceNumber after) {
    // They come in order and no number twice, so the last one tells whether any is missing.
    boolean isComplete =
        commits.isEmpty()
            ? after.includes(last(room))
            : commits.getLast().seq().value() == after.value() + commits.size();
    return new Excerpt(
        Optional.of(epoch(room)), last(room), isComplete ? commits : List.of(), isComplete);
  }
}
