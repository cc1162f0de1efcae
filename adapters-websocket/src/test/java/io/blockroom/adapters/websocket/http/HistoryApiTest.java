package io.blockroom.adapters.websocket.http;

import static io.blockroom.adapters.websocket.http.ApiServer.ROOMS;
import static io.blockroom.adapters.websocket.http.ApiServer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A room's history as resources. */
class HistoryApiTest {
  private static final WorkspaceXml XML = new WorkspaceXml("<xml><block type=\"a\"/></xml>");
  private static final WorkspaceState STATE =
      new WorkspaceState("{\"blocks\": {\"blocks\": [{\"type\": \"a\"}]}}");

  private final ApiServer server = new ApiServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void commits_are_shown_as_they_were_made() {
    server.bringIn("maze", 3);

    HttpResponse<String> answer = server.get(ROOMS + "/maze/commits?from=2&to=2");

    assertThat(answer.body())
        .startsWith("{\"epoch\":\"epoch-of-3\",\"last\":3,\"commits\":[{")
        .contains(
            "\"blockId\":\"b:{2}\"",
            "\"events\":" + ApiServer.commit(2).events(),
            "\"by\":\"ada\"",
            "\"seq\":2",
            "\"cid\":\"c2\"",
            "\"at\":\"2026-11-24T08:00:02.123456Z\"")
        .endsWith("}]}");
  }

  @Test
  void commits_are_read_page_by_page() {
    server.bringIn("maze", 120);

    assertThat(numbers(server.get(ROOMS + "/maze/commits").body())).isEqualTo(100);
    assertThat(server.get(ROOMS + "/maze/commits").body()).endsWith("],\"next\":101}");
    assertThat(server.get(ROOMS + "/maze/commits?from=101").body()).endsWith("]}");
    assertThat(server.get(ROOMS + "/maze/commits?from=5&to=30&limit=10").body())
        .endsWith("],\"next\":15}");
    assertThat(server.get(ROOMS + "/maze/commits?from=121").body())
        .isEqualTo("{\"epoch\":\"epoch-of-120\",\"last\":120,\"commits\":[]}");
  }

  @Test
  void commits_that_were_forgotten_are_not_found() {
    server.bringIn("maze", 3, snapshot(2));
    server.storage.compact(ApiServer.NOW.plusSeconds(60), 100);

    assertProblem(server.get(ROOMS + "/maze/commits"), 404, "SEQ_NOT_FOUND");
    assertThat(server.get(ROOMS + "/maze/commits?from=3").statusCode()).isEqualTo(200);
  }

  @Test
  void snapshots_are_listed_the_newest_first() {
    server.bringIn("maze", 300, snapshot(99), snapshot(199), both(250));

    assertThat(server.get(ROOMS + "/maze/snapshots?limit=2").body())
        .isEqualTo(
            "{\"snapshots\":["
                + "{\"seq\":250,\"workspaceXml\":true,\"state\":true,\"at\":\"%1$s\"},"
                    .formatted(ApiServer.NOW)
                + "{\"seq\":199,\"workspaceXml\":true,\"state\":false,\"at\":\"%1$s\"}],\"next\":199}"
                    .formatted(ApiServer.NOW));
    assertThat(server.get(ROOMS + "/maze/snapshots?below=199").body())
        .startsWith("{\"snapshots\":[{\"seq\":99,")
        .endsWith("}]}");
  }

  @Test
  void a_snapshot_is_shown_in_all_its_forms() {
    server.bringIn("maze", 150, snapshot(99), both(150));

    assertThat(server.get(ROOMS + "/maze/snapshots/99").body())
        .isEqualTo("{\"seq\":99,\"workspaceXml\":\"<xml><block type=\\\"a\\\"/></xml>\"}");
    assertThat(server.get(ROOMS + "/maze/snapshots/150").body())
        .endsWith("\"state\":{\"blocks\": {\"blocks\": [{\"type\": \"a\"}]}}}");
    for (String none : List.of("1", "151", "x", "-1", "02x", "99999999999999999999", "%32x")) {
      assertProblem(server.get(ROOMS + "/maze/snapshots/" + none), 404, "SEQ_NOT_FOUND");
    }
  }

  @Test
  void a_room_is_wound_back_under_a_new_epoch_and_its_history_stays() {
    server.bringIn("maze", 5, snapshot(2));

    HttpResponse<String> answer = server.post(ROOMS + "/maze/restore", "{\"seq\":3}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"epoch\":\"epoch-1\",\"seq\":7}");
    assertThat(numbers(server.get(ROOMS + "/maze/commits").body())).isEqualTo(7);
    assertProblem(server.post(ROOMS + "/maze/restore", "{\"seq\":8}"), 404, "SEQ_NOT_FOUND");
  }

  @Test
  void a_room_that_is_taken_out_is_a_file() {
    server.bringIn("\uD55C-1", 2, both(1));

    HttpResponse<String> answer = server.get(ROOMS + "/%ED%95%9C-1/export");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"room.json\"; filename*=UTF-8''%ED%95%9C-1.json");
    assertThat(answer.body())
        .startsWith(
            "{\"format\":\"blockroom-room\",\"version\":1,\"room\":{\"roomId\":\"\uD55C-1\"")
        .contains("\"seq\":2,\"snapshots\":[{\"seq\":1,", "],\"commits\":[{\"blockId\":\"b:{1}\"")
        .endsWith("}]}");
  }

  @Test
  void what_is_taken_out_and_brought_in_and_taken_out_is_equal() {
    server.bringIn("maze", 250, snapshot(99), snapshot(199), both(250));
    String file = server.get(ROOMS + "/maze/export").body();
    server.storage.delete(new RoomId("maze"));

    HttpResponse<String> answer = server.post(ROOMS + "/import", file);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Location")).contains("/api/v1/rooms/maze");
    assertThat(answer.body()).isEqualTo(server.get(ROOMS + "/maze").body());
    assertThat(server.get(ROOMS + "/maze/export").body()).isEqualTo(file);
    assertThat(server.get(ROOMS + "/maze/commits?limit=1").body())
        .startsWith("{\"epoch\":\"epoch-1\"");
  }

  @Test
  void an_empty_room_can_be_taken_out_and_brought_in() {
    server.bringIn("maze", 0);
    String file = server.get(ROOMS + "/maze/export").body();

    HttpResponse<String> answer = server.post(ROOMS + "/import?roomId=other", file);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(server.get(ROOMS + "/other/export").body())
        .isEqualTo(file.replace("\"roomId\":\"maze\"", "\"roomId\":\"other\""));
  }

  @Test
  void a_history_that_was_shortened_can_be_taken_out_and_brought_in() {
    server.bringIn("maze", 300, snapshot(99), snapshot(199), snapshot(250));
    server.storage.compact(ApiServer.NOW.plusSeconds(220), 1000);
    String file = server.get(ROOMS + "/maze/export").body();

    HttpResponse<String> answer = server.post(ROOMS + "/import?roomId=other", file);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertProblem(server.get(ROOMS + "/other/commits?from=200"), 404, "SEQ_NOT_FOUND");
    assertThat(server.get(ROOMS + "/other/commits?from=220&limit=1").statusCode()).isEqualTo(200);
  }

  @Test
  void a_room_that_exists_is_not_replaced() {
    server.bringIn("maze", 3);
    server.bringIn("other", 0);
    String file = server.get(ROOMS + "/maze/export").body();

    assertProblem(server.post(ROOMS + "/import", file), 409, "ROOM_EXISTS");
    assertProblem(server.post(ROOMS + "/import?roomId=other", file), 409, "ROOM_EXISTS");
    assertThat(server.get(ROOMS + "/other/commits").body()).contains("\"last\":0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/commits", "/snapshots", "/snapshots/1", "/export", "/commits?from=7&to=9"})
  void a_room_that_does_not_exist_has_no_history(String path) {
    assertProblem(server.get(ROOMS + "/nowhere" + path), 404, "ROOM_NOT_FOUND");
    assertProblem(server.get(ROOMS + "/a%2Fb" + path), 404, "ROOM_NOT_FOUND");
  }

  @Test
  void while_the_storage_is_away_there_is_no_history() {
    server.bringIn("maze", 1);
    String file = server.get(ROOMS + "/maze/export").body();
    server.storage.loseStorage();

    List.of(
            server.get(ROOMS + "/maze/commits"),
            server.get(ROOMS + "/maze/snapshots"),
            server.get(ROOMS + "/maze/snapshots/1"),
            server.post(ROOMS + "/maze/restore", "{\"seq\":1}"),
            server.get(ROOMS + "/maze/export"),
            server.post(ROOMS + "/import?roomId=other", file))
        .forEach(answer -> assertProblem(answer, 503, "STORAGE_UNAVAILABLE"));
  }

  private static int numbers(String page) {
    return page.split("\"seq\":", -1).length - 1;
  }

  private static WorkspaceSnapshot snapshot(long number) {
    return WorkspaceSnapshot.of(new SequenceNumber(number), XML);
  }

  private static WorkspaceSnapshot both(long number) {
    return new WorkspaceSnapshot(new SequenceNumber(number), Optional.of(XML), Optional.of(STATE));
  }
}
