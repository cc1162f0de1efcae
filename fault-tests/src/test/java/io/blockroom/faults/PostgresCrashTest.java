package io.blockroom.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.bootstrap.StoppingServer.Point;
import io.blockroom.faults.harness.Backbone;
import io.blockroom.faults.harness.Client;
import io.blockroom.faults.harness.Recorder;
import io.blockroom.faults.harness.ServerProcess;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code kill -9} of PostgreSQL while many commit. */
class PostgresCrashTest {
  private static final int ROOMS = 8;
  private static final int AUTHORS = 32;
  private static final int ENOUGH = 5_200;

  @Test
  @DisplayName(
      "C09 kill -9 of PostgreSQL: none of 5,000 acked commits is lost, repeats double none")
  void no_acknowledged_commit_is_lost_and_none_is_doubled() throws Exception {
    try (Backbone backbone = new Backbone();
        ServerProcess server =
            ServerProcess.start(
                backbone, "only", Point.NOWHERE, "--rooms.default-max-users", "50");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Load load = new Load();
      Recorder recorder = new Recorder("C09", 0);
      List<Author> authors = new ArrayList<>();
      for (int i = 0; i < AUTHORS; i++) {
        String room = "load-" + i % ROOMS;
        Client client = Client.knock(recorder, "only", server.port(), room);
        assertThat(client.isIn()).isTrue();
        authors.add(new Author(room, "a" + i, client, load));
      }
      List<Future<?>> done = new ArrayList<>();
      authors.forEach(author -> done.add(threads.submit(author::commitUntilEnough)));

      await().atMost(Duration.ofSeconds(60)).until(() -> load.acked.get() > ENOUGH / 2);
      backbone.postgres().kill();
      await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
      backbone.postgres().start();
      long back = System.nanoTime();
      int before = load.acked.get();
      await().atMost(Duration.ofSeconds(10)).until(() -> load.acked.get() > before + 100);
      assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(10));
      for (Future<?> each : done) {
        each.get();
      }

      assertThat(load.acked.get()).isGreaterThanOrEqualTo(5_000);
      assertThat(Duration.ofNanos(load.slowestRefusal.get())).isLessThan(Duration.ofSeconds(5));
      for (int i = 0; i < ROOMS; i++) {
        String room = "load-" + i;
        Map<Long, String> log = backbone.log(room);
        assertThat(log.keySet()).containsExactlyElementsOf(Backbone.upTo(log.size()));
        Map<String, Long> bySeq = new HashMap<>();
        log.forEach((seq, cid) -> assertThat(bySeq.put(cid, seq)).as("second " + cid).isNull());
        assertThat(bySeq).containsAllEntriesOf(load.acks(room));
        for (Author author : authors) {
          if (author.room.equals(room)) {
            await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(
                    () -> assertThat(author.seqsHeard()).containsExactlyElementsOf(log.keySet()));
          }
        }
        recorder.check(room, backbone.rows(room), true);
      }
    }
  }

  private static final class Load {
    final AtomicInteger acked = new AtomicInteger();
    final AtomicLong slowestRefusal = new AtomicLong();
    private final Map<String, Map<String, Long>> seqs = new ConcurrentHashMap<>();

    void ack(String room, String cid, long seq) {
      seqs.computeIfAbsent(room, any -> new ConcurrentHashMap<>()).put(cid, seq);
      acked.incrementAndGet();
    }

    Map<String, Long> acks(String room) {
      return seqs.getOrDefault(room, Map.of());
    }
  }

  /** Offers one commit after the other, each until it is acknowledged. */
  private static final class Author {
    final String room;
    final Client client;
    private final String name;
    private final Load load;

    Author(String room, String name, Client client, Load load) {
      this.room = room;
      this.name = name;
      this.client = client;
      this.load = load;
    }

    List<Long> seqsHeard() {
      return client.heard("COMMIT_APPLY", any -> true).stream()
          .map(each -> each.payload().getJsonNumber("seq").longValue())
          .toList();
    }

    void commitUntilEnough() {
      for (int n = 0; load.acked.get() < ENOUGH; n++) {
        commit(name + "-" + n);
      }
    }

    private void commit(String cid) {
      while (true) {
        long asked = System.nanoTime();
        JsonObject answer = client.commit("block-" + name, cid).join();
        JsonObject payload = answer.getJsonObject("payload");
        if (answer.getString("t").equals("COMMIT_ACK")) {
          load.ack(room, cid, payload.getJsonNumber("seq").longValue());
          return;
        }
        assertThat(payload.getString("code")).isEqualTo("STORAGE_UNAVAILABLE");
        long took = System.nanoTime() - asked;
        load.slowestRefusal.accumulateAndGet(took, Math::max);
      }
    }
  }
}
