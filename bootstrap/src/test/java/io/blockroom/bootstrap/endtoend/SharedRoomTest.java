package io.blockroom.bootstrap.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.bootstrap.Server;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Ada and Bob are in one room, through two servers. */
class SharedRoomTest {
  private static final AtomicInteger ROOMS = new AtomicInteger();

  @TempDir private static Path data;
  private static @Nullable RunningServer first;
  private static @Nullable Server second;

  private final String room = "shared-" + ROOMS.incrementAndGet();

  @BeforeAll
  static void start() {
    first = RunningServer.start(data, "--resume.grace", "3s", "--locks.idle-timeout", "3s");
    second = first.another("there", "--resume.grace", "3s");
  }

  @AfterAll
  static void stop() {
    Objects.requireNonNull(second).close();
    Objects.requireNonNull(first).close();
  }

  @Test
  void whoever_waits_gets_the_block_when_it_is_released_on_the_other_server(TestReporter report) {
    Pupil ada = ada();
    Pupil bob = bob();
    ada.lockV1("b1");
    String request = bob.send("LOCK_ACQUIRE", queueing("b1"));

    JsonObject queued = bob.awaits("LOCK_QUEUED");
    JsonObject wanted = ada.awaits("LOCK_WANTED");
    assertThat(queued.getInt("position")).isEqualTo(1);
    assertThat(queued.getString("owner")).isEqualTo(ada.id());
    assertThat(wanted.getString("by")).isEqualTo(bob.id());
    assertThat(wanted.getInt("waiting")).isEqualTo(1);
    long released = System.nanoTime();
    ada.send("LOCK_RELEASE", Json.createObjectBuilder().add("blockIds", array("b1")).build());

    JsonObject granted = bob.awaits("LOCK_GRANTED");
    report.publishEntry(
        "handed on after ms", Long.toString((System.nanoTime() - released) / 1_000_000));
    assertThat(granted.getString("blockId")).isEqualTo("b1");
    assertThat(types(bob, request)).containsExactly("LOCK_QUEUED", "LOCK_GRANTED");
    assertThat(updates(ada, "b1"))
        .endsWith("released by " + null, "acquired by " + bob.id())
        .isEqualTo(updates(bob, "b1").subList(0, updates(ada, "b1").size()));
  }

  @Test
  void whoever_has_waited_for_long_enough_or_does_not_want_to_is_told_so() {
    Pupil ada = ada();
    Pupil bob = bob();
    ada.lockV1("b1");
    String first = bob.send("LOCK_ACQUIRE", queueing("b1", 1));
    JsonObject gaveUp = answerWithCode(bob, first, "QUEUE_TIMEOUT");
    assertThat(gaveUp.getString("t")).isEqualTo("ERROR");

    String second = bob.send("LOCK_ACQUIRE", queueing("b1"));
    bob.awaits("LOCK_QUEUED");
    JsonObject answer =
        bob.ask("LOCK_CANCEL", Json.createObjectBuilder().add("blockId", "b1").build());

    assertThat(answer.getString("t")).isEqualTo("OK");
    assertThat(types(bob, second)).containsExactly("LOCK_QUEUED", "ERROR");
    ada.send("LOCK_RELEASE", Json.createObjectBuilder().add("blockIds", array("b1")).build());
    bob.awaitsRelease("b1");
    assertThat(bob.lockV1("b1")).isPositive();
  }

  @Test
  void a_lock_is_handed_over_to_somebody_on_the_other_server() {
    Pupil ada = ada();
    Pupil bob = bob();
    long before = ada.lockV1("b1");

    JsonObject answer =
        ada.ask(
            "LOCK_HANDOVER",
            Json.createObjectBuilder().add("blockId", "b1").add("to", bob.id()).build());

    assertThat(answer.getString("t")).isEqualTo("OK");
    JsonObject granted = bob.awaits("LOCK_GRANTED");
    assertThat(granted.getJsonNumber("token").longValue()).isGreaterThan(before);
    assertThat(updates(bob, "b1")).endsWith("handover by null", "handover by " + bob.id());
    JsonObject late = ada.ask("COMMIT", Pupil.move("b1", "late").add("token", before).build());
    assertThat(late.getString("t")).isEqualTo("COMMIT_DENIED");
  }

  @Test
  @DisplayName("G5: the lock of somebody who does nothing is freed for the next in line")
  void the_lock_of_somebody_who_does_nothing_goes_to_the_next_in_line() {
    Pupil ada = ada();
    Pupil bob = bob();
    ada.lockV1("b1");
    bob.send("LOCK_ACQUIRE", queueing("b1"));

    bob.awaits("LOCK_GRANTED");

    assertThat(updates(bob, "b1")).endsWith("idle by null", "acquired by " + bob.id());
    assertThat(ada.isConnected()).isTrue();
  }

  @Test
  @DisplayName("G6: what somebody does is shown on the other server, and nothing of who is gone")
  void what_somebody_does_is_shown_on_the_other_server() {
    Pupil ada = ada();
    Pupil bob = bob();
    ada.say(
        "PRESENCE",
        "{\"status\":\"active\",\"selection\":[\"b1\"],\"cursor\":{\"x\":1.5,\"y\":-2}}");

    JsonObject shown = presenceOf(bob, ada);
    assertThat(shown.getString("status")).isEqualTo("active");
    assertThat(shown.getJsonArray("selection").getString(0)).isEqualTo("b1");
    assertThat(shown.getJsonObject("cursor").getJsonNumber("x").doubleValue()).isEqualTo(1.5);
    ada.say("HEARTBEAT", "{\"visible\":false}");
    assertThat(presenceOf(bob, ada).getString("status")).isEqualTo("away");
    ada.leave();
    bob.awaits("USER_LEFT");
    assertThat(bob().payload(0).getJsonArray("users").stream().map(each -> each.asJsonObject()))
        .noneMatch(user -> user.getString("clientId").equals(ada.id()));
  }

  @Test
  void whoever_lost_the_connection_finds_seat_and_locks_on_the_other_server() {
    Pupil ada = ada();
    Pupil bob = bob();
    long token = ada.lockV1("b1");
    ada.vanish();

    Pupil again = Pupil.resume(there().port(), room, ada, 0);

    assertThat(again.id()).isEqualTo(ada.id());
    assertThat(again.payload(0).getJsonArray("locksKept").getString(0)).isEqualTo("b1");
    JsonObject answer = again.ask("COMMIT", Pupil.move("b1", "c1").add("token", token).build());
    assertThat(answer.getString("t")).isEqualTo("COMMIT_ACK");
    bob.awaitsRelease("b1");
    assertThat(bob.heard()).noneMatch(message -> message.getString("t").equals("USER_LEFT"));
  }

  @Test
  @DisplayName("C17: a connection whose client goes on elsewhere is closed with 4007")
  void a_connection_whose_client_goes_on_elsewhere_is_replaced() {
    Pupil ada = ada();

    Pupil again = Pupil.resume(there().port(), room, ada, 0);

    assertThat(ada.closeCode()).isEqualTo(4007);
    assertThat(again.id()).isEqualTo(ada.id());
  }

  @Test
  @DisplayName(
      "O02: a server that stops sends its clients on, with seats, locks and no lost commit")
  void a_server_that_stops_sends_its_clients_on() {
    Server stopping = here().another("stopping", "--resume.grace", "3s");
    Pupil ada = Pupil.enterV1(stopping.port(), room, "Ada");
    Pupil seed = Pupil.enter(stopping.port(), room, "Sam");
    Pupil bob = bob();
    ada.lockV1("b1");
    ada.send("COMMIT", Pupil.move("b2", "under-way").build());

    CompletableFuture<Void> stop = CompletableFuture.runAsync(stopping::close);

    JsonObject going = ada.awaits("GOING_AWAY");
    assertThat(going.getString("reason")).isEqualTo("drain");
    assertThat(going.getInt("reconnectAfterMs")).isBetween(0, 5000);
    assertThat(ada.closeCode()).isEqualTo(1012);
    assertThat(seed.closeCode()).isEqualTo(1012);
    Pupil again = Pupil.resume(there().port(), room, ada, 0, "under-way");
    assertThat(again.id()).isEqualTo(ada.id());
    assertThat(again.payload(0).getJsonArray("locksKept").getString(0)).isEqualTo("b1");
    assertThat(again.payload(0).getJsonObject("acked").getInt("under-way")).isEqualTo(1);
    await().atMost(Duration.ofSeconds(30)).until(stop::isDone);
    assertThat(bob.awaits("USER_LEFT").getString("clientId")).isEqualTo(seed.id());
    assertThat(again.ask("COMMIT", Pupil.move("b1", "c2").build()).getString("t"))
        .isEqualTo("COMMIT_ACK");
  }

  @Test
  @DisplayName("O01 A19: an open server may be looked at and probed, and changed by own pages only")
  void an_open_server_may_be_looked_at_and_probed_and_changed_by_own_pages_only() throws Exception {
    Server open = here().another("open", "--insecure.open", "true");

    for (String path : List.of("/", "/health/ready", "/health/live", "/api/v1/rooms")) {
      assertThat(RawHttp.ask(open.port(), "GET " + path, "school.example")).contains(" 200 ");
    }
    assertThat(RawHttp.ask(open.port(), "DELETE /api/v1/rooms/" + room, "school.example"))
        .contains(" 403 ");
    for (String probe : List.of("/health/ready", "/health/live")) {
      assertThat(RawHttp.ask(here().port(), "GET " + probe, "10.0.0.7:8000")).contains(" 200 ");
    }
    assertThat(RawHttp.ask(here().port(), "GET /", "10.0.0.7:8000")).contains(" 403 ");
    open.close();
  }

  @Test
  @DisplayName("O02: a seat that a stopped server left ends after the grace, and all are told why")
  void a_seat_that_a_stopped_server_left_ends_after_the_grace() {
    Server stopping = here().another("ending", "--resume.grace", "1s");
    Pupil ada = Pupil.enterV1(stopping.port(), room, "Ada");
    Pupil bob = bob();
    ada.lockV1("b1");

    stopping.close();

    bob.awaits("USER_LEFT", left -> left.getString("reason").equals("timeout"));
    assertThat(updates(bob, "b1")).endsWith("disconnected by null");
  }

  private Pupil ada() {
    return Pupil.enterV1(here().port(), room, "Ada");
  }

  private Pupil bob() {
    return Pupil.enterV1(there().port(), room, "Bob");
  }

  private static RunningServer here() {
    return Objects.requireNonNull(first);
  }

  private static Server there() {
    return Objects.requireNonNull(second);
  }

  private static JsonObject queueing(String block) {
    return queueing(block, 15_000);
  }

  private static JsonObject queueing(String block, int maxWaitMs) {
    JsonObjectBuilder request = Json.createObjectBuilder().add("blockId", block);
    return request.add("mode", "queue").add("maxWaitMs", maxWaitMs).build();
  }

  private static jakarta.json.JsonArray array(String... blocks) {
    return Json.createArrayBuilder(Arrays.asList(blocks)).build();
  }

  /** The types of all answers to a request. */
  private static List<String> types(Pupil pupil, String request) {
    return pupil.heard().stream()
        .filter(message -> request.equals(message.getString("re", "")))
        .map(message -> message.getString("t"))
        .toList();
  }

  private static JsonObject answerWithCode(Pupil pupil, String request, String code) {
    await().atMost(Duration.ofSeconds(15)).until(() -> types(pupil, request).contains("ERROR"));
    JsonObject last =
        pupil.heard().stream()
            .filter(message -> request.equals(message.getString("re", "")))
            .toList()
            .getLast();
    assertThat(last.getJsonObject("payload").getString("code")).isEqualTo(code);
    return last;
  }

  /** What was told of a block: why, and who has it then. */
  private static List<String> updates(Pupil pupil, String block) {
    return pupil.heard().stream()
        .filter(message -> message.getString("t").equals("LOCK_UPDATE"))
        .map(message -> message.getJsonObject("payload"))
        .filter(payload -> payload.getString("blockId").equals(block))
        .map(payload -> payload.getString("reason") + " by " + payload.getString("owner", null))
        .toList();
  }

  private static JsonObject presenceOf(Pupil watcher, Pupil watched) {
    JsonObject update =
        watcher.awaits(
            "PRESENCE_UPDATE",
            payload ->
                payload.getJsonArray("users").stream()
                    .anyMatch(
                        each -> each.asJsonObject().getString("clientId").equals(watched.id())));
    return update.getJsonArray("users").stream()
        .map(each -> each.asJsonObject())
        .filter(each -> each.getString("clientId").equals(watched.id()))
        .findFirst()
        .orElseThrow();
  }
}
