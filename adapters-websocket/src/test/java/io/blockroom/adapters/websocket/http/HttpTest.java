package io.blockroom.adapters.websocket.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.connection.OriginPolicy;
import io.blockroom.application.fake.InMemoryCoordination;
import io.blockroom.application.fake.InMemoryRooms;
import io.blockroom.application.service.RoomDirectory;
import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.domain.room.RoomId;
import io.helidon.webserver.WebServer;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP side on a real server. */
class HttpTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final InMemoryRooms rooms = new InMemoryRooms();
  private final InMemoryCoordination coordination = new InMemoryCoordination();
  private final RoomDirectory directory =
      new RoomDirectory(rooms, coordination, new RoomDefaults(true, 7), () -> Instant.EPOCH);
  private final Jsonb jsonb = JsonbBuilder.create();
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebServer server =
      WebServer.builder()
          .host("127.0.0.1")
          .port(0)
          .shutdownHook(false)
          .routing(routes ->
              routes
                  .addFilter(new BrowserPolicy(new OriginPolicy(Set.of(), true, true)))
                  .register(RoomApi.PATH, new RoomApi(directory, jsonb))
                  .register(
                      "/broken",
                      new RoomApi(
                          name -> {
                            throw new IllegalStateException("canary-4711");
                          },
                          jsonb))
                  .register("/", new FrontPage()))
          .build()
          .start();

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.stop();
    jsonb.close();
  }

  @Test
  void a_room_tells_about_itself_and_whether_asking_created_it() throws Exception {
    assertThat(get("/api/room/maze/").body())
        .isEqualTo(
            "{\"created\":true,\"current_users\":0,\"max_users\":7,"
                + "\"room_id\":\"maze\",\"title\":\"maze\"}");
    assertThat(get("/api/room/maze").body()).contains("\"created\":false");
    assertThat(get("/api/room/maze").headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
  }

  @Test
  void a_room_may_be_named_in_any_script() throws Exception {
    HttpResponse<String> answer = get("/api/room/%ED%95%9C%EA%B8%80/");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"room_id\":\"한글\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%2Fb/", "a/b", "a+b", "a;x=1", "%FF", "%F0%9F%99%82"})
  @DisplayName("A06: an ill-formed room id is not found")
  void an_ill_formed_name_is_a_problem(String name) throws Exception {
    HttpResponse<String> answer = get("/api/room/" + name);

    assertProblem(answer, 404, "ROOM_NOT_FOUND", "There is no such room.");
  }

  @Test
  void while_the_storage_is_away_rooms_cannot_be_described() throws Exception {
    rooms.loseStorage();

    assertProblem(
        get("/api/room/maze/"), 503, "STORAGE_UNAVAILABLE", "The storage does not answer.");
  }

  @Test
  void while_the_coordination_is_away_seats_cannot_be_counted() throws Exception {
    coordination.cutOff();

    assertProblem(
        get("/api/room/maze/"),
        503,
        "COORDINATION_UNAVAILABLE",
        "The coordination does not answer.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/room/maze/", "/api/room/a+b/", "/nowhere"})
  @DisplayName("S06: every answer says what browsers may do with it")
  void every_answer_has_the_security_headers(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy -> assertThat(policy).contains("default-src 'none'", "frame-ancestors 'none'"));
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
  }

  @Test
  void the_front_page_says_that_the_server_runs() throws Exception {
    HttpResponse<String> page = get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.body()).contains("Blockroom is running", "블록룸이 실행 중입니다");
  }

  @Test
  @DisplayName("A19: pages of other origins are refused")
  void a_foreign_origin_is_refused() throws Exception {
    HttpResponse<String> answer =
        client.send(
            request("/api/room/maze/").header("Origin", "http://evil.example").GET().build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).isEqualTo("origin not allowed");
  }

  @Test
  @DisplayName("A19: a foreign Host is refused")
  void a_foreign_host_is_refused() throws Exception {
    String answer =
        raw("GET /api/room/maze/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 403");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nowhere", "/api/room", "/api/room/", "/index.html", "/api/"})
  void a_path_that_leads_nowhere_is_answered_plainly(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("not found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
  void other_methods_change_nothing_and_are_answered_plainly(String method) throws Exception {
    HttpResponse<String> answer =
        client.send(
            request("/api/room/maze/").method(method, HttpRequest.BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("not found");
    assertThat(rooms.find(new RoomId("maze"))).isEmpty();
  }

  @Test
  void a_head_request_has_no_body() throws Exception {
    HttpResponse<String> answer =
        client.send(
            request("/").method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());

    assertThat(answer.body()).isEmpty();
    assertThat(answer.statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("A23: an exception's text is in no answer and no log line")
  void an_unknown_failure_says_nothing_of_itself() throws Exception {
    try (LoggedLines log = new LoggedLines()) {
      HttpResponse<String> answer = get("/broken/maze");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).doesNotContain("canary").doesNotContain("Exception");
      assertThat(log.text()).doesNotContain("canary");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/room/%zz", "/api/room/maze?x=%zz", "/%", "/<script>"})
  void a_target_that_cannot_be_read_is_answered_without_repeating_it(String target)
      throws Exception {
    String answer =
        raw("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 ").doesNotContain("Exception", "<script>");
  }

  private static void assertProblem(
      HttpResponse<String> answer, int status, String code, String title) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body())
        .isEqualTo(
            "{\"code\":\"%s\",\"status\":%d,\"title\":\"%s\"}".formatted(code, status, title));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).GET().build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .timeout(LIMIT);
  }

  /** Sends a request as it is and returns at least the first line of the answer. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream answer = socket.getInputStream();
      byte[] begin = answer.readNBytes("HTTP/1.1 000".length());
      byte[] rest = answer.readNBytes(answer.available());
      return new String(begin, StandardCharsets.UTF_8) + new String(rest, StandardCharsets.UTF_8);
    }
  }

  /** What the process logs while it is open, stack traces included. */
  private static final class LoggedLines extends Handler implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final SimpleFormatter formatter = new SimpleFormatter();

    LoggedLines() {
      Logger.getLogger("").addHandler(this);
    }

    String text() {
      return String.join("", lines);
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(formatter.format(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      Logger.getLogger("").removeHandler(this);
    }
  }
}
