package io.blockroom.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.bootstrap.StoppingServer.Point;
import io.blockroom.bootstrap.endtoend.Pupil;
import io.blockroom.faults.harness.Backbone;
import io.blockroom.faults.harness.ServerProcess;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code kill -9} of a server in the middle of commits, while another one serves the same rooms.
 */
class ServerCrashTest {
  private static final int KILLS = 2;
  private static final int ROOMS = 50;

  private static @Nullable Backbone backbone;
  private static @Nullable ServerProcess other;

  /** Somebody whose server dies in the middle of their commit, and somebody on the other server. */
  private record Trial(String room, String cid, Pupil author, Pupil watcher) {}

  @BeforeAll
  static void start() {
    backbone = new Backbone();
    other = ServerProcess.start(backbone(), "other", Point.NOWHERE);
  }

  @AfterAll
  static void stop() throws IOException {
    other().close();
    backbone().close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Point.class,
      names = {"AFTER_STORING", "AFTER_TELLING"})
  @DisplayName(
      "C14 C15 100 of 100 commits cut off by kill -9 stand once, are told in 3 s and acked again")
  void a_stored_commit_survives_its_server(Point point) throws SQLException {
    for (int kill = 0; kill < KILLS; kill++) {
      List<Trial> trials = new ArrayList<>();
      try (ServerProcess doomed = ServerProcess.start(backbone(), "doomed", point)) {
        String names = "%s-%d-".formatted(point, kill);
        IntStream.range(0, ROOMS)
            .parallel()
            .mapToObj(i -> begin(doomed, names + i))
            .forEachOrdered(trials::add);
        doomed.awaitStopped(ROOMS);
        doomed.kill();
      }
      await()
          .atMost(Duration.ofSeconds(3))
          .untilAsserted(() ->
              assertThat(trials)
                  .allMatch(trial -> trial.watcher().seqsHeard().equals(List.of(1L))));
      for (Trial trial : trials) {
        repeat(trial);
      }
    }
  }

  private static Trial begin(ServerProcess doomed, String room) {
    String cid = "doomed-" + room;
    Pupil author = Pupil.enterV1(doomed.port(), room, "Ada");
    Pupil watcher = Pupil.enterV1(other().port(), room, "Bob");
    author.lockV1("b1");
    author.send("COMMIT", Pupil.move("b1", cid).build());
    return new Trial(room, cid, author, watcher);
  }

  private static void repeat(Trial trial) throws SQLException {
    Pupil back = Pupil.resume(other().port(), trial.room(), trial.author(), 0, trial.cid());
    JsonObject resumed = back.payload(0);
    assertThat(back.heard().getFirst().getString("t")).isEqualTo("RESUMED");
    // Whether the seat moved depends on how long its lease had still to go.
    assertThat(resumed.getJsonObject("acked").getInt(trial.cid())).isEqualTo(1);
    assertThat(resumed.getJsonArray("commits")).hasSize(1);

    JsonObject answer = back.ask("COMMIT", Pupil.move("b1", trial.cid()).build());

    assertThat(answer.getString("t")).as("%s", answer).isEqualTo("COMMIT_ACK");
    assertThat(answer.getJsonObject("payload").getInt("seq")).isEqualTo(1);
    assertThat(answer.getJsonObject("payload").getBoolean("duplicate")).isTrue();
    assertThat(backbone().log(trial.room())).isEqualTo(Map.of(1L, trial.cid()));
    assertThat(trial.watcher().seqsHeard()).containsExactly(1L);
    back.leave();
    trial.watcher().leave();
  }

  private static Backbone backbone() {
    return Objects.requireNonNull(backbone);
  }

  private static ServerProcess other() {
    return Objects.requireNonNull(other);
  }
}
