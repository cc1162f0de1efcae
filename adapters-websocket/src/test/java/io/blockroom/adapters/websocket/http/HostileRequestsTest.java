package io.blockroom.adapters.websocket.http;

import static io.blockroom.adapters.websocket.http.ApiServer.ROOMS;
import static io.blockroom.adapters.websocket.http.ApiServer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.CommitLog.Excerpt;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent, nothing is changed by what cannot be understood, and the refusal is typed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRequestsTest {
  private static final List<String> WRONG_FOR_ALL =
      List.of("null", "[]", "{}", "1e99999", "-1", "0.5", "9007199254740992", "nul", "NaN", "'x'");
  private static final String LONG = "\"" + "x".repeat(201) + "\"";

  private static final RoomId MAZE = new RoomId("maze");
  private static final String ROOM_ID = "\"roomId\":\"x\"";

  private final ApiServer server = new ApiServer();
  private String file = "";
  private Excerpt history = new Excerpt(Optional.empty(), SequenceNumber.NONE, List.of(), true);

  @BeforeAll
  void takeOut() {
    server.bringIn(
        "maze",
        2,
        new WorkspaceSnapshot(
            new SequenceNumber(1),
            Optional.of(new WorkspaceXml("<xml><block type=\"a\"/></xml>")),
            Optional.of(new WorkspaceState("{\"blocks\":{}}"))));
    file = server.get(ROOMS + "/maze/export").body();
    history = server.storage.read(MAZE, SequenceNumber.NONE, 10);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @AfterEach
  void nothing_was_changed() {
    assertThat(server.storage.list(Optional.empty(), 10))
        .containsExactly(Room.opened(MAZE, 7, ApiServer.NOW));
    assertThat(server.storage.read(MAZE, SequenceNumber.NONE, 10)).isEqualTo(history);
  }

  /** F stands for a field that would do. */
  static Stream<String> brokenTexts() {
    return Stream.of(
        "",
        " ",
        "null",
        "1",
        "\"F\"",
        "[]",
        "[{F}]",
        "{F",
        "F}",
        "{F}}",
        "{F}{}",
        "{F} x",
        "{F,}",
        "{F,F}",
        "{,F}",
        "{F:1}",
        "{x:1,F}",
        "{'x':1,F}",
        "\uFEFF{F}",
        "{F,\"x\":1}",
        "{F,\"\":null}",
        "{F,\"\\ud800\":1}",
        "{F,\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
        "[".repeat(60_000),
        "{\"a\":".repeat(10_000));
  }

  @ParameterizedTest
  @MethodSource("brokenTexts")
  @DisplayName("A04: a body that is not one object of known fields is refused")
  void a_broken_text_is_refused(String body) {
    assertProblem(server.post(ROOMS, body.replace("F", ROOM_ID)), 400, "BAD_MESSAGE");
    assertProblem(
        server.send("PATCH", ROOMS + "/maze", body.replace("F", "\"maxUsers\":2")),
        400,
        "BAD_MESSAGE");
    assertProblem(
        server.post(ROOMS + "/maze/restore", body.replace("F", "\"seq\":1")), 400, "BAD_MESSAGE");
    assertProblem(
        server.post(ROOMS + "/import", body.replace("F", "\"format\":\"blockroom-room\"")),
        400,
        "BAD_MESSAGE");
  }

  static Stream<Arguments> wrongFields() {
    return Stream.of(
            wrong("POST", "", "roomId", "true", "1", "\"\"", "\"a b\"", "\"a/b\"", "\"a\\u0000\""),
            wrong("POST", "", "roomId", "\"" + "x".repeat(65) + "\"", "\"\\ud83d\\ude42\""),
            wrong("POST", "", ROOM_ID + ",\"title", "true", "1", LONG, "\"\\u0000\"", "\"a\\nb\""),
            wrong(
                "POST", "", ROOM_ID + ",\"title", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"a\tb\""),
            wrong("POST", "", ROOM_ID + ",\"maxUsers", "0", "1001", "\"5\"", "true", "4294967301"),
            wrong("POST", "", ROOM_ID + ",\"lockPolicy", "\"\"", "\"ADVISORY\"", "\"none\"", "1"),
            wrong("POST", "", ROOM_ID + ",\"frozen", "true"),
            wrong("PATCH", "/maze", "title", "true", "1", LONG, "\"\\u0000\"", "\"\\ud800\""),
            wrong("PATCH", "/maze", "maxUsers", "0", "1001", "\"5\"", "true", "4294967301"),
            wrong("PATCH", "/maze", "lockPolicy", "\"\"", "\"Required\"", "1"),
            wrong("PATCH", "/maze", "frozen", "0", "1", "\"true\""),
            wrong("PATCH", "/maze", "closed", "0", "1", "\"true\""),
            wrong("PATCH", "/maze", "roomId", "\"maze\""),
            wrong("PATCH", "/maze", "createdAt", "\"2026-11-24T08:00:00Z\""),
            wrong("POST", "/maze/restore", "seq", "true", "\"1\""))
        .flatMap(each -> each);
  }

  private static Stream<Arguments> wrong(
      String method, String path, String field, String... values) {
    return Stream.concat(WRONG_FOR_ALL.stream(), Arrays.stream(values))
        .map(value -> Arguments.of(method, path, "{\"" + field + "\":" + value + "}"));
  }

  @ParameterizedTest
  @MethodSource("wrongFields")
  @DisplayName("A05: a field of the wrong kind is refused")
  void a_wrong_field_is_refused(String method, String path, String body) {
    String sound = body.replace("{\"" + ROOM_ID, "{" + ROOM_ID);

    assertProblem(server.send(method, ROOMS + path, sound), 400, "BAD_MESSAGE");
  }

  @Test
  void a_number_that_is_ahead_of_the_room_is_not_found() {
    assertProblem(
        server.post(ROOMS + "/maze/restore", "{\"seq\":9007199254740991}"), 404, "SEQ_NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?limit=0",
        "?limit=101",
        "?limit=-1",
        "?limit=",
        "?limit=x",
        "?limit=1.0",
        "?limit=1e1",
        "?limit=+1",
        "?limit=%2B1",
        "?limit=%D9%A1",
        "?limit=99999999999999999999",
        "?after=",
        "?after=a%2Fb",
        "?after=%00",
        "?after=%FF",
        "/maze/commits?from=0",
        "/maze/commits?from=-1",
        "/maze/commits?from=9007199254740992",
        "/maze/commits?from=2&to=1",
        "/maze/commits?to=0",
        "/maze/commits?limit=501",
        "/maze/commits?limit=0",
        "/maze/snapshots?below=-1",
        "/maze/snapshots?below=x",
        "/maze/snapshots?limit=101"
      })
  void a_parameter_out_of_its_bounds_is_refused(String query) {
    assertProblem(server.get(ROOMS + query), 400, "BAD_MESSAGE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%20b", "a%2Fb", "a+b", "a;x=1", "%00", "%F0%9F%99%82", "*", "%7Ba%7D"})
  @DisplayName("A06: an ill-formed room id is not found")
  void an_ill_formed_name_names_no_room(String name) {
    assertProblem(server.get(ROOMS + "/" + name), 404, "ROOM_NOT_FOUND");
    assertProblem(server.get(ROOMS + "/" + name + "/export"), 404, "ROOM_NOT_FOUND");
    assertProblem(
        server.send("PATCH", ROOMS + "/" + name, "{\"title\":\"x\"}"), 404, "ROOM_NOT_FOUND");
    assertProblem(server.send(server.request(ROOMS + "/" + name).DELETE()), 404, "ROOM_NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "application/problem+json",
        "application/json; charset=utf-16",
        "application/*",
        "*/*"
      })
  @DisplayName("What a form of a foreign page can send is refused")
  void another_content_type_is_refused(String type) {
    for (String path : List.of("", "/maze/restore", "/import?roomId=x")) {
      assertProblem(
          server.send(
              server
                  .request(ROOMS + path)
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofString(path.startsWith("/import") ? file : "{}"))),
          415,
          "BAD_MESSAGE");
    }
    assertProblem(
        server.send(
            server
                .request(ROOMS + "/maze")
                .header("Content-Type", type)
                .method("PATCH", BodyPublishers.ofString("{\"title\":\"x\"}"))),
        415,
        "BAD_MESSAGE");
  }

  @Test
  void no_content_type_is_refused() {
    assertProblem(
        server.send(server.request(ROOMS).POST(BodyPublishers.ofString("{" + ROOM_ID + "}"))),
        415,
        "BAD_MESSAGE");
    assertThat(
            server.raw(
                "POST /api/v1/rooms HTTP/1.1\r\nHost: localhost\r\nContent-Type: ///\r\n"
                    + "Content-Length: 2\r\n\r\n{}"))
        .startsWith("HTTP/1.1 415");
  }

  @Test
  void a_body_of_more_than_64_kibibytes_is_too_large() {
    String large = "{" + ROOM_ID + "}" + " ".repeat(64 << 10);

    assertProblem(server.post(ROOMS, large), 413, "TOO_LARGE");
    assertProblem(
        server.send(
            "POST",
            ROOMS,
            BodyPublishers.ofByteArrays(
                List.of(large.getBytes(StandardCharsets.UTF_8), new byte[1 << 20]))),
        413,
        "TOO_LARGE");
  }

  @Test
  void a_body_that_is_not_utf_8_is_refused() {
    byte[] latin1 =
        ("{" + ROOM_ID + ",\"title\":\"\u00e4\"}").getBytes(StandardCharsets.ISO_8859_1);

    assertProblem(
        server.send("POST", ROOMS, BodyPublishers.ofByteArray(latin1)), 400, "BAD_MESSAGE");
    assertProblem(
        server.send(
            "POST",
            ROOMS + "/import?roomId=x",
            BodyPublishers.ofByteArray(
                file.replace("\"title\":\"maze\"", "\"title\":\"\u00e4\"")
                    .getBytes(StandardCharsets.ISO_8859_1))),
        400,
        "BAD_MESSAGE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n",
        "Content-Length: x\r\n\r\n{}",
        "Content-Length: -1\r\n\r\n{}"
      })
  void a_body_whose_length_is_broken_ends_the_connection(String rest) {
    for (String path : List.of("", "/import")) {
      String answer =
          server.raw(
              "POST /api/v1/rooms%s HTTP/1.1\r\nHost: localhost\r\n".formatted(path)
                  + "Content-Type: application/json\r\n"
                  + rest
                  + "GET /api/v1/rooms HTTP/1.1\r\nHost: localhost\r\n\r\n");

      assertThat(answer).startsWith("HTTP/1.1 4").contains("application/problem+json");
      assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/import"})
  void a_body_that_breaks_off_changes_nothing_and_is_not_worth_a_log_line(String path) {
    try (LoggedLines log = new LoggedLines()) {
      server.raw(
          "POST /api/v1/rooms%s HTTP/1.1\r\nHost: localhost\r\n".formatted(path)
              + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"form");

      assertThat(log.text()).doesNotContain("failed", "Exception");
    }
  }

  @Test
  void the_answer_to_a_head_request_has_no_body() {
    String answer =
        server.raw(
            "HEAD /api/v1/rooms/maze HTTP/1.1\r\nHost: localhost\r\n\r\n"
                + "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 405").contains("\r\n\r\nHTTP/1.1 400");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%zz", "/maze?limit=%zz", "/%", "/<script>", "/maze/%e"})
  void a_target_that_cannot_be_read_is_answered_without_repeating_it(String target) {
    assertThat(server.raw("GET /api/v1/rooms" + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json", "\"code\":\"BAD_MESSAGE\"")
        .doesNotContain("Exception", "<script>", "%");
  }

  @Test
  @DisplayName("A19: pages of other origins are refused")
  void a_foreign_page_can_neither_read_nor_change() {
    for (String origin : List.of("http://evil.example", "null", "http://localhost:1")) {
      assertThat(
              server
                  .send(
                      server
                          .request(ROOMS)
                          .header("Origin", origin)
                          .header("Content-Type", "application/json")
                          .POST(BodyPublishers.ofString("{" + ROOM_ID + "}")))
                  .statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  @DisplayName("A23: an exception's text is in no answer and no log line")
  void an_unknown_failure_says_nothing_of_itself() {
    try (LoggedLines log = new LoggedLines();
        ApiServer broken = ApiServer.broken()) {
      List.of(
              broken.post(ROOMS, "{" + ROOM_ID + "}"),
              broken.get(ROOMS),
              broken.get(ROOMS + "/maze"),
              broken.send("PATCH", ROOMS + "/maze", "{}"),
              broken.send(broken.request(ROOMS + "/maze").DELETE()),
              broken.get(ROOMS + "/maze/members"),
              broken.get(ROOMS + "/maze/locks"),
              broken.get(ROOMS + "/maze/commits"),
              broken.get(ROOMS + "/maze/snapshots"),
              broken.get(ROOMS + "/maze/snapshots/1"),
              broken.post(ROOMS + "/maze/restore", "{\"seq\":1}"),
              broken.get(ROOMS + "/maze/export"),
              broken.post(ROOMS + "/import", file))
          .forEach(answer -> {
            assertProblem(answer, 500, "INTERNAL");
            assertThat(answer.body()).doesNotContain(ApiServer.CANARY, "Exception");
          });
      assertThat(log.text()).contains("IllegalStateException").doesNotContain(ApiServer.CANARY);
    }
  }
}
