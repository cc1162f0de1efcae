package io.blockroom.adapters.postgres;

import static io.blockroom.application.port.out.StorageContract.INTRO;
import static io.blockroom.application.port.out.StorageContract.MAZE;
import static io.blockroom.application.port.out.StorageContract.numbers;
import static io.blockroom.application.port.out.StorageContract.seq;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.Edit;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** G1, G9: what is acknowledged survives, what cannot be stored is refused in time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresOutageTest {
  private static final Duration PROMISE = Duration.ofSeconds(5);
  private static final long ALLOWED_MEMORY = 50L << 20;

  private final PostgresProcess server = PostgresProcess.create();
  private PostgresStorage storage = PostgresStorage.start(server.settings());

  @BeforeEach
  void openRoom() {
    server.execute("TRUNCATE rooms CASCADE");
    storage.rooms().open(Room.opened(MAZE, 10, Instant.EPOCH));
  }

  @AfterEach
  void resetServer() {
    server.execute("ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()");
  }

  @AfterAll
  void close() throws IOException {
    storage.close();
    server.close();
  }

  @Test
  void a_restart_of_the_server_keeps_everything_and_needs_none_of_ours() throws IOException {
    commit(storage, Edit.of(INTRO).showing("<xml>kept</xml>"));
    commit(storage, Edit.of(INTRO));
    WorkspaceView kept = view();

    server.stop();
    assertThat(storage.isReachable()).isFalse();
    server.start();

    Awaitility.await().atMost(Duration.ofSeconds(3)).until(storage::isReachable);
    assertThat(view()).isEqualTo(kept);
    assertThat(commit(storage, Edit.of(INTRO))).isEqualTo(seq(3));
  }

  @Test
  void a_server_that_was_away_for_long_is_used_again_at_once() throws IOException {
    server.kill();
    Awaitility.await()
        .pollDelay(Duration.ofSeconds(8))
        .atMost(Duration.ofSeconds(20))
        .until(() -> !storage.isReachable());
    server.start();

    Awaitility.await().atMost(Duration.ofSeconds(2)).until(storage::isReachable);
    assertThat(storage.rooms().find(MAZE)).isPresent();
  }

  /**
   * C09, I3, I4: each commit is offered again under its name until it is known to stand; then the
   * log has every one of them once, where it was said to be.
   */
  @Test
  void a_killed_server_loses_no_acknowledged_commit_and_refusals_are_quick() throws IOException {
    List<RoomId> rooms = IntStream.range(0, 4).mapToObj(n -> new RoomId("room" + n)).toList();
    rooms.forEach(id -> storage.rooms().open(Room.opened(id, 10, Instant.EPOCH)));
    Committers committers = new Committers(storage, rooms, 16);

    for (int kill = 1; kill <= 3; kill++) {
      int enough = kill * 1_700;
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> committers.acked() >= enough);
      server.kill();
      int refusals = committers.refused.size();
      Awaitility.await().until(() -> committers.refused.size() >= refusals + 16);
      int before = committers.acked();
      server.start();
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> committers.acked() > before + 16);
    }
    committers.stop();

    assertThat(committers.acked()).isGreaterThan(5_000);
    assertThat(committers.contradictions).isEmpty();
    assertThat(committers.refused).allSatisfy(took -> assertThat(took).isLessThan(PROMISE));
    assertThat(committers.refused.stream().sorted().toList().get(committers.refused.size() / 2))
        .isLessThan(Duration.ofSeconds(3));
    rooms.forEach(room -> assertThatLogHasAll(room, committers));
  }

  private void assertThatLogHasAll(RoomId room, Committers committers) {
    Map<CommitId, SequenceNumber> acked = committers.acked.getOrDefault(room, Map.of());
    List<LoggedCommit> log =
        storage.commitLog().read(room, SequenceNumber.NONE, Integer.MAX_VALUE).commits();
    assertThat(log).extracting(LoggedCommit::seq).isEqualTo(numbers(1, log.size()));
    Map<CommitId, SequenceNumber> logged =
        log.stream().collect(toMap(each -> each.id().orElseThrow(), LoggedCommit::seq));
    assertThat(logged).containsAllEntriesOf(acked);
    assertThat(log)
        .allSatisfy(
            each -> assertThat(each.events()).isEqualTo("[\"" + each.id().orElseThrow() + "\"]"));
    // Whoever was stopped amid a commit may not know of it.
    assertThat(log.size() - acked.size()).isLessThanOrEqualTo(16);
  }

  /** C10. */
  @ParameterizedTest
  @ValueSource(ints = {1, 12})
  void a_dead_way_to_the_server_makes_every_call_throw_within_5_s_until_it_is_back(int seconds) {
    try (MuteProxy way = new MuteProxy(server.port());
        PostgresStorage far = PostgresStorage.start(server.settings(way.port()))) {
      commit(far, Edit.of(INTRO).showing("<xml/>"));
      Committers committers = new Committers(far, List.of(MAZE), 16);
      Awaitility.await().until(() -> committers.acked() > 50);

      way.mute();
      long muted = System.nanoTime();
      assertThat(far.isReachable()).isFalse();
      Awaitility.await()
          .pollDelay(Duration.ofSeconds(seconds))
          .atMost(Duration.ofSeconds(20))
          .until(() -> committers.refused.size() >= 16);
      assertThat(Duration.ofNanos(System.nanoTime() - muted)).isGreaterThan(Duration.ofSeconds(1));
      way.unmute();

      int before = committers.acked();
      Awaitility.await().atMost(PROMISE).until(() -> committers.acked() > before + 50);
      committers.stop();
      assertThat(committers.refused).allSatisfy(took -> assertThat(took).isLessThan(PROMISE));
      assertThat(committers.contradictions).isEmpty();
    }
  }

  /** C10: kept, they would be four times as much as is allowed. */
  @Test
  void refused_commits_are_neither_kept_in_memory_nor_stored_later() {
    String large = "한".repeat(WorkspaceXml.MAX_LENGTH);
    try (MuteProxy way = new MuteProxy(server.port());
        PostgresStorage far =
            PostgresStorage.start(SharedPostgres.hasty(server.settings(way.port())))) {
      commit(far, Edit.of(INTRO).showing("<xml/>"));
      way.mute();
      assertThat(far.isReachable()).isFalse();
      long before = usedMemory();

      AtOnce.call(
          200,
          n ->
              assertThatThrownBy(
                      () -> commit(far, Edit.of(INTRO).showing(large).saying("[\"" + n + "\"]")))
                  .isInstanceOf(StorageUnavailable.class));

      assertThat(far.waitingCommits()).isZero();
      Awaitility.await().until(() -> usedMemory() < before + ALLOWED_MEMORY);
      way.unmute();
      Awaitility.await().atMost(PROMISE).until(far::isReachable);
      assertThat(commit(far, Edit.of(INTRO))).isEqualTo(seq(2));
    }
  }

  private static long usedMemory() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** C11. */
  @Test
  void a_read_only_server_refuses_commits_but_still_reads() {
    commit(storage, Edit.of(INTRO).showing("<xml/>"));
    server.set("default_transaction_read_only", "on");

    assertThatThrownBy(() -> commit(storage, Edit.of(INTRO)))
        .isInstanceOf(StorageUnavailable.class);
    assertThatThrownBy(
            () -> storage.rooms().open(Room.opened(new RoomId("new"), 10, Instant.EPOCH)))
        .isInstanceOf(StorageUnavailable.class);
    assertThat(storage.rooms().find(MAZE)).isPresent();
    assertThat(view().seq()).isEqualTo(seq(1));
    assertThat(storage.commitLog().last(Set.of(MAZE))).containsEntry(MAZE, seq(1));

    server.set("default_transaction_read_only", "off");
    assertThat(commit(storage, Edit.of(INTRO))).isEqualTo(seq(2));
  }

  /** G10, O03. */
  @ParameterizedTest
  @ValueSource(strings = {"fsync", "full_page_writes", "synchronous_commit"})
  void a_server_that_may_lose_commits_is_refused_by_the_name_of_the_setting(String setting) {
    server.set(setting, "off");

    assertThatThrownBy(() -> PostgresStorage.start(server.settings()))
        .isInstanceOf(UnusablePostgres.class)
        .hasMessageContaining(setting + "=off");
    try (PostgresStorage accepted =
        PostgresStorage.start(server.settings().withInsecureDurability(true))) {
      assertThat(accepted.durabilityWarnings()).containsExactly(setting + "=off");
      assertThat(accepted.rooms().find(MAZE)).isPresent();
    }
  }

  private WorkspaceView view() {
    return storage.workspaces().view(MAZE, WorkspaceForm.ANY).orElseThrow();
  }

  private static SequenceNumber commit(PostgresStorage storage, Edit edit) {
    return seq(storage.commitLog().append(MAZE, List.of(edit.proposal())).getFirst());
  }

  /** Commit without pause, each until it is known to stand, and note what they were told. */
  private static final class Committers {
    private final Map<RoomId, Map<CommitId, SequenceNumber>> acked = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> contradictions = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Duration> refused = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean stopped;

    Committers(PostgresStorage storage, List<RoomId> rooms, int count) {
      rooms.forEach(room -> acked.put(room, new ConcurrentHashMap<>()));
      for (int n = 0; n < count; n++) {
        RoomId room = rooms.get(n % rooms.size());
        String name = "committer-" + n;
        threads.execute(() -> commit(storage, room, name));
      }
    }

    int acked() {
      return acked.values().stream().mapToInt(Map::size).sum();
    }

    void stop() {
      stopped = true;
      threads.close();
    }

    private void commit(PostgresStorage storage, RoomId room, String name) {
      Edit edit = Edit.of(new BlockId(name));
      for (int n = 0; !stopped; n++) {
        String id = name + ":" + n;
        Edit next = edit.named(id).saying("[\"" + id + "\"]").showing("<xml>" + id + "</xml>");
        while (!stopped && !isAcked(storage, room, next)) {
          // once more, under the same name
        }
      }
    }

    private boolean isAcked(PostgresStorage storage, RoomId room, Edit edit) {
      long start = System.nanoTime();
      try {
        SequenceNumber seq =
            seq(storage.commitLog().append(room, List.of(edit.proposal())).getFirst());
        acked.getOrDefault(room, Map.of()).put(edit.id().orElseThrow(), seq);
        return true;
      } catch (StorageUnavailable unavailable) {
        refused.add(Duration.ofNanos(System.nanoTime() - start));
        return false;
      } catch (AssertionError contradiction) {
        contradictions.add(edit + ": " + contradiction.getMessage());
        return true;
      }
    }
  }
}
