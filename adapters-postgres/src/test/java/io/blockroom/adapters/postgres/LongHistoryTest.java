package io.blockroom.adapters.postgres;

import static io.blockroom.application.port.out.StorageContract.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A room with a million commits is entered as one with a hundred, and it can be got rid of. */
class LongHistoryTest extends OnPostgres {
  private static final int MILLION = 1_000_000;
  private static final int HUNDRED = 100;
  private static final Pattern BLOCKS = Pattern.compile("\"Shared (?:Hit|Read) Blocks\": (\\d+)");

  @BeforeEach
  void fill() {
    openRooms();
    fill(MAZE, MILLION);
    fill(MUSIC, HUNDRED);
    SharedPostgres.execute(database, "ANALYZE");
  }

  @Test
  void the_work_of_entering_a_room_does_not_grow_with_its_history() throws SQLException {
    WorkspaceView view = view();

    assertThat(view.snapshotSeq().value()).isEqualTo(MILLION - 50);
    assertThat(view.tail()).extracting(LoggedCommit::seq).isEqualTo(numbers(MILLION - 49, MILLION));
    assertThat(storage().workspaces().view(MUSIC, WorkspaceForm.ANY).orElseThrow().tail())
        .hasSize(50);
    assertSameWork(PostgresCommitLog.RANGE, "text, bigint, bigint", "'%s', %d, 2147483647");
    assertSameWork(PostgresWorkspaces.NEWEST, "text[], text", "'{state,xml}', '%s'");
    assertThat(storage().rooms().delete(MAZE)).isTrue();
    assertThat(storage().rooms().find(MAZE)).isEmpty();
  }

  private void assertSameWork(String sql, String types, String values) throws SQLException {
    String longer = explained(sql, types, values.formatted(MAZE, MILLION - 50));
    String shorter = explained(sql, types, values.formatted(MUSIC, HUNDRED - 50));

    assertThat(longer).doesNotContain("Seq Scan").contains("Index");
    assertThat(blocks(longer)).isLessThan(blocks(shorter) + 20);
  }

  /** The plan that serves all values alike, as a prepared statement has it after some time. */
  private String explained(String sql, String types, String values) throws SQLException {
    try (Connection connection = SharedPostgres.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("SET plan_cache_mode = force_generic_plan");
      statement.execute("PREPARE entering (" + types + ") AS " + numbered(sql));
      try (ResultSet plan =
          statement.executeQuery(
              "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE entering (" + values + ")")) {
        plan.next();
        return plan.getString(1);
      }
    }
  }

  private static String numbered(String sql) {
    int[] parameter = {0};
    return Pattern.compile("\\?").matcher(sql).replaceAll(_ -> "\\$" + ++parameter[0]);
  }

  /** Those of the whole plan come first: once found in memory, once read. */
  private static int blocks(String plan) {
    Matcher found = BLOCKS.matcher(plan);
    int blocks = 0;
    for (int i = 0; i < 2 && found.find(); i++) {
      blocks += Integer.parseInt(found.group(1));
    }
    return blocks;
  }

  /** Commits of which the last fifty are in no snapshot. */
  private void fill(RoomId room, int commits) {
    SharedPostgres.execute(
        database,
        """
        SET session_replication_role = replica; -- the room is there: do not ask a million times
        INSERT INTO commits (room_id, seq, cid, block_id, client_id, events, stored_at)
        SELECT '%1$s', n, 'c' || n, 'intro', 'ada', '[{"type":"move"}]', now()
          FROM generate_series(1, %2$d) AS n;
        INSERT INTO snapshots (room_id, form, seq, xml, stored_at)
        SELECT '%1$s', 'xml', n, '<xml/>', now()
          FROM generate_series(50, %2$d - 50, 100) AS n
        UNION
        SELECT '%1$s', 'xml', %2$d - 50, '<xml/>', now();
        UPDATE rooms SET last_seq = %2$d WHERE room_id = '%1$s'
        """
            .formatted(room, commits));
  }
}
