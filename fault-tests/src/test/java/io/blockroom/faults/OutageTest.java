package io.blockroom.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.bootstrap.endtoend.Pupil;
import io.blockroom.bootstrap.endtoend.RunningServer;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients meet while PostgreSQL or Redis is away, and when it is back. */
class OutageTest {
  private static final String COMMIT =
      "{\"blockId\":\"b1\",\"events\":[{}],\"workspaceXml\":\"<xml><block id=\\\"%s\\\"/></xml>\"}";
  private static final AtomicInteger ROOMS = new AtomicInteger();

  @TempDir private static Path data;
  private static @Nullable RunningServer started;

  private final String room = "outage-" + ROOMS.incrementAndGet();

  @BeforeAll
  static void start() {
    started = RunningServer.start(data, "--locks.ttl", "4s");
  }

  @AfterAll
  static void stop() {
    server().close();
  }

  @AfterEach
  void bring_back() {
    server().thawPostgres();
    server().thawRedis();
    await().atMost(Duration.ofSeconds(30)).until(() -> status("/health/ready") == 200);
  }

  @Test
  @DisplayName(
      "C10 without PostgreSQL commits are refused in 5 s, locks go on, the truth comes back")
  void without_postgresql() {
    Pupil ada = enter("Ada");
    Pupil bob = enter("Bob");
    ada.say("COMMIT", COMMIT.formatted("before"));
    bob.awaits("COMMIT_APPLY");
    ada.lock("b1");
    bob.awaitsLock("b1", ada.id());

    server().freezePostgres();
    long asked = System.nanoTime();
    ada.say("COMMIT", COMMIT.formatted("lost"));
    JsonObject denied = ada.awaits("LOCK_DENIED");

    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
    assertThat(denied.getString("blockId")).isEqualTo("b1");
    assertThat(denied.getString("owner")).isEqualTo(ada.id());
    bob.lock("b2");
    ada.awaitsLock("b2", bob.id());
    assertThat(Pupil.connect(server().port(), room, "Cat").closeCode()).isEqualTo(1013);
    assertThat(status("/health/live")).isEqualTo(200);
    assertThat(status("/health/ready")).isEqualTo(503);
    assertThat(status("/api/room/" + room + "/")).isEqualTo(503);

    server().thawPostgres();
    JsonObject truth = ada.awaits("INIT_STATE");
    assertThat(truth.getJsonObject("locks").getString("b2")).isEqualTo(bob.id());
    ada.say("COMMIT", COMMIT.formatted("after"));
    // Told as a commit, or in the state if that is shown again because of the one in doubt.
    await().atMost(Duration.ofSeconds(15)).until(() -> bob.heard().toString().contains("after"));
  }

  @Test
  @DisplayName(
      "C10 PostgreSQL away for 30 s: each commit is refused in 5 s, locks go on, none is kept")
  void without_postgresql_for_half_a_minute() {
    Pupil ada = Pupil.enterV1(server().port(), room, "Ada");
    Pupil bob = Pupil.enterV1(server().port(), room, "Bob");
    ada.lockV1("b1");
    server().freezePostgres();
    long lost = System.nanoTime();

    for (int i = 0; sinceThen(lost).compareTo(Duration.ofSeconds(30)) < 0; i++) {
      long asked = System.nanoTime();
      JsonObject answer = ada.ask("COMMIT", Pupil.move("b1", "away-" + i).build());
      assertThat(sinceThen(asked)).isLessThan(Duration.ofSeconds(5));
      assertThat(answer.getString("t")).isEqualTo("COMMIT_DENIED");
      assertThat(answer.getJsonObject("payload").getString("code"))
          .isEqualTo("STORAGE_UNAVAILABLE");
      assertThat(answer.getJsonObject("payload").getBoolean("retryable")).isTrue();
      bob.lockV1("other-" + i);
      ada.awaitsLock("other-" + i, bob.id());
    }
    assertThat(bob.seqsHeard()).isEmpty();

    server().thawPostgres();
    long back = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() ->
            ada.ask("COMMIT", Pupil.move("b1", "back").build())
                .getString("t")
                .equals("COMMIT_ACK"));
    assertThat(sinceThen(back)).isLessThan(Duration.ofSeconds(5));
    await().untilAsserted(() -> assertThat(bob.seqsHeard()).isEqualTo(ada.seqsHeard()));
  }

  private static Duration sinceThen(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  @Test
  @DisplayName(
      "C06 without Redis everything is answered in 3 s, joins are closed, and it comes back")
  void without_redis() {
    Pupil ada = enter("Ada");
    Pupil bob = enter("Bob");

    server().freezeRedis();
    long asked = System.nanoTime();
    ada.lock("b1");
    bob.say("COMMIT", COMMIT.formatted("lost"));

    assertThat(ada.awaits("LOCK_DENIED").isNull("owner")).isTrue();
    assertThat(bob.awaits("LOCK_DENIED").isNull("owner")).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
    // If leases are not trusted any more just then, that is what comes first.
    List<Pupil> crowd =
        IntStream.range(0, 60).mapToObj(i -> Pupil.connect(server().port(), room, "Cat")).toList();
    long knocked = System.nanoTime();
    assertThat(crowd).allSatisfy(each -> assertThat(each.closeCode()).isIn(1012, 1013));
    assertThat(sinceThen(knocked)).isLessThan(Duration.ofSeconds(3));
    assertThat(status("/health/ready")).isEqualTo(503);

    server().thawRedis();
    // The seats stand, or their holders are sent to come again: nobody is left in doubt.
    await()
        .atMost(Duration.ofSeconds(15))
        .until(
            () -> !bob.isConnected() || bob.heard().getLast().getString("t").equals("INIT_STATE"));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Pupil.connect(server().port(), room, "Eve").isWelcome());
  }

  @Test
  @DisplayName(
      "C06 a lease that lapsed in an outage ends its seats: clients are told to come again")
  void an_outage_longer_than_the_lease() {
    Pupil ada = enter("Ada");
    ada.lock("b1");
    ada.awaitsLock("b1", ada.id());

    server().freezeRedis();
    await().pollDelay(Duration.ofSeconds(6)).until(() -> true);
    server().thawRedis();

    assertThat(ada.closeCode()).isEqualTo(1012);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Pupil.connect(server().port(), room, "Ada").isWelcome());
    JsonObject state = enter("Bob").heard().getFirst().getJsonObject("payload");
    assertThat(state.getJsonObject("locks")).isEmpty();
  }

  private Pupil enter(String nickname) {
    return Pupil.enter(server().port(), room, nickname);
  }

  private static int status(String path) {
    return server().get(path).statusCode();
  }

  private static RunningServer server() {
    return Objects.requireNonNull(started);
  }
}
