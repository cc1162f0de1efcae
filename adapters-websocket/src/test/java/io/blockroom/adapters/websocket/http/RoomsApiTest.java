package io.blockroom.adapters.websocket.http;

import static io.blockroom.adapters.websocket.http.ApiServer.ROOMS;
import static io.blockroom.adapters.websocket.http.ApiServer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.ForceRelease;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomId;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rooms as resources. */
class RoomsApiTest {
  private final ApiServer server = new ApiServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_room_is_created_once() {
    HttpResponse<String> answer =
        server.post(
            ROOMS,
            "{\"roomId\":\"maze\",\"title\":\"The Maze\",\"maxUsers\":30,\"lockPolicy\":\"required\"}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Location")).contains("/api/v1/rooms/maze");
    assertThat(answer.body())
        .isEqualTo(
            "{\"roomId\":\"maze\",\"title\":\"The Maze\",\"maxUsers\":30,"
                + "\"lockPolicy\":\"required\",\"frozen\":false,\"closed\":false,"
                + "\"createdAt\":\"2026-11-24T08:00:00.123456Z\"}");
    assertThat(server.get(ROOMS + "/maze").body()).isEqualTo(answer.body());
    assertProblem(server.post(ROOMS, "{\"roomId\":\"maze\"}"), 409, "ROOM_EXISTS");
  }

  @Test
  void a_room_that_is_not_described_is_as_usual() {
    HttpResponse<String> answer = server.post(ROOMS, "{\"roomId\":\"maze\"}");

    assertThat(answer.body())
        .contains("\"title\":\"maze\"", "\"maxUsers\":7", "\"lockPolicy\":\"advisory\"");
  }

  @Test
  void a_room_may_be_named_in_any_script_however_its_characters_are_composed() {
    HttpResponse<String> answer = server.post(ROOMS, "{\"roomId\":\"\u1112\u1161\u11AB\"}");

    assertThat(answer.headers().firstValue("Location")).contains("/api/v1/rooms/%ED%95%9C");
    assertThat(server.get(ROOMS + "/%ED%95%9C").body()).contains("\"roomId\":\"\uD55C\"");
    assertThat(server.get(ROOMS + "/%E1%84%92%E1%85%A1%E1%86%AB").statusCode()).isEqualTo(200);
  }

  @Test
  void asking_for_a_room_does_not_create_it() {
    assertProblem(server.get(ROOMS + "/maze"), 404, "ROOM_NOT_FOUND");
    assertThat(server.storage.has(new RoomId("maze"))).isFalse();
  }

  @Test
  void rooms_are_listed_page_by_page() {
    Stream.of("b", "a", "\uD55C", "c").forEach(this::create);

    HttpResponse<String> first = server.get(ROOMS + "?limit=3");
    HttpResponse<String> second = server.get(ROOMS + "?limit=3&after=c");

    assertThat(first.body())
        .startsWith("{\"rooms\":[{\"roomId\":\"a\"")
        .endsWith("],\"next\":\"c\"}");
    assertThat(second.body()).startsWith("{\"rooms\":[{\"roomId\":\"\uD55C\"").endsWith("}]}");
    assertThat(server.get(ROOMS + "?after=%ED%95%9C").body()).isEqualTo("{\"rooms\":[]}");
  }

  @Test
  void a_change_changes_what_it_names() {
    create("maze");

    HttpResponse<String> answer =
        server.send("PATCH", ROOMS + "/maze", "{\"maxUsers\":3,\"frozen\":true}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"title\":\"maze\"", "\"maxUsers\":3", "\"frozen\":true", "\"closed\":false");
    assertThat(server.get(ROOMS + "/maze").body()).isEqualTo(answer.body());
    assertProblem(server.send("PATCH", ROOMS + "/other", "{}"), 404, "ROOM_NOT_FOUND");
  }

  @Test
  void a_room_that_is_deleted_is_gone() {
    create("maze");

    HttpResponse<String> answer = delete("maze");

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertProblem(delete("maze"), 404, "ROOM_NOT_FOUND");
  }

  @Test
  void a_room_shows_who_is_there_and_who_holds_what() {
    create("maze");
    RoomId maze = new RoomId("maze");
    ClientId ada = new ClientId("ada");
    server.coordination.take(
        maze, new Participant(ada, Nickname.of("Ada \"A\"").orElseThrow(), Color.ofPalette(0)), 7);
    server.coordination.stock(maze, server.storage.draw(maze));
    server.coordination.acquire(maze, ada, LockRequest.of(new BlockId("b\":{}"), Set.of()));

    assertThat(server.get(ROOMS + "/maze/members").body())
        .isEqualTo(
            "{\"members\":[{\"clientId\":\"ada\",\"nickname\":\"Ada \\\"A\\\"\",\"color\":\"%s\",\"status\":\"active\"}]}"
                .formatted(Color.ofPalette(0).value()));
    assertThat(server.get(ROOMS + "/maze/locks").body())
        .isEqualTo(
            "{\"locks\":[{\"blockId\":\"b\\\":{}\",\"owner\":\"ada\",\"token\":1,\"waiting\":0}]}");
    assertProblem(server.get(ROOMS + "/other/members"), 404, "ROOM_NOT_FOUND");
    assertProblem(server.get(ROOMS + "/other/locks"), 404, "ROOM_NOT_FOUND");
  }

  @Test
  void a_lock_is_ended_whoever_has_it() {
    List<String> asked = new CopyOnWriteArrayList<>();
    server.forcing =
        (room, block) -> {
          asked.add(room + " " + block.value());
          return ForceRelease.Outcome.FREED;
        };

    HttpResponse<String> answer =
        server.send(
            server
                .request(ROOMS + "/%ED%95%9C/locks?blockId=a%2Bb%26%3D%23%25%2F%3A%7B%7D%EA%B0%80")
                .DELETE());

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(asked).containsExactly("\uD55C a+b&=#%/:{}\uAC00");
  }

  @Test
  void a_lock_that_nobody_has_cannot_be_ended() {
    server.forcing = (room, block) -> ForceRelease.Outcome.NOT_HELD;
    assertProblem(force("b1"), 404, "LOCK_NOT_HELD");

    server.forcing = (room, block) -> ForceRelease.Outcome.NO_SUCH_ROOM;
    assertProblem(force("b1"), 404, "ROOM_NOT_FOUND");
    assertProblem(
        server.send(server.request(ROOMS + "/a%20b/locks?blockId=b1").DELETE()),
        404,
        "ROOM_NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "?blockId=", "?blockId", "?blockid=b1", "?blockId=%00", "?blockId=a%0Ab"})
  void A05_a_lock_to_be_ended_must_be_named(String query) {
    server.forcing =
        (room, block) -> {
          throw new AssertionError(block.value());
        };

    assertProblem(
        server.send(server.request(ROOMS + "/maze/locks" + query).DELETE()), 400, "BAD_MESSAGE");
    assertProblem(force("b".repeat(129)), 400, "BAD_MESSAGE");
  }

  @Test
  void while_something_is_away_no_lock_is_ended() {
    server.forcing =
        (room, block) -> {
          throw new CoordinationUnavailable(new IllegalStateException("away"));
        };
    assertProblem(force("b1"), 503, "COORDINATION_UNAVAILABLE");

    server.forcing =
        (room, block) -> {
          throw new StorageUnavailable(new IllegalStateException("away"));
        };
    assertProblem(force("b1"), 503, "STORAGE_UNAVAILABLE");
  }

  private HttpResponse<String> force(String block) {
    return server.send(server.request(ROOMS + "/maze/locks?blockId=" + block).DELETE());
  }

  @Test
  void a_room_called_import_is_a_room() {
    create("import");

    assertThat(server.get(ROOMS + "/import").body()).contains("\"roomId\":\"import\"");
    assertThat(delete("import").statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, '', 'GET, POST'",
    "DELETE, '', 'GET, POST'",
    "POST, /maze, 'DELETE, GET, PATCH'",
    "PUT, /import, 'DELETE, GET, PATCH, POST'",
    "POST, /maze/locks, 'DELETE, GET'",
    "POST, /maze/commits, GET",
    "GET, /maze/restore, POST",
    "TRACE, /maze, 'DELETE, GET, PATCH'"
  })
  void another_method_is_refused(String method, String path, String allowed) {
    create("maze");

    HttpResponse<String> answer =
        server.send(
            server.request(ROOMS + path).method(method, HttpRequest.BodyPublishers.noBody()));

    assertProblem(answer, 405, "BAD_MESSAGE");
    assertThat(answer.headers().firstValue("Allow")).contains(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/maze/",
        "/maze/nothing",
        "/maze/commits/",
        "/maze/commits/1",
        "/maze/snapshots/1/2",
        "//members",
        "/maze%2Fmembers/x"
      })
  void elsewhere_there_is_nothing(String path) {
    create("maze");

    assertProblem(server.get(ROOMS + path), 404, "BAD_MESSAGE");
  }

  @Test
  void while_the_storage_is_away_rooms_can_be_neither_seen_nor_changed() {
    create("maze");
    server.storage.loseStorage();

    List<HttpResponse<String>> answers =
        List.of(
            server.post(ROOMS, "{\"roomId\":\"other\"}"),
            server.get(ROOMS),
            server.get(ROOMS + "/maze"),
            server.send("PATCH", ROOMS + "/maze", "{}"),
            delete("maze"),
            server.get(ROOMS + "/maze/members"));

    for (HttpResponse<String> answer : answers) {
      assertProblem(answer, 503, "STORAGE_UNAVAILABLE");
      assertThat(answer.headers().firstValue("Retry-After")).contains("2");
    }
  }

  @Test
  void while_the_coordination_is_away_rooms_can_be_changed_but_not_looked_into() {
    create("maze");
    server.coordination.cutOff();

    HttpResponse<String> answer = server.get(ROOMS + "/maze/locks");

    assertProblem(answer, 503, "COORDINATION_UNAVAILABLE");
    assertThat(answer.headers().firstValue("Retry-After")).contains("2");
    assertThat(server.send("PATCH", ROOMS + "/maze", "{\"closed\":true}").statusCode())
        .isEqualTo(200);
  }

  @Test
  void answers_are_not_kept_by_anybody_on_the_way() {
    create("maze");

    assertThat(server.get(ROOMS + "/maze").headers().firstValue("Cache-Control"))
        .contains("no-store");
    assertThat(server.get(ROOMS + "/other").headers().firstValue("Cache-Control"))
        .contains("no-store");
  }

  private void create(String name) {
    assertThat(server.post(ROOMS, "{\"roomId\":\"" + name + "\"}").statusCode()).isEqualTo(201);
  }

  private HttpResponse<String> delete(String name) {
    return server.send(server.request(ROOMS + "/" + name).DELETE());
  }
}
