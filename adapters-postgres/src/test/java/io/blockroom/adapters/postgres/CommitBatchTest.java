package io.blockroom.adapters.postgres;

import static io.blockroom.application.port.out.StorageContract.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.CommitLog.AppendOutcome;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Appended;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.NoSuchRoom;
import io.blockroom.application.port.out.Edit;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.room.RoomId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C13: many commits in one transaction. */
class CommitBatchTest extends OnPostgres {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void begin() {
    openRooms();
    SharedPostgres.execute(
        database,
        """
        CREATE OR REPLACE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF new.events LIKE '["SQLState%' THEN
            RAISE EXCEPTION 'as it was told' USING ERRCODE = substr(new.events, 11, 5);
          END IF;
          RETURN new;
        END $$;
        CREATE TRIGGER fail BEFORE INSERT ON commits FOR EACH ROW EXECUTE FUNCTION note()
        """);
  }

  @AfterEach
  void mend() {
    SharedPostgres.execute(database, "DROP TRIGGER fail ON commits");
  }

  @Test
  void what_has_come_while_a_batch_was_under_way_is_the_next_one() throws SQLException {
    List<CompletableFuture<AppendOutcome>> outcomes =
        whileOneIsHeldUp(() -> Stream.generate(() -> offer(MAZE, Edit.of(INTRO))).limit(40));

    assertThat(outcomes.stream().map(CompletableFuture::join)).allMatch(Appended.class::isInstance);
    // A transaction of one commit that was held up, and one of all the others.
    assertThat(
            SharedPostgres.ask(database, "SELECT count(DISTINCT CAST(xmin AS text)) FROM commits"))
        .isEqualTo("2");
  }

  @Test
  void a_value_that_is_refused_or_a_room_that_is_not_there_are_no_matter_to_the_others()
      throws SQLException {
    List<CompletableFuture<AppendOutcome>> outcomes =
        whileOneIsHeldUp(() ->
            Stream.of(
                offer(MAZE, Edit.of(INTRO)),
                offer(MAZE, Edit.of(INTRO).saying("[\"SQLState23514\"]")),
                offer(NOWHERE, Edit.of(INTRO)),
                offer(MUSIC, Edit.of(INTRO)),
                offer(MAZE, Edit.of(INTRO))));

    assertThat(outcomes.get(0).join()).isInstanceOf(Appended.class);
    assertThatThrownBy(() -> outcomes.get(1).join())
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(outcomes.get(2).join()).isEqualTo(new NoSuchRoom());
    assertThat(outcomes.get(3).join()).isInstanceOf(Appended.class);
    assertThat(outcomes.get(4).join()).isInstanceOf(Appended.class);
    assertThat(log()).extracting(each -> each.seq()).isEqualTo(numbers(1, 3));
  }

  /** What a full disk, a lost connection or a crash inside the server looks like. */
  @ParameterizedTest
  @ValueSource(strings = {"53100", "XX000", "57P01", "40001"})
  void a_batch_that_fails_is_refused_as_a_whole_and_leaves_nothing(String sqlState)
      throws SQLException {
    List<CompletableFuture<AppendOutcome>> outcomes =
        whileOneIsHeldUp(() ->
            Stream.of(
                offer(MAZE, Edit.of(INTRO).showing("<xml/>")),
                offer(MUSIC, Edit.of(INTRO)),
                offer(MAZE, Edit.of(LOOP).under(5).saying("[\"SQLState" + sqlState + "\"]"))));

    assertThat(outcomes)
        .allSatisfy(outcome ->
            assertThatThrownBy(outcome::join).hasCauseInstanceOf(StorageUnavailable.class));
    assertThat(log()).hasSize(1);
    assertThat(view().snapshot()).isEmpty();
    assertThat(append(Edit.of(LOOP).by(BOB).under(1)).getFirst())
        .isInstanceOfSatisfying(
            Appended.class, next -> assertThat(next.seq()).isEqualTo(numbers(2, 2).getFirst()));
  }

  /** Whoever comes while the first commit waits for its room becomes part of one batch. */
  private List<CompletableFuture<AppendOutcome>> whileOneIsHeldUp(
      Supplier<Stream<CompletableFuture<AppendOutcome>>> others) throws SQLException {
    List<CompletableFuture<AppendOutcome>> outcomes = new ArrayList<>();
    try (Connection other = SharedPostgres.connect(database);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT 1 FROM rooms FOR UPDATE");
      CompletableFuture<AppendOutcome> first = offer(MAZE, Edit.of(INTRO));
      Awaitility.await().until(() -> waiting().equals("1"));
      others.get().forEach(outcomes::add);
      Awaitility.await().until(() -> postgres.waitingCommits() == outcomes.size());
      other.rollback();
      assertThat(first.join()).isInstanceOf(Appended.class);
    }
    return outcomes;
  }

  private CompletableFuture<AppendOutcome> offer(RoomId room, Edit edit) {
    return CompletableFuture.supplyAsync(
        () -> storage().log().append(room, List.of(edit.proposal())).getFirst(), threads);
  }

  private String waiting() {
    return SharedPostgres.ask(
        "postgres",
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '%s' AND wait_event_type = 'Lock'"
            .formatted(database));
  }
}
