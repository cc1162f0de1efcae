package io.blockroom.faults.crowds;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.bootstrap.StoppingServer.Point;
import io.blockroom.faults.harness.Backbone;
import io.blockroom.faults.harness.Client;
import io.blockroom.faults.harness.Recorder;
import io.blockroom.faults.harness.ServerHeap;
import io.blockroom.faults.harness.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Very many who are there, each in a room of their own, and do nothing. */
class IdleConnectionsTest {
  private static final System.Logger LOG = System.getLogger(IdleConnectionsTest.class.getName());
  private static final int FIRST = 50;
  private static final int AT_ONCE = 32;
  private static final long HEAP_LIMIT = 60 * 1024;
  private static final Duration JOIN_LIMIT = Duration.ofSeconds(3);

  private final Recorder recorder = new Recorder("A24", 0);

  /** Somebody who is in, and how long that took. */
  private record Visit(Client client, Duration took) {}

  @Test
  @DisplayName("A24 1,000 idle connections take at most 60 KB of heap each; join p99 within 3 s")
  void a_thousand_idle_connections_are_cheap() throws Exception {
    fill(1_000);
  }

  @Test
  @Tag("T2")
  @DisplayName("A24 10,000 idle connections take at most 60 KB of heap each; join p99 within 3 s")
  void ten_thousand_idle_connections_are_cheap() throws Exception {
    fill(10_000);
  }

  private void fill(int connections) throws Exception {
    try (Backbone backbone = new Backbone();
        ServerProcess server = ServerProcess.start(backbone, "only", Point.NOWHERE)) {
      // Some are there from before, and with them whatever is made only once.
      List<Visit> first = visit(server, "first-", FIRST);
      long before = ServerHeap.live(server);
      List<Visit> idle = visit(server, "idle-", connections);
      long each = (ServerHeap.live(server) - before) / connections;

      assertThat(first).allMatch(visit -> visit.client().isConnected());
      assertThat(idle).allMatch(visit -> visit.client().isConnected());
      List<Duration> joins = idle.stream().map(Visit::took).sorted().toList();
      Duration p99 = joins.get(joins.size() * 99 / 100);
      LOG.log(
          System.Logger.Level.INFO,
          "A24 {0} idle connections: {1} bytes of heap each; joins p50 {2}, p99 {3}, longest {4}",
          connections,
          each,
          joins.get(joins.size() / 2),
          p99,
          joins.getLast());
      assertThat(each).isLessThanOrEqualTo(HEAP_LIMIT);
      assertThat(p99).isLessThanOrEqualTo(JOIN_LIMIT);
    }
  }

  private List<Visit> visit(ServerProcess server, String rooms, int number) throws Exception {
    try (ExecutorService doors =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("door").factory())) {
      List<Future<Visit>> opening =
          IntStream.range(0, number)
              .mapToObj(n -> doors.submit(() -> visit(server, rooms + n)))
              .toList();
      List<Visit> visits = new ArrayList<>();
      for (Future<Visit> each : opening) {
        visits.add(each.get());
      }
      return visits;
    }
  }

  private Visit visit(ServerProcess server, String room) {
    long began = System.nanoTime();
    Client client = Client.knock(recorder, "only", server.port(), room);
    assertThat(client.isIn()).isTrue();
    return new Visit(client, Duration.ofNanos(client.heard().getFirst().atNanos() - began));
  }
}
