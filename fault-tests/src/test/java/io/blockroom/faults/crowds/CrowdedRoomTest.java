package io.blockroom.faults.crowds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.bootstrap.StoppingServer.Point;
import io.blockroom.faults.harness.Backbone;
import io.blockroom.faults.harness.Client;
import io.blockroom.faults.harness.Meanwhile;
import io.blockroom.faults.harness.Recorder;
import io.blockroom.faults.harness.ServerProcess;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A hundred people who all commit to one room, each of them every second or so. */
class CrowdedRoomTest {
  private static final System.Logger LOG = System.getLogger(CrowdedRoomTest.class.getName());
  private static final String ROOM = "crowded";
  private static final int AUTHORS = 100;
  private static final int COMMITS_OF_EACH = 6;
  private static final int LONGEST_PAUSE_MILLIS = 2_000;
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final Recorder recorder = new Recorder("C12", 0);

  /** The answer to a commit. */
  private record Ack(long seq, String cid, Duration after) {}

  @Test
  @DisplayName("C12 100 clients commit to one room: all see 1, 2, 3 …; acknowledged p99 within 2 s")
  void everybody_sees_every_commit_once_and_in_order() throws Exception {
    try (Backbone backbone = new Backbone();
        ServerProcess server =
            ServerProcess.start(
                backbone,
                "only",
                Point.NOWHERE,
                "--rooms.default-max-users",
                Integer.toString(AUTHORS));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Client> authors =
          IntStream.range(0, AUTHORS)
              .mapToObj(i -> Client.knock(recorder, "only", server.port(), ROOM))
              .toList();
      assertThat(authors).allMatch(Client::isIn);

      long began = System.nanoTime();
      List<Future<List<Ack>>> working =
          authors.stream().map(author -> threads.submit(() -> commit(author))).toList();
      List<Ack> acks = new ArrayList<>();
      for (Future<List<Ack>> each : working) {
        acks.addAll(each.get());
      }
      Duration took = Meanwhile.since(began);

      List<Duration> times = acks.stream().map(Ack::after).sorted().toList();
      Duration p99 = times.get(times.size() * 99 / 100);
      LOG.log(
          System.Logger.Level.INFO,
          "C12 {0} commits of {1} clients in {2}: acknowledged after p50 {3}, p99 {4}, longest {5}",
          acks.size(),
          AUTHORS,
          took,
          times.get(times.size() / 2),
          p99,
          times.getLast());
      List<Long> dense = Backbone.upTo(AUTHORS * COMMITS_OF_EACH);
      assertThat(backbone.log(ROOM))
          .containsExactlyInAnyOrderEntriesOf(
              acks.stream().collect(Collectors.toMap(Ack::seq, Ack::cid)));
      assertThat(backbone.log(ROOM).keySet()).containsExactlyElementsOf(dense);
      for (Client author : authors) {
        await()
            .atMost(Duration.ofSeconds(10))
            .untilAsserted(() -> assertThat(seqsHeard(author)).isEqualTo(dense));
      }
      recorder.check(ROOM, backbone.rows(ROOM), true);
      assertThat(p99).isLessThanOrEqualTo(LIMIT);
    }
  }

  private static List<Ack> commit(Client author) {
    List<Ack> acks = new ArrayList<>();
    Random random = new Random(author.name().hashCode());
    for (int n = 0; n < COMMITS_OF_EACH; n++) {
      String cid = author.name() + "-" + n;
      long asked = System.nanoTime();
      JsonObject answer = author.commit("block-" + author.name(), cid).join();
      Duration after = Meanwhile.since(asked);
      assertThat(answer.getString("t"))
          .as("closed with %d", author.closeCode())
          .isEqualTo("COMMIT_ACK");
      JsonObject payload = answer.getJsonObject("payload");
      assertThat(payload.getBoolean("duplicate")).isFalse();
      acks.add(new Ack(payload.getJsonNumber("seq").longValue(), cid, after));
      Meanwhile.passes(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)));
    }
    return acks;
  }

  private static List<Long> seqsHeard(Client author) {
    return author.heard("COMMIT_APPLY", any -> true).stream()
        .map(each -> each.payload().getJsonNumber("seq").longValue())
        .toList();
  }
}
