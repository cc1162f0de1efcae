package io.blockroom.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.bootstrap.StoppingServer.Point;
import io.blockroom.bootstrap.endtoend.Pupil;
import io.blockroom.faults.harness.Backbone;
import io.blockroom.faults.harness.ServerProcess;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A holder whose server was paused past its lease comes back while somebody else has the block. */
class FencedCommitTest {
  private static final int PAUSES = 2;
  private static final int ROOMS = 100;

  private record Trial(String room, Pupil former, Pupil successor) {}

  @Test
  @DisplayName("C03 200 of 200 commits of former holders are refused after a takeover")
  void a_paused_holder_cannot_commit_over_its_successor() throws Exception {
    try (Backbone backbone = new Backbone();
        ServerProcess awake =
            ServerProcess.start(backbone, "awake", Point.NOWHERE, "--locks.ttl", "1s")) {
      for (int pause = 0; pause < PAUSES; pause++) {
        pause(backbone, awake, pause);
      }
    }
  }

  private static void pause(Backbone backbone, ServerProcess awake, int pause) throws Exception {
    List<Trial> trials = new ArrayList<>();
    try (ServerProcess paused =
        ServerProcess.start(backbone, "paused", Point.BEFORE_STORING, "--locks.ttl", "1s")) {
      IntStream.range(0, ROOMS)
          .parallel()
          .mapToObj(i -> begin(paused, awake, "pause-%d-%d".formatted(pause, i)))
          .forEachOrdered(trials::add);
      paused.awaitStopped(ROOMS);
      paused.freeze();
      trials.parallelStream().forEach(FencedCommitTest::takeOver);
      paused.thaw();

      assertThat(paused.goOn(ROOMS)).hasSize(ROOMS).allMatch(line -> line.endsWith(" Fenced"));
    }
    for (Trial trial : trials) {
      assertThat(backbone.log(trial.room())).isEqualTo(Map.of(1L, "fine-" + trial.room()));
      assertThat(trial.successor().seqsHeard()).containsExactly(1L);
      trial.successor().leave();
    }
  }

  private static Trial begin(ServerProcess paused, ServerProcess awake, String room) {
    Pupil former = Pupil.enterV1(paused.port(), room, "Ada");
    long token = former.lockV1("b1");
    former.send("COMMIT", Pupil.move("b1", "doomed-" + room).add("token", token).build());
    return new Trial(room, former, Pupil.enterV1(awake.port(), room, "Bob"));
  }

  private static void takeOver(Trial trial) {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> lock(trial.successor()).equals("LOCK_GRANTED"));
    JsonObject answer =
        trial.successor().ask("COMMIT", Pupil.move("b1", "fine-" + trial.room()).build());
    assertThat(answer.getString("t")).as("%s", answer).isEqualTo("COMMIT_ACK");
  }

  private static String lock(Pupil pupil) {
    return pupil
        .ask("LOCK_ACQUIRE", Json.createObjectBuilder().add("blockId", "b1").build())
        .getString("t");
  }
}
