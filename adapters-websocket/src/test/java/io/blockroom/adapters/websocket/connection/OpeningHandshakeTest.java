package io.blockroom.adapters.websocket.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.websocket.WsUpgradeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpeningHandshakeTest {

  private static final String CANARY = "canary-5f1c";
  private static TestServer server;

  /** Does in {@code onHttpUpgrade} what the query asks for. */
  private static final class Choosy extends EchoListener {
    @Override
    public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers)
        throws WsUpgradeException {
      return switch (prologue.query().first("do").orElse("")) {
        case "reject" -> throw new WsUpgradeException(CANARY);
        case "fail" -> throw new IllegalStateException(CANARY);
        case "choose" ->
            Optional.of(
                WritableHeaders.create()
                    .set(HeaderNames.create("Sec-WebSocket-Protocol"), "blockroom.v1"));
        case "inject" ->
            Optional.of(
                WritableHeaders.create()
                    .set(HeaderNames.create("Sec-WebSocket-Protocol"), "a\r\nSet-Cookie: b"));
        default -> Optional.empty();
      };
    }
  }

  @BeforeAll
  static void startServer() {
    server = new TestServer(ConnectionSettings.defaults(), Choosy::new);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void a_handshake_is_answered_as_in_rfc_6455_section_1_3() throws Exception {
    String response = answerTo(request("GET", "/echo", ""));

    assertThat(response)
        .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
        .containsIgnoringCase("\r\nUpgrade: websocket\r\n")
        .containsIgnoringCase("\r\nConnection: Upgrade\r\n")
        .contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
        .doesNotContain("Sec-WebSocket-Protocol")
        .doesNotContain("Sec-WebSocket-Extensions");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "websocket",
        "WebSocket",
        "WEBSOCKET",
        "Websocket",
        "wEbSoCkEt",
        "h2c, websocket",
        "WebSocket,h2c",
        "h2c\r\nUpgrade: WebSocket"
      })
  void the_upgrade_token_counts_in_any_case_and_in_a_list(String token) throws Exception {
    assertThat(
            answerTo(
                request("GET", "/echo", "").replace("Upgrade: websocket", "Upgrade: " + token)))
        .startsWith("HTTP/1.1 101 ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"keep-alive, Upgrade; 101", "upgrade; 101", "keep-alive; 400"})
  void the_connection_header_must_name_upgrade(String connection, int status) throws Exception {
    assertThat(
            answerTo(
                request("GET", "/echo", "")
                    .replace("Connection: Upgrade", "Connection: " + connection)))
        .startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void another_method_is_refused() throws Exception {
    assertThat(answerTo(request("POST", "/echo", "")))
        .startsWith("HTTP/1.1 405 ")
        .contains("Allow: GET");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sec-WebSocket-Version: 8", "Sec-WebSocket-Version: 14", "X-None: 1"})
  void another_version_is_told_which_one_is_spoken(String version) throws Exception {
    assertThat(answerTo(request("GET", "/echo", "").replace("Sec-WebSocket-Version: 13", version)))
        .startsWith("HTTP/1.1 426 ")
        .contains("Sec-WebSocket-Version: 13");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short",
        "dGhlIHNhbXBsZSBub25jZQ",
        "dGhlIHNhbXBsZSBub25jZSE=",
        "!!!!!!!!!!!!!!!!!!!!!!==",
        "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
      })
  void a_key_that_is_no_nonce_is_refused(String key) throws Exception {
    assertThat(answerTo(request("GET", "/echo", "").replace("dGhlIHNhbXBsZSBub25jZQ==", key)))
        .startsWith("HTTP/1.1 400 ")
        .endsWith("invalid Sec-WebSocket-Key");
  }

  @Test
  void a_path_without_a_route_is_ordinary_http() throws Exception {
    assertThat(answerTo(request("GET", "/elsewhere", ""))).startsWith("HTTP/1.1 404 ");
    assertThat(answerTo(request("GET", "/hello", ""))).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @DisplayName("A19 refused before the 101")
  @ValueSource(
      strings = {
        "https://evil.example",
        "null",
        "http://127.0.0.1:PORT.evil.com",
        "http://127.0.0.1:1",
        "http://127.0.0.1",
        "http://user@127.0.0.1:PORT",
        "http://localhost:PORT",
        "http://127.0.0.1:PORT\r\nOrigin: http://127.0.0.1:PORT"
      })
  void a_foreign_origin_is_refused_before_the_101(String origin) throws Exception {
    String header = "Origin: " + origin.replace("PORT", "" + server.port()) + "\r\n";

    assertThat(answerTo(request("GET", "/echo", header)))
        .startsWith("HTTP/1.1 403 ")
        .endsWith("\r\n\r\norigin not allowed");
  }

  @Test
  void the_own_origin_is_taken_in_any_case() throws Exception {
    assertThat(
            answerTo(request("GET", "/echo", "oRiGiN: HTTP://127.0.0.1:" + server.port() + "\r\n")))
        .startsWith("HTTP/1.1 101 ");
  }

  @Test
  void a_foreign_host_is_refused_before_the_101() throws Exception {
    String rebound =
        request("GET", "/echo", "Origin: http://evil.example:8000\r\n")
            .replace("Host: 127.0.0.1:" + server.port(), "Host: evil.example:8000");

    assertThat(answerTo(rebound)).startsWith("HTTP/1.1 403 ").endsWith("host not allowed");
  }

  @Test
  void the_subprotocol_is_the_one_the_listener_chose() throws Exception {
    assertThat(
            answerTo(
                request("GET", "/echo?do=choose", "Sec-WebSocket-Protocol: a, blockroom.v1\r\n")))
        .startsWith("HTTP/1.1 101 ")
        .contains("Sec-WebSocket-Protocol: blockroom.v1\r\n");
  }

  @Test
  void a_listener_that_rejects_leaves_it_to_http() throws Exception {
    assertThat(answerTo(request("GET", "/echo?do=reject", "")))
        .startsWith("HTTP/1.1 404 ")
        .doesNotContain(CANARY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fail", "inject"})
  @DisplayName("A23 a failing onHttpUpgrade tells nobody why")
  void a_failing_upgrade_is_a_500_with_a_constant_text(String what) throws Exception {
    try (LogCapture log = new LogCapture()) {
      assertThat(answerTo(request("GET", "/echo?do=" + what, "")))
          .startsWith("HTTP/1.1 500 ")
          .endsWith("internal error")
          .doesNotContain(CANARY)
          .doesNotContain("Set-Cookie");
      assertThat(log.lines()).noneMatch(line -> line.contains(CANARY));
    }
  }

  @Test
  void a_first_frame_may_come_with_the_handshake() throws Exception {
    try (RawWebSocket client = RawWebSocket.dial(server.port())) {
      ByteArrayOutputStream together = new ByteArrayOutputStream();
      together.writeBytes(RawWebSocket.handshake(server.port(), "/echo"));
      together.writeBytes(RawWebSocket.frame(0x81, "early".getBytes(ISO_8859_1)));

      client.send(together.toByteArray());

      assertThat(client.response()).startsWith("HTTP/1.1 101 ");
      assertThat(client.await().text()).isEqualTo("early");
    }
  }

  @Test
  void a_server_that_shuts_down_takes_no_more() throws Exception {
    try (TestServer closing = new TestServer(ConnectionSettings.defaults(), EchoListener::new)) {
      closing.connections().closeAll(1012, "restart", Duration.ofSeconds(1));

      try (RawWebSocket client = RawWebSocket.dial(closing.port())) {
        client.send(RawWebSocket.handshake(closing.port(), "/echo"));
        assertThat(client.response()).startsWith("HTTP/1.1 503 ");
      }
    }
  }

  private static String request(String method, String path, String headers) {
    return new String(RawWebSocket.handshake(server.port(), path), ISO_8859_1)
        .replace("GET ", method + " ")
        .replaceFirst("\r\n\r\n$", "\r\n" + headers + "\r\n");
  }

  /** The response, with its body unless it is a 101. */
  private static String answerTo(String request) throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(server.port())) {
      client.send(request.getBytes(ISO_8859_1));
      String head = client.response();
      boolean staysOpen = head.matches("(?s)HTTP/1.1 (101|200|404) .*");
      return staysOpen ? head : head + client.rest();
    }
  }
}
