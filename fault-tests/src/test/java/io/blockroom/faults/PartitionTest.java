package io.blockroom.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.faults.harness.Client;
import io.blockroom.faults.harness.Client.Heard;
import io.blockroom.faults.harness.Meanwhile;
import io.blockroom.faults.harness.Recorder;
import io.blockroom.faults.harness.ThreeNodes;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Three servers, of which one is cut off, or frozen and thawed. */
class PartitionTest {
  private static final System.Logger LOG = System.getLogger(PartitionTest.class.getName());
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration LIMIT = LEASE.plusSeconds(2);
  private static final int ROOMS = 20;
  private static final int OWNERS = 10;
  private static final int RESTARTING = 1012;

  private static @Nullable ThreeNodes started;

  /** A room, people in it who hold a block each, and somebody on another server. */
  private record Room(String name, List<Client> owners, Client other) {
    Room {
      owners = List.copyOf(owners);
    }
  }

  @BeforeAll
  static void start() {
    started = new ThreeNodes("--rooms.default-max-users", "30");
  }

  @AfterAll
  static void stop() {
    nodes().close();
  }

  @Test
  @DisplayName(
      "C08 cut from Redis for 30 s: unready in 5 s, locks end elsewhere in 12 s, owners know")
  void a_server_that_is_cut_from_redis_leaves_nobody_in_doubt() throws Exception {
    Recorder recorder = new Recorder("C08", 0);
    List<Room> rooms = furnish(recorder, "cut-", 1);
    List<Client> owners = rooms.stream().flatMap(room -> room.owners().stream()).toList();

    long cut = System.nanoTime();
    nodes().node(0).redis().blackhole();
    Duration unready = took(cut, () -> !nodes().node(0).isReady());
    Duration told = took(cut, () -> owners.stream().allMatch(PartitionTest::isToldOrClosed));
    Duration ended =
        took(cut, () -> rooms.stream().allMatch(room -> room.other().ends().size() == 1));
    Meanwhile.passes(Duration.ofSeconds(30).minus(Meanwhile.since(cut)));
    nodes().node(0).redis().heal();
    long healed = System.nanoTime();
    Duration ready = took(healed, () -> nodes().node(0).isReady());
    LOG.log(
        System.Logger.Level.INFO,
        "C08 cut from Redis: unready after {0}, owners know after {1}, locks ended elsewhere after"
            + " {2}; ready {3} after its return",
        unready,
        told,
        ended,
        ready);

    for (Room room : rooms) {
      assertThat(room.other().lock(List.of("b0")).join().getString("t")).isEqualTo("LOCK_GRANTED");
      Client back = nodes().node(0).join(recorder, room.name());
      assertThat(back.lock(List.of("b0")).join().getString("t")).isEqualTo("LOCK_DENIED");
      recorder.check(room.name(), nodes().backbone().rows(room.name()), true);
      back.leave();
      leave(room);
    }
    assertThat(unready).isLessThan(Duration.ofSeconds(5));
    assertThat(ended).isLessThan(LIMIT);
    assertThat(told).isLessThanOrEqualTo(LEASE);
  }

  private static boolean isToldOrClosed(Client owner) {
    return !owner.isConnected() || !owner.ends().isEmpty();
  }

  @Test
  @DisplayName("C03 frozen for 25 s: 200 late commits and locks are refused, clients closed in 2 s")
  void a_server_that_slept_past_its_lease_does_nothing_more_for_its_clients() throws Exception {
    Recorder recorder = new Recorder("C03", 0);
    List<Room> rooms = furnish(recorder, "frozen-", OWNERS);
    List<Client> owners = rooms.stream().flatMap(room -> room.owners().stream()).toList();

    nodes().node(0).server().freeze();
    long frozen = System.nanoTime();
    List<CompletableFuture<JsonObject>> late = new ArrayList<>();
    for (Room room : rooms) {
      for (int i = 0; i < OWNERS; i++) {
        late.add(room.owners().get(i).commit("b" + i, "late-%s-%d".formatted(room.name(), i)));
        late.add(room.owners().get(i).lock(List.of("late-" + i)));
      }
    }
    took(frozen, () -> rooms.stream().allMatch(room -> room.other().ends().size() == OWNERS));
    Duration ended = lastEnd(frozen, rooms);
    for (Room room : rooms) {
      for (int i = 0; i < OWNERS; i++) {
        String block = "b" + i;
        assertThat(room.other().lock(List.of(block)).join().getString("t"))
            .isEqualTo("LOCK_GRANTED");
        assertThat(room.other().commit(block, "fine-" + block).join().getString("t"))
            .isEqualTo("COMMIT_ACK");
      }
    }
    Meanwhile.passes(Duration.ofSeconds(25).minus(Meanwhile.since(frozen)));
    nodes().node(0).server().thaw();
    long thawed = System.nanoTime();
    Duration closed = took(thawed, () -> owners.stream().noneMatch(Client::isConnected));
    LOG.log(
        System.Logger.Level.INFO,
        "C03 frozen 25 s: locks ended elsewhere after {0}; clients closed {1} after it went on",
        ended,
        closed);

    assertThat(late)
        .allSatisfy(answer ->
            assertThat(answer.join().getString("t"))
                .isIn("CLOSED", "ERROR", "COMMIT_DENIED", "LOCK_DENIED"));
    for (Room room : rooms) {
      var rows = nodes().backbone().rows(room.name());
      assertThat(rows).hasSize(OWNERS).allMatch(row -> row.cid().orElse("").startsWith("fine-"));
      recorder.check(room.name(), rows, true);
      leave(room);
    }
    assertThat(owners).allMatch(owner -> owner.closeCode() == RESTARTING);
    assertThat(ended).isLessThan(LIMIT);
    assertThat(closed).isLessThan(Duration.ofSeconds(2));
  }

  private static Duration lastEnd(long began, List<Room> rooms) {
    return Duration.ofNanos(
        rooms.stream()
                .flatMap(room -> room.other().ends().stream())
                .mapToLong(Heard::atNanos)
                .max()
                .orElseThrow()
            - began);
  }

  private static List<Room> furnish(Recorder recorder, String names, int owners) {
    return IntStream.range(0, ROOMS)
        .parallel()
        .mapToObj(i -> furnish(recorder, owners, names + i))
        .toList();
  }

  private static Room furnish(Recorder recorder, int owners, String name) {
    Client other = nodes().node(1).join(recorder, name);
    List<Client> all = new ArrayList<>();
    for (int i = 0; i < owners; i++) {
      Client owner = nodes().node(0).join(recorder, name);
      assertThat(owner.lock(List.of("b" + i)).join().getString("t")).isEqualTo("LOCK_GRANTED");
      all.add(owner);
    }
    return new Room(name, all, other);
  }

  private static void leave(Room room) {
    room.owners().forEach(Client::leave);
    room.other().leave();
  }

  /** How long it took until something was so. */
  private static Duration took(long began, Callable<Boolean> isSo) {
    await().atMost(Duration.ofSeconds(45)).pollInterval(Duration.ofMillis(20)).until(isSo);
    return Meanwhile.since(began);
  }

  private static ThreeNodes nodes() {
    return Objects.requireNonNull(started);
  }
}
