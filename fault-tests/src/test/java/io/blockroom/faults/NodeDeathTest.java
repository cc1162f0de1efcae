package io.blockroom.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.faults.harness.Client;
import io.blockroom.faults.harness.Client.Heard;
import io.blockroom.faults.harness.Meanwhile;
import io.blockroom.faults.harness.Recorder;
import io.blockroom.faults.harness.ThreeNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three servers, and {@code kill -9} of one of them. */
class NodeDeathTest {
  private static final System.Logger LOG = System.getLogger(NodeDeathTest.class.getName());
  private static final Duration LIMIT = Duration.ofSeconds(12);
  private static final Duration NOT_BEFORE = Duration.ofMillis(6_600);
  private static final int SEATS = 30;
  private static final int JOINERS = 500;
  private static final int FULL = 4003;
  private static final AtomicInteger RACES = new AtomicInteger();

  private static @Nullable ThreeNodes started;

  /** A room with somebody on the doomed server and somebody on each of the others. */
  private record Room(String name, Client owner, List<Client> observers, List<String> blocks) {
    Room {
      observers = List.copyOf(observers);
      blocks = List.copyOf(blocks);
    }
  }

  @BeforeAll
  static void start() {
    started = new ThreeNodes("--rooms.default-max-users", Integer.toString(SEATS));
  }

  @AfterAll
  static void stop() {
    nodes().close();
  }

  @Test
  @DisplayName("C01 kill -9: 1,000 locks in 50 rooms end as node_down within 12 s, each told once")
  void everybody_is_told_once_of_every_lock_and_seat_of_a_dead_server() throws Exception {
    Recorder recorder = new Recorder("C01", 0);
    List<Room> rooms =
        IntStream.range(0, 50).parallel().mapToObj(i -> furnish(recorder, "death-" + i)).toList();
    List<Client> observers = rooms.stream().flatMap(room -> room.observers().stream()).toList();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            observers.stream()
                .allMatch(each -> each.heard("LOCK_UPDATE", any -> true).size() == 20));

    long killed = System.nanoTime();
    nodes().node(0).server().kill();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            observers.stream()
                .allMatch(each ->
                    each.ends().size() >= 20 && !each.heard("USER_LEFT", any -> true).isEmpty()));
    Meanwhile.passes(Duration.ofSeconds(2));

    List<Heard> ends = observers.stream().flatMap(each -> each.ends().stream()).toList();
    List<Heard> left =
        observers.stream().flatMap(each -> each.heard("USER_LEFT", any -> true).stream()).toList();
    LOG.log(
        System.Logger.Level.INFO,
        "C01 1000 locks: first told after {0}, last after {1}; last USER_LEFT after {2}",
        after(killed, ends, true),
        after(killed, ends, false),
        after(killed, left, false));
    assertThat(ends).hasSize(2_000);
    assertThat(ends).allMatch(end -> end.payload().getString("reason").equals("node_down"));
    assertThat(left).hasSize(100);
    assertThat(after(killed, ends, true)).isGreaterThan(NOT_BEFORE);
    assertThat(after(killed, left, true)).isGreaterThan(NOT_BEFORE);
    assertThat(after(killed, ends, false)).isLessThan(LIMIT);
    assertThat(after(killed, left, false)).isLessThan(LIMIT);
    for (Room room : rooms) {
      room.observers()
          .forEach(each ->
              assertThat(each.ends().stream().map(end -> end.payload().getString("blockId")))
                  .containsExactlyInAnyOrderElementsOf(room.blocks()));
      recorder.check(room.name(), nodes().backbone().rows(room.name()), true);
    }
    observers.forEach(Client::leave);
    nodes().replace(0);
  }

  private static Room furnish(Recorder recorder, String name) {
    Client owner = nodes().node(0).join(recorder, name);
    List<Client> observers =
        List.of(nodes().node(1).join(recorder, name), nodes().node(2).join(recorder, name));
    List<String> blocks = IntStream.range(0, 20).mapToObj(i -> "b" + i).toList();
    assertThat(owner.lock(blocks).join().getString("t")).isEqualTo("LOCK_GRANTED");
    return new Room(name, owner, observers, blocks);
  }

  private static Duration after(long began, List<Heard> all, boolean isFirst) {
    var times = all.stream().mapToLong(each -> each.atNanos() - began);
    return Duration.ofNanos((isFirst ? times.min() : times.max()).orElseThrow());
  }

  @Test
  @DisplayName("A17 500 joins race for 30 seats over three servers: 30 are in, 20 times")
  void never_more_are_in_than_there_are_seats() {
    race(20);
  }

  @Test
  @Tag("T2")
  @DisplayName("A17 500 joins race for 30 seats over three servers: 30 are in, 200 times")
  void never_more_are_in_than_there_are_seats_in_many_rounds() {
    race(200);
  }

  private static void race(int rounds) {
    long began = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      List<Client> in = race("race-" + RACES.incrementAndGet());
      in.forEach(Client::leave);
    }
    LOG.log(
        System.Logger.Level.INFO,
        "A17 {0} rounds of {1} joins: {2} in each time, {3}",
        rounds,
        JOINERS,
        SEATS,
        Meanwhile.since(began));
  }

  /** Who is in at the end. Whoever is told to try later does so. */
  private static List<Client> race(String room) {
    Recorder recorder = new Recorder("A17", 0);
    List<Client> in = new ArrayList<>();
    int refused = 0;
    for (int visit = 0; in.size() + refused < JOINERS && visit < 10; visit++) {
      List<Client> visitors =
          IntStream.range(0, JOINERS - in.size() - refused)
              .mapToObj(i -> nodes().node(i % 3).knock(recorder, room))
              .toList();
      for (Client visitor : visitors) {
        if (visitor.isIn()) {
          in.add(visitor);
        } else {
          refused += visitor.closeCode() == FULL ? 1 : 0;
        }
      }
      assertThat(in.size()).isLessThanOrEqualTo(SEATS);
    }
    assertThat(in).hasSize(SEATS).allMatch(Client::isConnected);
    assertThat(refused).isEqualTo(JOINERS - SEATS);
    return in;
  }

  @Test
  @DisplayName("A17 seats of a crashed server are free within 12 s, and not one more")
  void the_seats_of_a_dead_server_are_free_again() throws Exception {
    Recorder recorder = new Recorder("A17-crash", 0);
    String room = "race-" + RACES.incrementAndGet();
    List<Client> in =
        IntStream.range(0, SEATS)
            .mapToObj(i -> nodes().node(i % 3).join(recorder, room))
            .collect(Collectors.toCollection(ArrayList::new));
    int crashed = SEATS / 3;
    long killed = System.nanoTime();
    nodes().node(0).server().kill();

    List<Client> late = new ArrayList<>();
    await()
        .atMost(LIMIT.plusSeconds(8))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          List<Client> next =
              IntStream.range(late.size(), crashed)
                  .mapToObj(i -> nodes().node(1).knock(recorder, room))
                  .toList();
          next.stream().filter(Client::isIn).forEach(late::add);
          return late.size() >= crashed;
        });
    Duration took = Meanwhile.since(killed);
    LOG.log(System.Logger.Level.INFO, "A17 {0} crashed seats: free after {1}", crashed, took);

    assertThat(took).isLessThan(LIMIT);
    assertThat(nodes().node(2).knock(recorder, room).isIn()).isFalse();
    in.forEach(Client::leave);
    late.forEach(Client::leave);
    nodes().replace(0);
  }

  private static ThreeNodes nodes() {
    return Objects.requireNonNull(started);
  }
}
