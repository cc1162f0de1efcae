package io.blockroom.adapters.websocket.http;

import static io.blockroom.adapters.websocket.http.ApiServer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.room.RoomId;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP side on a real server. */
class HttpTest {
  private final ApiServer server = new ApiServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_room_tells_about_itself_and_whether_asking_created_it() {
    assertThat(server.get("/api/room/maze/").body())
        .isEqualTo(
            "{\"created\":true,\"current_users\":0,\"max_users\":7,"
                + "\"room_id\":\"maze\",\"title\":\"maze\"}");
    assertThat(server.get("/api/room/maze").body()).contains("\"created\":false");
    assertThat(server.get("/api/room/maze").headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
  }

  @Test
  void a_room_may_be_named_in_any_script() {
    HttpResponse<String> answer = server.get("/api/room/%ED%95%9C%EA%B8%80/");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"room_id\":\"한글\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%2Fb/", "a/b", "a+b", "a;x=1", "%FF", "%F0%9F%99%82"})
  @DisplayName("A06: an ill-formed room id is not found")
  void an_ill_formed_name_is_a_problem(String name) {
    HttpResponse<String> answer = server.get("/api/room/" + name);

    assertProblem(answer, 404, "ROOM_NOT_FOUND");
  }

  @Test
  void while_the_storage_is_away_rooms_cannot_be_described() {
    server.storage.loseStorage();

    assertProblem(server.get("/api/room/maze/"), 503, "STORAGE_UNAVAILABLE");
  }

  @Test
  void while_the_coordination_is_away_seats_cannot_be_counted() {
    server.coordination.cutOff();

    assertProblem(server.get("/api/room/maze/"), 503, "COORDINATION_UNAVAILABLE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/room/maze/", "/api/room/a+b/", "/nowhere"})
  @DisplayName("S06: every answer says what browsers may do with it")
  void every_answer_has_the_security_headers(String path) {
    HttpResponse<String> answer = server.get(path);

    assertThat(answer.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy -> assertThat(policy).contains("default-src 'none'", "frame-ancestors 'none'"));
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
  }

  @Test
  void the_front_page_says_that_the_server_runs() {
    HttpResponse<String> page = server.get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.body()).contains("Blockroom is running", "블록룸이 실행 중입니다");
  }

  @Test
  @DisplayName("A19: pages of other origins are refused")
  void a_foreign_origin_is_refused() {
    HttpResponse<String> answer =
        server.send(
            server.request("/api/room/maze/").header("Origin", "http://evil.example").GET());

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).isEqualTo("origin not allowed");
  }

  @Test
  @DisplayName("A19: a foreign Host is refused")
  void a_foreign_host_is_refused() {
    String answer =
        server.raw(
            "GET /api/room/maze/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 403");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nowhere", "/api/room", "/api/room/", "/index.html", "/api/"})
  void a_path_that_leads_nowhere_is_answered_plainly(String path) {
    HttpResponse<String> answer = server.get(path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("not found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
  void other_methods_change_nothing_and_are_answered_plainly(String method) {
    HttpResponse<String> answer =
        server.send(
            server.request("/api/room/maze/").method(method, HttpRequest.BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("not found");
    assertThat(server.storage.has(new RoomId("maze"))).isFalse();
  }

  @Test
  void the_answer_to_a_head_request_has_no_body() {
    String answer =
        server.raw(
            "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\nGET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 404").contains("\r\n\r\nHTTP/1.1 400");
  }

  @Test
  @DisplayName("A23: an exception's text is in no answer and no log line")
  void an_unknown_failure_says_nothing_of_itself() {
    try (ApiServer broken = ApiServer.broken();
        LoggedLines log = new LoggedLines()) {
      HttpResponse<String> answer = broken.get("/api/room/maze");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).doesNotContain(ApiServer.CANARY).doesNotContain("Exception");
      assertThat(log.text()).doesNotContain(ApiServer.CANARY);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/room/%zz", "/api/room/maze?x=%zz", "/%", "/<script>"})
  void a_target_that_cannot_be_read_is_answered_without_repeating_it(String target) {
    String answer =
        server.raw("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 ").doesNotContain("Exception", "<script>");
  }
}
