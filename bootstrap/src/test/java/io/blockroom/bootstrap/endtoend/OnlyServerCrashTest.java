package io.blockroom.bootstrap.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.bootstrap.StoppingServer.Point;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final AtomicBoolean isKilled = new AtomicBoolean();

  @Test
  @DisplayName("C02 kill -9 of the only server loses no acked commit and leaves no lock behind")
  void everything_that_was_acknowledged_is_there_after_the_next_start() throws Exception {
    try (Backbone backbone = new Backbone()) {
      try (ServerProcess first = ServerProcess.start(backbone, "only", Point.NOWHERE);
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Pupil> pupils = new ArrayList<>();
        for (int i = 0; i < AUTHORS; i++) {
          pupils.add(Pupil.enterV1(first.port(), ROOM, "A" + i));
        }
        pupils.getFirst().lockV1("held");
        pupils.forEach(pupil -> threads.execute(() -> commitUntilKilled(pupil)));
        await().atMost(Duration.ofSeconds(60)).until(() -> acked.size() >= ENOUGH);
        first.kill();
        isKilled.set(true);
        threads.shutdownNow();
      }
      Map<Long, String> log = backbone.log(ROOM);

      assertThat(log.keySet()).containsExactlyElementsOf(Backbone.upTo(log.size()));
      acked.forEach((cid, seq) -> assertThat(log).containsEntry(seq, cid));
      assertThat(log.values()).doesNotHaveDuplicates();
      try (ServerProcess second = ServerProcess.start(backbone, "only", Point.NOWHERE)) {
        Pupil late = Pupil.enterV1(second.port(), ROOM, "Late");
        assertThat(commits(late)).isEqualTo(List.copyOf(log.values()));
        await()
            .atMost(Duration.ofSeconds(12))
            .until(() ->
                Pupil.enterV1(second.port(), ROOM, "Bob")
                    .payload(0)
                    .getJsonObject("locks")
                    .isEmpty());
      }
    }
  }

  private void commitUntilKilled(Pupil pupil) {
    while (!isKilled.get() && pupil.isConnected()) {
      String cid = "c" + offered.incrementAndGet();
      JsonObject answer = pupil.ask("COMMIT", Pupil.move("block-" + pupil.id(), cid).build());
      if (answer.getString("t").equals("COMMIT_ACK")) {
        acked.put(cid, answer.getJsonObject("payload").getJsonNumber("seq").longValue());
      }
    }
  }

  private static List<String> commits(Pupil pupil) {
    return pupil.payload(0).getJsonArray("commits").getValuesAs(JsonObject.class).stream()
        .map(commit -> commit.getString("cid"))
        .toList();
  }
}
