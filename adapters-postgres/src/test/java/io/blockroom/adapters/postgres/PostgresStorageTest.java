package io.blockroom.adapters.postgres;

import static io.blockroom.application.port.out.StorageContract.INTRO;
import static io.blockroom.application.port.out.StorageContract.MAZE;
import static io.blockroom.application.port.out.StorageContract.seq;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.Edit;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceForm;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the storage starts, what it refuses to start on, and how it is shared. */
class PostgresStorageTest {
  private final String database = SharedPostgres.freshDatabase();
  private final PostgresSettings settings = SharedPostgres.settings(database);

  @Test
  void the_server_of_these_tests_is_durable() {
    assertThat(List.of("fsync", "full_page_writes", "synchronous_commit"))
        .allSatisfy(
            setting -> assertThat(SharedPostgres.ask(database, "SHOW " + setting)).isEqualTo("on"));
  }

  @Test
  void a_storage_that_starts_again_finds_its_tables_and_all_that_is_in_them() {
    Room maze = Room.opened(MAZE, 10, Instant.EPOCH);
    try (PostgresStorage first = PostgresStorage.start(settings)) {
      first.rooms().open(maze);
      commit(first, Edit.of(INTRO).showing("<xml/>"));
    }

    try (PostgresStorage second = PostgresStorage.start(settings)) {
      assertThat(second.rooms().find(MAZE)).contains(maze);
      assertThat(commit(second, Edit.of(INTRO))).isEqualTo(seq(2));
      assertThat(snapshotSeq(second)).isEqualTo(seq(1));
    }
  }

  @Test
  void several_servers_may_start_at_once_on_an_empty_database() {
    List<PostgresStorage> storages = AtOnce.call(3, n -> PostgresStorage.start(settings));

    assertThat(storages).allMatch(PostgresStorage::isReachable);
    storages.forEach(PostgresStorage::close);
  }

  @ParameterizedTest
  @ValueSource(strings = {"read committed", "repeatable read", "serializable"})
  void commits_of_several_servers_are_numbered_without_gap_whatever_the_default_isolation_is(
      String isolation) {
    alterDatabase("default_transaction_isolation = '" + isolation + "'");
    try (PostgresStorage one = PostgresStorage.start(settings);
        PostgresStorage two = PostgresStorage.start(settings)) {
      one.rooms().open(Room.opened(MAZE, 10, Instant.EPOCH));

      List<SequenceNumber> numbers =
          AtOnce.call(
              32,
              n -> commit(n % 2 == 0 ? one : two, Edit.of(INTRO).showing("<xml>" + n + "</xml>")));

      assertThat(numbers)
          .containsExactlyInAnyOrderElementsOf(
              LongStream.rangeClosed(1, 32).mapToObj(SequenceNumber::new).toList());
      assertThat(snapshotSeq(one)).isEqualTo(seq(32));
    }
  }

  /** G10, O03. */
  @Test
  void a_database_that_does_not_wait_for_the_disk_is_refused_unless_loss_is_accepted() {
    alterDatabase("synchronous_commit = off");

    assertThatThrownBy(() -> PostgresStorage.start(settings))
        .isInstanceOf(UnusablePostgres.class)
        .hasMessageContaining("synchronous_commit=off")
        .hasMessageContaining("insecure.durability");
    try (PostgresStorage accepted = PostgresStorage.start(settings.withInsecureDurability(true))) {
      assertThat(accepted.durabilityWarnings()).containsExactly("synchronous_commit=off");
    }
  }

  @ParameterizedTest
  @CsvSource({"on, on", "local, on", "remote_write, on", "remote_apply, remote_apply"})
  void a_session_waits_for_the_disk_and_never_for_less_than_the_server_asks(
      String setting, String inSession) {
    alterDatabase("synchronous_commit = " + setting);
    try (PostgresStorage storage = PostgresStorage.start(settings)) {
      requireOfEachRoom("current_setting('synchronous_commit') = '" + inSession + "'");

      assertThat(storage.rooms().open(Room.opened(MAZE, 10, Instant.EPOCH)).isNew()).isTrue();
    }
  }

  /** O03. */
  @Test
  void a_server_of_an_old_version_or_another_encoding_or_not_durable_is_refused() {
    ServerCondition good = new ServerCondition(150_000, "UTF8", "on", "on", "on");
    good.requireUsable(false);

    assertThatThrownBy(
            () -> new ServerCondition(140_012, "UTF8", "on", "on", "on").requireUsable(true))
        .hasMessage("PostgreSQL 15 is needed, this server is 14");
    assertThatThrownBy(
            () -> new ServerCondition(150_000, "LATIN1", "on", "on", "on").requireUsable(true))
        .hasMessageContaining("LATIN1");
    assertThatThrownBy(
            () -> new ServerCondition(150_000, "UTF8", "off", "off", "off").requireUsable(false))
        .hasMessageContaining("fsync=off, full_page_writes=off, synchronous_commit=off");
    assertThat(new ServerCondition(150_000, "UTF8", "on", "on", "local").nonDurable()).isEmpty();
  }

  @Test
  void a_server_that_is_not_there_is_named_without_the_password() throws IOException {
    int port = PostgresProcess.freePort();

    assertThatThrownBy(() ->
            PostgresStorage.start(
                PostgresSettings.of(
                    "jdbc:postgresql://127.0.0.1:" + port + "/blocks", "ada", "s3cret")))
        .isInstanceOf(UnusablePostgres.class)
        .hasMessageContaining("127.0.0.1:" + port)
        .message()
        .doesNotContain("s3cret");
  }

  @Test
  void a_server_that_accepts_but_never_answers_is_refused_within_5_s() {
    try (MuteProxy way = new MuteProxy(SharedPostgres.port())) {
      way.mute();

      assertTimeout(
          Duration.ofSeconds(5),
          () ->
              assertThatThrownBy(
                      () -> PostgresStorage.start(SharedPostgres.settings(database, way.port())))
                  .isInstanceOf(UnusablePostgres.class));
    }
  }

  @Test
  void tables_of_a_later_version_or_of_somebody_else_are_not_touched() {
    SharedPostgres.execute(database, "CREATE TABLE rooms (id int)");

    assertThatThrownBy(() -> PostgresStorage.start(settings))
        .isInstanceOf(UnusablePostgres.class)
        .hasMessageContaining("brought up to date");
  }

  @Test
  void a_closed_storage_refuses_calls_and_leaves_no_connection() {
    PostgresStorage storage = PostgresStorage.start(settings);
    storage.close();

    assertThatThrownBy(() -> storage.rooms().find(MAZE)).isInstanceOf(StorageUnavailable.class);
    Awaitility.await().until(() -> connections().equals("0"));
  }

  @Test
  void calls_that_find_no_free_connection_throw_in_time_and_all_is_well_afterwards()
      throws SQLException {
    RoomId music = new RoomId("music");
    try (PostgresStorage storage = PostgresStorage.start(SharedPostgres.hasty(settings))) {
      List.of(MAZE, music).forEach(id -> storage.rooms().open(Room.opened(id, 10, Instant.EPOCH)));
      Awaitility.await().until(() -> connections().equals("4"));

      try (Connection other = SharedPostgres.connect(database);
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute("LOCK TABLE rooms IN ACCESS EXCLUSIVE MODE");
        CompletableFuture<List<Boolean>> stuck =
            CompletableFuture.supplyAsync(
                () -> AtOnce.call(4, n -> isRefused(() -> storage.rooms().find(MAZE))));
        Awaitility.await().until(() -> waiting().equals("4"));

        assertTimeout(
            Duration.ofSeconds(1),
            () ->
                assertThatThrownBy(() -> storage.rooms().find(music))
                    .isInstanceOf(StorageUnavailable.class));
        assertThat(stuck.join()).containsOnly(true);
        // The server gives the abandoned statements up as well.
        Awaitility.await().until(() -> waiting().equals("0"));
        other.rollback();
      }

      Awaitility.await().until(storage::isReachable);
      assertThat(commit(storage, Edit.of(INTRO))).isEqualTo(seq(1));
    }
  }

  @Test
  void ten_times_more_callers_than_connections_are_all_served() {
    try (PostgresStorage storage = PostgresStorage.start(settings.withPoolSize(2))) {
      storage.rooms().open(Room.opened(MAZE, 10, Instant.EPOCH));

      assertThat(AtOnce.call(200, n -> commit(storage, Edit.of(INTRO)))).doesNotHaveDuplicates();
      assertThat(storage.isReachable()).isTrue();
    }
  }

  /** C11: what the server says when its disk is full, or when it fails inside. */
  @ParameterizedTest
  @ValueSource(strings = {"53100", "53200", "58030", "XX000", "57P01", "40001", "40P01"})
  void a_server_that_fails_makes_the_storage_unavailable_until_it_works_again(String sqlState) {
    try (PostgresStorage storage = PostgresStorage.start(settings)) {
      requireOfEachRoom("false", sqlState);
      Room maze = Room.opened(MAZE, 10, Instant.EPOCH);

      assertThatThrownBy(() -> storage.rooms().open(maze)).isInstanceOf(StorageUnavailable.class);

      SharedPostgres.execute(database, "DROP TRIGGER requirement ON rooms");
      assertThat(storage.rooms().open(maze).isNew()).isTrue();
    }
  }

  @Test
  void all_servers_share_a_secret_and_each_name_has_its_own() {
    try (PostgresStorage one = PostgresStorage.start(settings);
        PostgresStorage two = PostgresStorage.start(settings)) {
      List<byte[]> keys = AtOnce.call(8, n -> (n % 2 == 0 ? one : two).secret("resume", 32));

      assertThat(keys).allSatisfy(key -> assertThat(key).isEqualTo(keys.getFirst()).hasSize(32));
      assertThat(one.secret("other", 32)).isNotEqualTo(keys.getFirst());
    }
  }

  /** What a frozen server leaves behind: a transaction that nobody goes on with. */
  @Test
  void a_server_that_is_frozen_amid_a_transaction_does_not_keep_others_from_its_rooms() {
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch thawed = new CountDownLatch(1);
    try (PostgresStorage frozen = PostgresStorage.start(settings);
        PostgresStorage other = PostgresStorage.start(settings)) {
      other.rooms().open(Room.opened(MAZE, 10, Instant.EPOCH));
      CompletableFuture<Boolean> change =
          CompletableFuture.supplyAsync(() ->
              isRefused(() ->
                  frozen
                      .rooms()
                      .change(
                          MAZE,
                          room -> {
                            locked.countDown();
                            awaitUninterruptibly(thawed);
                            return room.frozen(true);
                          })));
      awaitUninterruptibly(locked);

      assertThat(commit(other, Edit.of(INTRO))).isEqualTo(seq(1));
      thawed.countDown();

      assertThat(change.join()).isTrue();
      assertThat(other.rooms().find(MAZE).orElseThrow().isFrozen()).isFalse();
      assertThat(commit(frozen, Edit.of(INTRO))).isEqualTo(seq(2));
    }
  }

  @Test
  void a_whole_history_may_take_longer_than_a_commit() throws SQLException {
    PostgresSettings hasty = SharedPostgres.hasty(settings, Duration.ofSeconds(20));
    try (PostgresStorage storage = PostgresStorage.start(hasty)) {
      Awaitility.await().until(storage::isReachable);
      storage.rooms().open(Room.opened(MAZE, 10, Instant.EPOCH));
      CompletableFuture<Boolean> deletion;
      try (Connection other = SharedPostgres.connect(database);
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute("SELECT 1 FROM rooms FOR UPDATE");
        deletion = CompletableFuture.supplyAsync(() -> storage.rooms().delete(MAZE));
        Awaitility.await().until(() -> waiting().equals("1"));
        // Two commits in a row give up meanwhile, each after its second.
        assertThat(isRefused(() -> commit(storage, Edit.of(INTRO)))).isTrue();
        assertThat(isRefused(() -> commit(storage, Edit.of(INTRO)))).isTrue();
        other.rollback();
      }

      assertThat(deletion.join()).isTrue();
    }
  }

  @Test
  void readers_of_an_export_that_never_go_on_are_left_after_a_while_and_keep_no_connection() {
    try (PostgresStorage storage = PostgresStorage.start(SharedPostgres.hasty(settings))) {
      Awaitility.await().until(storage::isReachable);
      storage.rooms().open(Room.opened(MAZE, 10, Instant.EPOCH));
      CountDownLatch never = new CountDownLatch(1);

      for (int i = 0; i <= PostgresSettings.ARCHIVE_POOL_SIZE; i++) {
        assertTimeout(
            Duration.ofSeconds(5),
            () ->
                assertThatThrownBy(
                        () -> storage.archive().export(MAZE, header -> await(never), commit -> {}))
                    .isInstanceOf(StorageUnavailable.class));
      }

      Awaitility.await()
          .until(() -> !isRefused(() -> storage.archive().export(MAZE, header -> {}, each -> {})));
    }
  }

  private static SequenceNumber commit(PostgresStorage storage, Edit edit) {
    return seq(storage.commitLog().append(MAZE, List.of(edit.proposal())).getFirst());
  }

  private static SequenceNumber snapshotSeq(PostgresStorage storage) {
    return storage.workspaces().view(MAZE, WorkspaceForm.ANY).orElseThrow().snapshotSeq();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException givenUp) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      await(latch);
    }
  }

  private static boolean isRefused(Runnable call) {
    try {
      call.run();
      return false;
    } catch (StorageUnavailable refused) {
      return true;
    }
  }

  private void requireOfEachRoom(String condition) {
    requireOfEachRoom(condition, "P0001");
  }

  private void requireOfEachRoom(String condition, String sqlState) {
    SharedPostgres.execute(
        database,
        """
        CREATE FUNCTION requirement() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NOT (%s) THEN
            RAISE EXCEPTION 'requirement not met' USING ERRCODE = '%s';
          END IF;
          RETURN new;
        END $$;
        CREATE TRIGGER requirement BEFORE INSERT ON rooms
          FOR EACH ROW EXECUTE FUNCTION requirement();
        """
            .formatted(condition, sqlState));
  }

  private void alterDatabase(String setting) {
    SharedPostgres.execute("postgres", "ALTER DATABASE " + database + " SET " + setting);
  }

  private String connections() {
    return sessions("application_name = 'blockroom'");
  }

  private String waiting() {
    return sessions("wait_event_type = 'Lock'");
  }

  private String sessions(String condition) {
    return SharedPostgres.ask(
        "postgres",
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '%s' AND %s"
            .formatted(database, condition));
  }
}
