package io.blockroom.bootstrap.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of {@code blockroom.v1}, among themselves and beside clients of the seed protocol. */
class V1ProtocolTest {
  private static final AtomicInteger ROOMS = new AtomicInteger();

  @TempDir private static Path data;
  private static @Nullable RunningServer started;

  private final String room = "v1-" + ROOMS.incrementAndGet();

  @BeforeAll
  static void start() {
    started = RunningServer.start(data, "--resume.grace", "2s", "--snapshots.ask-after", "10");
  }

  @AfterAll
  static void stop() {
    server().close();
  }

  @Test
  void a_newcomer_is_told_all_about_the_room() {
    JsonObject state = v1("Ada").payload(0);

    assertThat(state.getInt("protocol")).isEqualTo(1);
    assertThat(state.getString("epoch")).isNotEmpty();
    assertThat(state.getInt("seq")).isZero();
    assertThat(state.getString("resumeToken")).matches("[A-Za-z0-9._-]+");
    assertThat(state.getString("role")).isEqualTo("editor");
    assertThat(state.getInt("graceMs")).isEqualTo(2000);
    assertThat(state.getJsonObject("room").getString("lockPolicy")).isEqualTo("advisory");
    assertThat(state.getJsonObject("limits").getInt("maxMessageBytes")).isEqualTo(1_048_576);
  }

  @Test
  void a_turn_is_granted_applied_acknowledged_and_released_in_this_order() {
    Pupil ada = v1("Ada");
    Pupil bob = v1("Bob");
    ada.awaits("USER_JOINED");

    long token = ada.lockV1("b1");
    JsonObject ack = ada.ask("COMMIT", Pupil.move("b1", "c1").add("token", token).build());

    assertThat(ack.getJsonObject("payload").getInt("seq")).isEqualTo(1);
    assertThat(ack.getJsonObject("payload").getBoolean("duplicate")).isFalse();
    assertThat(types(ada, 2))
        .containsExactly(
            "LOCK_UPDATE", "LOCK_GRANTED", "COMMIT_APPLY", "LOCK_UPDATE", "COMMIT_ACK");
    JsonObject told = bob.awaits("COMMIT_APPLY");
    assertThat(told.getInt("seq")).isEqualTo(1);
    assertThat(told.getString("cid")).isEqualTo("c1");
    JsonObject freed = bob.awaits("LOCK_UPDATE");
    assertThat(freed.isNull("owner")).isTrue();
    assertThat(freed.getString("reason")).isEqualTo("committed");
  }

  @Test
  void what_somebody_else_holds_is_denied_with_its_owner() {
    Pupil ada = v1("Ada");
    Pupil bob = v1("Bob");
    ada.lockV1("b1");

    JsonObject lock = bob.ask("LOCK_ACQUIRE", block("b1").build());
    JsonObject commit = bob.ask("COMMIT", Pupil.move("b1", "c1").build());

    assertThat(lock.getString("t")).isEqualTo("LOCK_DENIED");
    assertThat(lock.getJsonObject("payload").getString("owner")).isEqualTo(ada.id());
    assertThat(commit.getString("t")).isEqualTo("COMMIT_DENIED");
    assertThat(commit.getJsonObject("payload").getString("code")).isEqualTo("LOCKED");
    assertThat(commit.getJsonObject("payload").getString("owner")).isEqualTo(ada.id());
  }

  @Test
  @DisplayName("S05 a client gets as many locks as it was told it can have, and no more")
  void a_client_gets_as_many_locks_as_it_was_told_it_can_have_and_no_more() {
    Pupil ada = v1("Ada");
    int most = ada.payload(0).getJsonObject("limits").getInt("locksPerClient");
    for (int i = 0; i < most; i += 50) {
      String[] more = IntStream.range(i + 1, i + 50).mapToObj(n -> "b" + n).toArray(String[]::new);
      JsonObject group = blocks(more).add("blockId", "b" + i).build();
      assertThat(ada.ask("LOCK_ACQUIRE", group).getString("t")).isEqualTo("LOCK_GRANTED");
    }

    JsonObject refused = ada.ask("LOCK_ACQUIRE", block("one-more").build());

    assertThat(refused.getString("t")).isEqualTo("ERROR");
    assertThat(refused.getJsonObject("payload").getString("code")).isEqualTo("LOCK_LIMIT");
    ada.ask("COMMIT", Pupil.move("b7", "c1").build());
    assertThat(ada.lockV1("one-more")).isPositive();
  }

  @Test
  @DisplayName("A12 the same cid has the same outcome, with another body it is a mismatch")
  void a_repeat_is_acknowledged_and_not_applied_again() {
    Pupil ada = v1("Ada");
    Pupil bob = v1("Bob");
    ada.ask("COMMIT", Pupil.move("b1", "c1").build());

    for (int i = 0; i < 10; i++) {
      JsonObject again = (i % 2 == 0 ? ada : bob).ask("COMMIT", Pupil.move("b1", "c1").build());
      assertThat(again.getString("t")).isEqualTo("COMMIT_ACK");
      assertThat(again.getJsonObject("payload").getInt("seq")).isEqualTo(1);
      assertThat(again.getJsonObject("payload").getBoolean("duplicate")).isTrue();
    }
    JsonObject other = ada.ask("COMMIT", Pupil.move("b2", "c1").build());

    assertThat(other.getString("t")).isEqualTo("COMMIT_DENIED");
    assertThat(other.getJsonObject("payload").getString("code")).isEqualTo("CID_MISMATCH");
    assertThat(
            ada.ask("COMMIT", Pupil.move("b1", "c2").build())
                .getJsonObject("payload")
                .getInt("seq"))
        .isEqualTo(2);
    await().untilAsserted(() -> assertThat(bob.seqsHeard()).containsExactly(1L, 2L));
  }

  @Test
  void a_stale_token_is_fenced() {
    Pupil ada = v1("Ada");
    long first = ada.lockV1("b1");
    ada.ask("LOCK_RELEASE", blocks("b1").build());
    long second = ada.lockV1("b1");

    JsonObject stale = ada.ask("COMMIT", Pupil.move("b1", "c1").add("token", first).build());
    JsonObject fresh = ada.ask("COMMIT", Pupil.move("b1", "c2").add("token", second).build());

    assertThat(second).isGreaterThan(first);
    assertThat(stale.getString("t")).isEqualTo("COMMIT_DENIED");
    assertThat(stale.getJsonObject("payload").getString("code")).isEqualTo("FENCED");
    assertThat(fresh.getString("t")).isEqualTo("COMMIT_ACK");
  }

  @Test
  void a_release_of_what_one_does_not_hold_is_an_error() {
    Pupil ada = v1("Ada");
    ada.lockV1("b1");

    JsonObject refused = ada.ask("LOCK_RELEASE", blocks("b1", "b2").build());
    JsonObject done = ada.ask("LOCK_RELEASE", blocks("b1").build());

    assertThat(refused.getString("t")).isEqualTo("ERROR");
    assertThat(refused.getJsonObject("payload").getString("code")).isEqualTo("LOCK_NOT_HELD");
    assertThat(done.getString("t")).isEqualTo("OK");
  }

  @Test
  void a_seed_client_and_a_v1_client_share_a_room() {
    Pupil ada = v1("Ada");
    Pupil bob = Pupil.enter(server().port(), room, "Bob");
    ada.ask("COMMIT", Pupil.move("b1", "c1").build());
    assertThat(bob.awaits("COMMIT_APPLY").getString("by")).isEqualTo(ada.id());

    bob.say(
        "COMMIT", Pupil.move("b2", "ignored").add("workspaceXml", xml("b2")).build().toString());

    assertThat(bob.awaits("COMMIT_APPLY").containsKey("workspaceXml")).isTrue();
    JsonObject told =
        ada.awaits("COMMIT_APPLY", payload -> payload.getString("by").equals(bob.id()));
    assertThat(told.getInt("seq")).isEqualTo(2);
    assertThat(told.containsKey("workspaceXml")).isFalse();
    JsonObject late = v1("Cat").payload(0);
    assertThat(late.getInt("snapshotSeq")).isEqualTo(2);
    assertThat(late.getString("workspaceXml")).contains("b2");
    assertThat(late.getJsonArray("commits")).isEmpty();
  }

  @Test
  void a_snapshot_that_missed_a_commit_hides_it_from_nobody() {
    Pupil ada = v1("Ada");
    ada.ask(
        "COMMIT", Pupil.move("b1", "c1").add("baseSeq", 0).add("workspaceXml", xml("one")).build());
    ada.ask("COMMIT", Pupil.move("b1", "c2").build());

    ada.ask(
        "COMMIT",
        Pupil.move("b1", "c3").add("baseSeq", 1).add("workspaceXml", xml("blind")).build());

    JsonObject v1 = v1("Eve").payload(0);
    assertThat(v1.getInt("snapshotSeq")).isEqualTo(1);
    assertThat(v1.getString("workspaceXml")).contains("one");
    assertThat(cids(v1.getJsonArray("commits"))).containsExactly("c2", "c3");
    Pupil seed = Pupil.enter(server().port(), room, "Bob");
    assertThat(seed.payload(0).getString("workspaceXml")).contains("one");
    await().untilAsserted(() -> assertThat(seed.seqsHeard()).containsExactly(2L, 3L));
  }

  @Test
  @DisplayName("A10 one v1 client is asked for a snapshot; what is old or ahead is refused")
  void snapshots_keep_the_tail_short() {
    Pupil ada = v1("Ada");
    for (int i = 1; i <= 12; i++) {
      ada.ask("COMMIT", Pupil.move("b1", "c" + i).build());
    }
    assertThat(ada.awaits("SNAPSHOT_REQUEST").getInt("seq")).isEqualTo(12);

    assertThat(ada.ask("SNAPSHOT", snapshot(13)).getJsonObject("payload").getString("code"))
        .isEqualTo("STALE_SNAPSHOT");
    assertThat(ada.ask("SNAPSHOT", snapshot(12)).getString("t")).isEqualTo("OK");
    assertThat(ada.ask("SNAPSHOT", snapshot(11)).getJsonObject("payload").getString("code"))
        .isEqualTo("STALE_SNAPSHOT");

    JsonObject late = v1("Eve").payload(0);
    assertThat(late.getInt("snapshotSeq")).isEqualTo(12);
    assertThat(late.getJsonObject("state").getJsonObject("blocks").getInt("languageVersion"))
        .isZero();
    assertThat(late.getJsonArray("commits")).isEmpty();
  }

  @Test
  void within_the_grace_seat_locks_and_exactly_what_was_missed_are_found_again() {
    Pupil ada = v1("Ada");
    Pupil bob = v1("Bob");
    ada.lockV1("b1");
    ada.ask("COMMIT", Pupil.move("b9", "c1").build());
    bob.awaits("COMMIT_APPLY");
    ada.vanish();
    bob.ask("COMMIT", Pupil.move("b2", "c2").build());

    Pupil back = Pupil.resume(server().port(), room, ada, 1, "c1", "c7");

    JsonObject resumed = back.payload(0);
    assertThat(back.heard().getFirst().getString("t")).isEqualTo("RESUMED");
    assertThat(resumed.getBoolean("recovered")).isTrue();
    assertThat(resumed.getString("clientId")).isEqualTo(ada.id());
    assertThat(cids(resumed.getJsonArray("commits"))).containsExactly("c2");
    assertThat(resumed.getJsonObject("acked").keySet()).containsExactly("c1");
    assertThat(resumed.getJsonArray("locksKept").getString(0)).isEqualTo("b1");
    assertThat(bob.ask("LOCK_ACQUIRE", block("b1").build()).getString("t"))
        .isEqualTo("LOCK_DENIED");
    assertThat(types(bob, 0)).doesNotContain("USER_LEFT");
  }

  @Test
  void after_the_grace_the_locks_are_free_and_the_history_is_told_all_the_same() {
    Pupil ada = v1("Ada");
    Pupil bob = v1("Bob");
    ada.lockV1("b1");
    ada.vanish();
    JsonObject freed = bob.awaits("LOCK_UPDATE", payload -> payload.isNull("owner"));
    assertThat(freed.getString("reason")).isEqualTo("disconnected");
    assertThat(bob.awaits("USER_LEFT").getString("reason")).isEqualTo("timeout");
    bob.ask("COMMIT", Pupil.move("b1", "c1").build());

    Pupil back = Pupil.resume(server().port(), room, ada, 0);

    JsonObject resumed = back.payload(0);
    assertThat(resumed.getBoolean("recovered")).isFalse();
    assertThat(resumed.getString("clientId")).isNotEqualTo(ada.id());
    assertThat(cids(resumed.getJsonArray("commits"))).containsExactly("c1");
    bob.awaits("USER_JOINED");
  }

  @Test
  void a_second_connection_of_the_same_session_replaces_the_first() {
    Pupil ada = v1("Ada");

    Pupil again = Pupil.resume(server().port(), room, ada, 0);

    assertThat(again.payload(0).getString("clientId")).isEqualTo(ada.id());
    assertThat(ada.closeCode()).isEqualTo(4007);
    again.lockV1("b1");
    Pupil bob = v1("Bob");
    assertThat(bob.payload(0).getJsonObject("locks").getString("b1")).isEqualTo(ada.id());
  }

  @Test
  @DisplayName("A21 a used, foreign or forged token never gives another's identity")
  void a_bad_token_is_a_new_join() {
    Pupil ada = v1("Ada");
    Pupil again = Pupil.resume(server().port(), room, ada, 0);
    again.lockV1("b1"); // speaks under the new token

    Pupil used = Pupil.resume(server().port(), room, ada, 0);
    Pupil foreign = Pupil.resume(server().port(), room + "-other", ada, 0);

    for (Pupil pupil : List.of(used, foreign)) {
      assertThat(pupil.heard().getFirst().getString("t")).isEqualTo("SYNC");
      assertThat(pupil.payload(0).getString("clientId")).isNotEqualTo(ada.id());
      assertThat(pupil.payload(0).getJsonArray("commits")).isEmpty();
    }
    assertThat(again.isConnected()).isTrue();
  }

  @Test
  void a_clean_close_frees_at_once() {
    Pupil ada = v1("Ada");
    Pupil bob = v1("Bob");
    ada.lockV1("b1");
    bob.awaits("LOCK_UPDATE");

    long left = System.nanoTime();
    ada.leave();
    bob.awaits("USER_LEFT");

    assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void a_restored_room_is_shown_to_everybody_under_a_new_epoch() {
    Pupil ada = v1("Ada");
    Pupil bob = Pupil.enter(server().port(), room, "Bob");
    for (int i = 1; i <= 3; i++) {
      ada.ask("COMMIT", Pupil.move("b1", "c" + i).build());
    }

    HttpResponse<String> answer =
        server().post("/api/v1/rooms/" + room + "/restore", "{\"seq\":2}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonObject sync = ada.awaits("SYNC");
    assertThat(sync.getString("epoch")).isNotEqualTo(ada.payload(0).getString("epoch"));
    assertThat(sync.getJsonArray("commits")).hasSize(2);
    assertThat(sync.getString("resumeToken")).isNotEmpty();
    bob.awaits("INIT_STATE");
    assertThat(ada.ask("COMMIT", Pupil.move("b1", "c4").build()).getString("t"))
        .isEqualTo("COMMIT_ACK");
    Pupil back = Pupil.resume(server().port(), room, ada, 3);
    assertThat(back.heard().getFirst().getString("t")).isEqualTo("SYNC");
  }

  @Test
  void whoever_is_out_of_step_can_ask_for_everything() {
    Pupil ada = v1("Ada");
    ada.ask("COMMIT", Pupil.move("b1", "c1").build());

    JsonObject sync = ada.ask("SYNC_REQUEST", Json.createObjectBuilder().add("fromSeq", 0).build());

    assertThat(sync.getString("t")).isEqualTo("SYNC");
    assertThat(cids(sync.getJsonObject("payload").getJsonArray("commits"))).containsExactly("c1");
  }

  private Pupil v1(String nickname) {
    return Pupil.enterV1(server().port(), room, nickname);
  }

  private static List<String> types(Pupil pupil, int from) {
    return pupil.heard().stream().skip(from).map(message -> message.getString("t")).toList();
  }

  private static List<String> cids(JsonArray commits) {
    return commits.getValuesAs(JsonObject.class).stream()
        .map(commit -> commit.getString("cid"))
        .toList();
  }

  private static JsonObjectBuilder block(String id) {
    return Json.createObjectBuilder().add("blockId", id);
  }

  private static JsonObjectBuilder blocks(String... ids) {
    return Json.createObjectBuilder().add("blockIds", Json.createArrayBuilder(List.of(ids)));
  }

  private static String xml(String block) {
    return "<xml><block type=\"text\" id=\"%s\"/></xml>".formatted(block);
  }

  private static JsonObject snapshot(int seq) {
    return Json.createObjectBuilder()
        .add("seq", seq)
        .add("format", "blockly-json")
        .add(
            "state",
            Json.createObjectBuilder()
                .add("blocks", Json.createObjectBuilder().add("languageVersion", 0)))
        .build();
  }

  private static RunningServer server() {
    return Objects.requireNonNull(started);
  }
}
