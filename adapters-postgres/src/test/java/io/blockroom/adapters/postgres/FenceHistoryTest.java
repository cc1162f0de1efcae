package io.blockroom.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.Edit;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.participant.ClientId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** I1: what became of the fences, in the order in which it did, as the database itself noted it. */
class FenceHistoryTest extends OnPostgres {
  private static final int CALLERS = 8;
  private static final int STEPS = 30;

  /** Whoever commits or bars holds the room's row, so the numbers are in the order of commits. */
  private record Change(long n, String block, long token, String owner, boolean isBar) {}

  @BeforeEach
  void note() {
    SharedPostgres.execute(
        database,
        """
        CREATE TABLE fence_history (
          n bigserial PRIMARY KEY, block_id text, token bigint, owner text);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO fence_history (block_id, token, owner)
          VALUES (new.block_id, new.token, new.owner);
          RETURN new;
        END $$;
        CREATE TRIGGER note AFTER INSERT OR UPDATE ON fences
          FOR EACH ROW EXECUTE FUNCTION note()
        """);
    openRooms();
  }

  @Test
  void tokens_never_fall_have_one_owner_and_are_over_once_barred() throws SQLException {
    long seed = new Random().nextLong();
    AtomicLong newest = new AtomicLong(1);

    AtOnce.call(
        CALLERS,
        caller -> {
          Random random = new Random(seed + caller);
          IntStream.range(0, STEPS).forEach(step -> act(random, newest));
          return caller;
        });

    List<Change> history = history();
    assertThat(history).as("seed " + seed).hasSizeGreaterThan(CALLERS);
    assertThat(history).as("seed " + seed).anyMatch(Change::isBar).anyMatch(each -> !each.isBar());
    Map<String, Change> former = new HashMap<>();
    for (Change change : history) {
      Change before = former.put(change.block(), change);
      if (before != null) {
        assertFollows(before, change, "seed " + seed);
      }
    }
  }

  /** Sometimes a new grant, mostly one that is new or not quite so new, of one or another owner. */
  private void act(Random random, AtomicLong newest) {
    BlockId block = new BlockId("b" + random.nextInt(3));
    BlockId other = new BlockId("b" + random.nextInt(3));
    long token =
        random.nextInt(4) == 0
            ? newest.incrementAndGet()
            : Math.max(1, newest.get() - random.nextInt(4));
    if (random.nextInt(6) == 0) {
      storage().fences().bar(MAZE, Map.of(block, new FencingToken(token)));
    } else {
      ClientId author = random.nextBoolean() ? ADA : BOB;
      append(Edit.of(block).touching(other).by(author).under(token));
    }
  }

  private static void assertFollows(Change before, Change change, String seed) {
    String what = seed + ": " + before + ", then " + change;
    assertThat(change.token()).as(what).isGreaterThanOrEqualTo(before.token());
    if (change.token() == before.token() && !change.isBar()) {
      assertThat(before.isBar()).as(what).isFalse();
      assertThat(change.owner()).as(what).isEqualTo(before.owner());
    }
  }

  private List<Change> history() throws SQLException {
    List<Change> changes = new ArrayList<>();
    try (Connection connection = SharedPostgres.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT n, block_id, token, coalesce(owner, ''), owner IS NULL
                  FROM fence_history
                 ORDER BY n
                """)) {
      while (row.next()) {
        changes.add(
            new Change(
                row.getLong(1),
                row.getString(2),
                row.getLong(3),
                row.getString(4),
                row.getBoolean(5)));
      }
    }
    return changes;
  }
}
