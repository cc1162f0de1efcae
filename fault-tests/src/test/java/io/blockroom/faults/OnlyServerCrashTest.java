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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code kill -9} of the only server while many commit, and its next start. */
class OnlyServerCrashTest {
  private static final String ROOM = "alone";
  private static final int AUTHORS = 8;
  private static final int ENOUGH = 400;

  private final Map<String, Long> acked = new ConcurrentHashMap<>();
  private final AtomicInteger offered = new AtomicInteger();
  private final Recorder recorder = new Recorder("C02", 0);

  @Test
  @DisplayName("C02 kill -9 of the only server loses no acked commit and leaves no lock behind")
  void everything_that_was_acknowledged_is_there_after_the_next_start() throws Exception {
    try (Backbone backbone = new Backbone()) {
      try (ServerProcess first = ServerProcess.start(backbone, "only", Point.NOWHERE);
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < AUTHORS; i++) {
          clients.add(Client.knock(recorder, "only", first.port(), ROOM));
        }
        assertThat(clients).allMatch(Client::isIn);
        clients.getFirst().lock(List.of("held")).join();
        clients.forEach(client -> threads.execute(() -> commitUntilKilled(client)));
        await().atMost(Duration.ofSeconds(60)).until(() -> acked.size() >= ENOUGH);
        first.kill();
      }
      Map<Long, String> log = backbone.log(ROOM);

      assertThat(log.keySet()).containsExactlyElementsOf(Backbone.upTo(log.size()));
      acked.forEach((cid, seq) -> assertThat(log).containsEntry(seq, cid));
      assertThat(log.values()).doesNotHaveDuplicates();
      try (ServerProcess second = ServerProcess.start(backbone, "only", Point.NOWHERE)) {
        Client late = Client.knock(recorder, "only", second.port(), ROOM);
        assertThat(late.isIn()).isTrue();
        assertThat(commits(late)).isEqualTo(List.copyOf(log.values()));
        // Told as held until its lease has ended, and then told as ended; or not told as held.
        await()
            .atMost(Duration.ofSeconds(12))
            .until(() ->
                late.heard().getFirst().payload().getJsonObject("locks").isEmpty()
                    || late.ends().size() == 1);
        recorder.check(ROOM, backbone.rows(ROOM), true);
      }
    }
  }

  private void commitUntilKilled(Client client) {
    while (client.isConnected()) {
      String cid = "c" + offered.incrementAndGet();
      JsonObject answer = client.commit("block-" + client.id(), cid).join();
      if (answer.getString("t").equals("COMMIT_ACK")) {
        acked.put(cid, answer.getJsonObject("payload").getJsonNumber("seq").longValue());
      }
    }
  }

  private static List<String> commits(Client client) {
    return client
        .heard()
        .getFirst()
        .payload()
        .getJsonArray("commits")
        .getValuesAs(JsonObject.class)
        .stream()
        .map(commit -> commit.getString("cid"))
        .toList();
  }
}
