package io.blockroom.bootstrap.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Part by part, what docs/protocol.md says of the seed protocol. */
class SeedProtocolTest {
  private static final String XML = "<xml><block type=\\\"text\\\" id=\\\"b1\\\"></block></xml>";
  private static final AtomicInteger ROOMS = new AtomicInteger();

  @TempDir private static Path data;
  private static @Nullable RunningServer started;

  private final String room = "방_" + ROOMS.incrementAndGet();

  @BeforeAll
  static void start() {
    started = RunningServer.start(data, "--ping.interval", "1s");
  }

  @AfterAll
  static void stop() {
    server().close();
  }

  private static RunningServer server() {
    return Objects.requireNonNull(started);
  }

  private Pupil enter(String nickname) {
    return Pupil.enter(server().port(), room, nickname);
  }

  @Test
  void init_state_comes_first_and_names_the_others_and_their_locks() {
    Pupil ada = enter("Ada");
    ada.lock("b1");
    ada.awaitsLock("b1", ada.id());

    Pupil bob = enter("Bob");

    JsonObject state = bob.heard().getFirst().getJsonObject("payload");
    assertThat(state.getJsonArray("users")).hasSize(1);
    JsonObject other = state.getJsonArray("users").getJsonObject(0);
    assertThat(other.getString("clientId")).isEqualTo(ada.id());
    assertThat(other.getString("nickname")).isEqualTo("Ada");
    assertThat(other.getString("color")).matches("#[0-9A-F]{6}");
    assertThat(state.getJsonObject("locks").getString("b1")).isEqualTo(ada.id());
    assertThat(state).doesNotContainKey("workspaceXml");
  }

  @Test
  void the_others_and_only_they_are_told_who_comes_and_goes() {
    Pupil ada = enter("Ada");
    Pupil bob = enter("Bob");

    assertThat(ada.awaits("USER_JOINED").getString("clientId")).isEqualTo(bob.id());
    bob.leave();
    assertThat(ada.awaits("USER_LEFT").getString("clientId")).isEqualTo(bob.id());

    assertThat(bob.heard()).hasSize(1);
  }

  @Test
  void a_lock_is_told_to_everybody_and_denied_to_the_next_with_the_time_it_would_stand() {
    Pupil ada = enter("Ada");
    Pupil bob = enter("Bob");

    ada.lock("b1");
    ada.awaitsLock("b1", ada.id());
    bob.awaitsLock("b1", ada.id());
    bob.lock("b1");

    JsonObject denied = bob.awaits("LOCK_DENIED");
    assertThat(denied.getString("blockId")).isEqualTo("b1");
    assertThat(denied.getString("owner")).isEqualTo(ada.id());
    assertThat(denied.getInt("ttlMs")).isBetween(1, 10_000);
  }

  @Test
  void a_group_is_locked_whole_or_not_at_all() {
    Pupil ada = enter("Ada");
    Pupil bob = enter("Bob");
    ada.lock("b2");
    bob.awaitsLock("b2", ada.id());

    bob.say("LOCK_ACQUIRE", "{\"blockId\":\"b1\",\"blockIds\":[\"b2\",\"b3\"]}");
    JsonObject denied = bob.awaits("LOCK_DENIED");
    assertThat(denied.getString("blockId")).isEqualTo("b1");
    assertThat(denied.getString("owner")).isEqualTo(ada.id());
    bob.say("LOCK_ACQUIRE", "{\"blockId\":\"b1\",\"blockIds\":[\"b3\",\"b1\"]}");

    bob.awaitsLock("b1", bob.id());
    bob.awaitsLock("b3", bob.id());
    assertThat(enter("Cat").heard().getFirst().getJsonObject("payload").getJsonObject("locks"))
        .containsOnlyKeys("b1", "b2", "b3");
  }

  @Test
  void asking_again_for_a_held_block_is_granted_again_and_told_to_me_alone() {
    Pupil ada = enter("Ada");
    Pupil bob = enter("Bob");
    ada.lock("b1");
    bob.awaitsLock("b1", ada.id());
    ada.awaitsLock("b1", ada.id());

    ada.lock("b1");
    ada.awaitsLock("b1", ada.id());
    ada.lock("b2");
    bob.awaitsLock("b2", ada.id());

    assertThat(bob.heard().stream().filter(m -> m.toString().contains("\"b1\""))).hasSize(1);
  }

  @Test
  void a_commit_is_told_with_its_events_as_they_came_and_before_its_releases() {
    Pupil ada = enter("Ada");
    Pupil bob = enter("Bob");
    ada.say("LOCK_ACQUIRE", "{\"blockId\":\"b1\",\"blockIds\":[\"b2\"]}");
    bob.awaitsLock("b2", ada.id());

    String events =
        "[{\"type\":\"move\",\"blockId\":\"b1\",\"n\":1.50,\"s\":\"\\u00e9\\/\"},{\"x\":[]}]";
    ada.say(
        "COMMIT",
        "{\"blockId\":\"b1\",\"events\":"
            + events
            + ",\"workspaceXml\":\""
            + XML
            + "\",\"releaseBlockIds\":[\"b2\"]}");

    for (Pupil each : List.of(ada, bob)) {
      JsonObject applied = each.awaits("COMMIT_APPLY");
      assertThat(applied.getJsonArray("events"))
          .isEqualTo(Pupil.parse("{\"e\":" + events + "}").getJsonArray("e"));
      assertThat(applied.getString("by")).isEqualTo(ada.id());
      assertThat(applied.getString("workspaceXml")).contains("<block");
      each.awaitsRelease("b1");
      each.awaitsRelease("b2");
    }
  }

  @Test
  void a_commit_may_keep_its_lock() {
    Pupil ada = enter("Ada");
    Pupil bob = enter("Bob");
    ada.lock("b1");
    bob.awaitsLock("b1", ada.id());

    ada.say("COMMIT", "{\"blockId\":\"b1\",\"events\":[{}],\"releaseLock\":false}");
    bob.awaits("COMMIT_APPLY");
    bob.lock("b1");

    assertThat(bob.awaits("LOCK_DENIED").getString("owner")).isEqualTo(ada.id());
  }

  @Test
  void a_commit_without_events_lets_a_lock_go_even_one_that_was_not_held() {
    Pupil ada = enter("Ada");
    Pupil bob = enter("Bob");

    ada.say("COMMIT", "{\"blockId\":\"b9\",\"events\":[]}");

    assertThat(bob.awaits("COMMIT_APPLY").getJsonArray("events")).isEmpty();
    bob.awaitsRelease("b9");
  }

  @Test
  @DisplayName("A11 a commit that touches somebody else's block is refused whole")
  void a_commit_that_touches_somebody_elses_block_is_refused_whole() {
    Pupil ada = enter("Ada");
    Pupil bob = enter("Bob");
    ada.say("LOCK_ACQUIRE", "{\"blockId\":\"b2\",\"blockIds\":[\"b3\"]}");
    bob.awaitsLock("b3", ada.id());
    bob.lock("b1");
    bob.awaitsLock("b1", bob.id());

    bob.say(
        "COMMIT",
        "{\"blockId\":\"b1\",\"events\":[{\"type\":\"move\",\"blockId\":\"b1\",\"newParentId\":\"b2\"},"
            + "{\"type\":\"delete\",\"ids\":[\"b3\"]}]}");

    assertThat(List.of(bob.awaits("LOCK_DENIED"), bob.awaits("LOCK_DENIED")))
        .allSatisfy(denied -> assertThat(denied.getString("owner")).isEqualTo(ada.id()))
        .extracting(denied -> denied.getString("blockId"))
        .containsExactlyInAnyOrder("b2", "b3");
    JsonObject truth = bob.awaits("INIT_STATE");
    assertThat(truth.getString("clientId")).isEqualTo(bob.id());
    assertThat(truth.getJsonObject("locks").getString("b1")).isEqualTo(bob.id());
    assertThat(ada.heard()).noneMatch(m -> m.getString("t").equals("COMMIT_APPLY"));
  }

  @Test
  void the_workspace_outlives_everybody_and_the_server() {
    Pupil ada = enter("Ada");
    ada.say("COMMIT", "{\"blockId\":\"b1\",\"events\":[{}],\"workspaceXml\":\"" + XML + "\"}");
    ada.awaits("COMMIT_APPLY");
    ada.lock("b1");
    ada.awaitsLock("b1", ada.id());

    server().restart();

    assertThat(ada.closeCode()).isEqualTo(1012);
    JsonObject state = enter("Bob").heard().getFirst().getJsonObject("payload");
    assertThat(state.getString("workspaceXml")).contains("id=\"b1\"");
    assertThat(state.getJsonArray("users")).isEmpty();
    assertThat(state.getJsonObject("locks")).isEmpty();
  }

  @Test
  void a_clean_close_frees_the_locks_before_the_seat() {
    assertEndFreesLocksThenSeat(Pupil::leave);
  }

  @Test
  void a_reset_frees_the_locks_before_the_seat() {
    assertEndFreesLocksThenSeat(Pupil::vanish);
  }

  private void assertEndFreesLocksThenSeat(Consumer<Pupil> end) {
    Pupil bob = enter("Bob");
    Pupil ada = enter("Ada");
    ada.say("LOCK_ACQUIRE", "{\"blockId\":\"b1\",\"blockIds\":[\"b2\"]}");
    bob.awaitsLock("b2", ada.id());

    end.accept(ada);

    List<String> freed = new ArrayList<>();
    while (freed.size() < 2) {
      freed.add(bob.awaits("LOCK_UPDATE", p -> p.isNull("owner")).getString("blockId"));
    }
    assertThat(freed).containsExactlyInAnyOrder("b1", "b2");
    assertThat(bob.awaits("USER_LEFT").getString("clientId")).isEqualTo(ada.id());
  }

  @Test
  @DisplayName("A15 a client that falls silent is closed and its lock freed")
  void a_silent_client_loses_its_lock() throws IOException {
    Pupil bob = enter("Bob");
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), server().port())) {
      // Lock a block in a masked text frame (the mask is zero), then never answer a ping.
      byte[] lock =
          "{\"t\":\"LOCK_ACQUIRE\",\"payload\":{\"blockId\":\"b1\"}}"
              .getBytes(StandardCharsets.UTF_8);
      silent
          .getOutputStream()
          .write(
              ("GET /ws/workspace/"
                      + URLEncoder.encode(room, StandardCharsets.UTF_8)
                      + "/?nickname=Ghost HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                      + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      + "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      silent.getOutputStream().write(new byte[] {(byte) 0x81, (byte) (0x80 | lock.length)});
      silent.getOutputStream().write(new byte[4]);
      silent.getOutputStream().write(lock);
      bob.awaits("LOCK_UPDATE", p -> !p.isNull("owner"));

      bob.awaitsRelease("b1");
      bob.awaits("USER_LEFT");
    }
  }

  @Test
  void a_room_that_cannot_be_is_refused_after_the_websocket_is_accepted() {
    assertThat(Pupil.connect(server().port(), "no such/room", "Ada").closeCode()).isEqualTo(4004);
    assertThat(Pupil.connect(server().port(), "a".repeat(65), "Ada").closeCode()).isEqualTo(4004);
  }

  @Test
  @DisplayName("A17 the last seats of a room are never given twice (200 race for 10, ×50)")
  void two_hundred_race_for_ten_seats() throws Exception {
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 50; round++) {
        String contested = room + "-" + round;
        List<Future<Pupil>> arriving = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          arriving.add(crowd.submit(() -> Pupil.connect(server().port(), contested, "Ada")));
        }
        List<Pupil> all = new ArrayList<>();
        for (Future<Pupil> each : arriving) {
          all.add(each.get(60, TimeUnit.SECONDS));
        }
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> all.stream().allMatch(p -> !p.isConnected() || !p.heard().isEmpty()));
        List<Pupil> in = all.stream().filter(Pupil::isConnected).toList();
        assertThat(in).as("round %d", round).hasSize(10);
        assertThat(all.stream().filter(p -> !p.isConnected()))
            .allSatisfy(p -> assertThat(p.closeCode()).isEqualTo(4003))
            .allSatisfy(p -> assertThat(p.heard()).isEmpty());
        in.forEach(Pupil::vanish);
      }
    }
  }

  @Test
  void a_room_tells_about_itself() {
    String path = "/api/room/" + URLEncoder.encode(room, StandardCharsets.UTF_8);

    JsonObject first = Pupil.parse(server().get(path + "/").body());
    enter("Ada");
    JsonObject second = Pupil.parse(server().get(path).body());

    assertThat(first.getString("room_id")).isEqualTo(room);
    assertThat(first.getString("title")).isEqualTo(room);
    assertThat(first.getInt("max_users")).isEqualTo(10);
    assertThat(first.getInt("current_users")).isZero();
    assertThat(first.getBoolean("created")).isTrue();
    assertThat(second.getInt("current_users")).isEqualTo(1);
    assertThat(second.getBoolean("created")).isFalse();
  }

  @Test
  @DisplayName("A07 nicknames and rooms in any script; one room however its name is composed")
  void nicknames_and_rooms_in_any_script() {
    Pupil ada = Pupil.enter(server().port(), room, "민아 👩‍👩‍👧\u202E");
    Pupil bob = Pupil.enter(server().port(), Normalizer.normalize(room, Normalizer.Form.NFD), "");

    assertThat(
            bob.heard()
                .getFirst()
                .getJsonObject("payload")
                .getJsonArray("users")
                .getJsonObject(0)
                .getString("nickname"))
        .isEqualTo("민아 👩‍👩‍👧");
    assertThat(ada.awaits("USER_JOINED").getString("nickname")).matches("User\\d{4}");
  }

  @Test
  @DisplayName("A04 messages that cannot be read change nothing; twenty of them end the connection")
  void unreadable_messages_change_nothing_and_twenty_end_the_connection() {
    Pupil ada = enter("Ada");
    List<String> bad =
        List.of(
            "",
            "x",
            "[]",
            "null",
            "{\"t\":1,\"payload\":{}}",
            "{\"t\":\"NOPE\",\"payload\":{}}",
            "{\"t\":\"COMMIT\"}",
            "{\"t\":\"LOCK_ACQUIRE\",\"payload\":{\"blockId\":7}}",
            "{\"t\":\"LOCK_ACQUIRE\",\"payload\":{\"blockId\":\"\"}}",
            "{\"t\":\"COMMIT\",\"payload\":{\"blockId\":\"b1\",\"events\":{}}}",
            "{\"t\":\"COMMIT\",\"payload\":{\"blockId\":\"b1\",\"events\":[],\"workspaceXml\":\"<x/>\"}}",
            "[".repeat(100_000),
            "{\"t\":\"HEARTBEAT\",\"payload\":{}}}",
            "\uFEFF{}",
            "{\"a\":NaN}");
    bad.forEach(ada::sayRaw);
    ada.lock("b1");
    ada.awaitsLock("b1", ada.id());
    assertThat(ada.heard()).hasSize(2);

    bad.forEach(message -> {
      if (ada.isConnected()) {
        ada.sayRaw(message);
      }
    });

    assertThat(ada.closeCode()).isEqualTo(1008);
  }

  @Test
  void nobody_ever_sees_an_owner_replaced_and_everybody_sees_each_commit_once_in_one_order()
      throws Exception {
    long seed = System.nanoTime();
    List<Pupil> class3b = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      class3b.add(enter("P" + i));
    }
    try (ExecutorService hands = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < class3b.size(); i++) {
        Pupil pupil = class3b.get(i);
        Random random = new Random(seed + i);
        int number = i;
        all.add(
            hands.submit(() -> {
              for (int n = 0; n < 60; n++) {
                String block = "b" + random.nextInt(4);
                pupil.lock(block);
                JsonObject answer = pupil.awaitsAnswer(block);
                if (answer.getString("t").equals("LOCK_UPDATE")) {
                  pupil.say(
                      "COMMIT",
                      "{\"blockId\":\"%s\",\"events\":[{\"mark\":\"%d-%d\"}]}"
                          .formatted(block, number, n));
                  String mark = "\"%d-%d\"".formatted(number, n);
                  pupil.awaits("COMMIT_APPLY", p -> p.toString().contains(mark));
                }
              }
            }));
      }
      for (Future<?> each : all) {
        each.get(60, TimeUnit.SECONDS);
      }
    }
    Pupil last = class3b.getFirst();
    last.say("COMMIT", "{\"blockId\":\"end\",\"events\":[{\"mark\":\"end\"}]}");
    class3b.forEach(p -> p.awaits("COMMIT_APPLY", a -> a.getString("blockId").equals("end")));

    List<String> order = marks(last);
    assertThat(order).as("seed %d", seed).doesNotHaveDuplicates().hasSizeGreaterThan(60);
    for (Pupil pupil : class3b) {
      assertThat(marks(pupil)).as("seed %d", seed).isEqualTo(order);
      assertOwnersAreReleased(pupil, seed);
    }
  }

  private static List<String> marks(Pupil pupil) {
    return pupil.heard().stream()
        .filter(m -> m.getString("t").equals("COMMIT_APPLY"))
        .map(m -> m.getJsonObject("payload").getJsonArray("events").toString())
        .toList();
  }

  private static void assertOwnersAreReleased(Pupil pupil, long seed) {
    Map<String, String> owners = new HashMap<>();
    for (JsonObject message : pupil.heard()) {
      if (message.getString("t").equals("LOCK_UPDATE")) {
        JsonObject update = message.getJsonObject("payload");
        String block = update.getString("blockId");
        if (update.isNull("owner")) {
          owners.remove(block);
        } else {
          String before = owners.put(block, update.getString("owner"));
          assertThat(before).as("seed %d", seed).isIn(null, update.getString("owner"));
        }
      }
    }
  }
}
