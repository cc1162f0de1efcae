package io.blockroom.adapters.postgres;

import static io.blockroom.application.port.out.WorkspacesContract.MAZE;
import static io.blockroom.application.port.out.WorkspacesContract.edit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
    storage.workspaces().store(MAZE, edit("<xml>kept</xml>"));
    WorkspaceSnapshot kept = storage.workspaces().newest(MAZE).orElseThrow();

    server.stop();
    assertThat(storage.isReachable()).isFalse();
    server.start();

    Awaitility.await().atMost(Duration.ofSeconds(3)).until(storage::isReachable);
    assertThat(storage.workspaces().newest(MAZE)).contains(kept);
    assertThat(storage.workspaces().store(MAZE, edit())).isEqualTo(new SequenceNumber(2));
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

  /** C09. */
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
      server.start();
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(storage::isReachable);
    }
    committers.stop();

    assertThat(committers.repeated).isEmpty();
    assertThat(committers.refused).allSatisfy(took -> assertThat(took).isLessThan(PROMISE));
    assertThat(committers.refused.stream().sorted().toList().get(committers.refused.size() / 2))
        .isLessThan(Duration.ofSeconds(3));
    for (RoomId room : rooms) {
      Map<SequenceNumber, String> acked = committers.acked.getOrDefault(room, Map.of());
      WorkspaceSnapshot newest = storage.workspaces().newest(room).orElseThrow();
      assertThat(acked.keySet()).allMatch(newest.seq()::includes);
      if (acked.containsKey(newest.seq())) {
        assertThat(newest.workspace().text()).isEqualTo(acked.get(newest.seq()));
      }
    }
  }

  /** C10. */
  @ParameterizedTest
  @ValueSource(ints = {1, 12})
  void a_dead_way_to_the_server_makes_every_call_throw_within_5_s_until_it_is_back(int seconds) {
    try (MuteProxy way = new MuteProxy(server.port());
        PostgresStorage far = PostgresStorage.start(server.settings(way.port()))) {
      far.workspaces().store(MAZE, edit("<xml/>"));
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
      assertThat(committers.repeated).isEmpty();
    }
  }

  /** C11. */
  @Test
  void a_read_only_server_refuses_commits_but_still_reads() {
    storage.workspaces().store(MAZE, edit("<xml/>"));
    server.set("default_transaction_read_only", "on");

    assertThatThrownBy(() -> storage.workspaces().store(MAZE, edit()))
        .isInstanceOf(StorageUnavailable.class);
    assertThatThrownBy(
            () -> storage.rooms().open(Room.opened(new RoomId("new"), 10, Instant.EPOCH)))
        .isInstanceOf(StorageUnavailable.class);
    assertThat(storage.rooms().find(MAZE)).isPresent();
    assertThat(storage.workspaces().newest(MAZE)).isPresent();

    server.set("default_transaction_read_only", "off");
    assertThat(storage.workspaces().store(MAZE, edit())).isEqualTo(new SequenceNumber(2));
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

  /** Store without pause, and note what they were told. */
  private static final class Committers {
    private final Map<RoomId, Map<SequenceNumber, String>> acked = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> repeated = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Duration> refused = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean stopped;

    Committers(PostgresStorage storage, List<RoomId> rooms, int count) {
      rooms.forEach(room -> acked.put(room, new ConcurrentHashMap<>()));
      for (int n = 0; n < count; n++) {
        RoomId room = rooms.get(n % rooms.size());
        String name = "committer " + n;
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
      for (int n = 0; !stopped; n++) {
        String workspace = "<xml>%s, %d</xml>".formatted(name, n);
        long start = System.nanoTime();
        try {
          SequenceNumber seq = storage.workspaces().store(room, edit(workspace));
          String earlier = acked.getOrDefault(room, Map.of()).put(seq, workspace);
          if (earlier != null) {
            repeated.add(earlier + " and " + workspace + " got " + seq);
          }
        } catch (StorageUnavailable unavailable) {
          refused.add(Duration.ofNanos(System.nanoTime() - start));
        }
      }
    }
  }
}
