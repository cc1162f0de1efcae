package io.blockroom.adapters.websocket.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.adapters.websocket.connection.EchoListener.End;
import io.blockroom.adapters.websocket.connection.RawWebSocket.Frame;
import io.helidon.websocket.WsSession;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * However a connection ends, its listener hears of it exactly once, on the reading thread, and
 * last.
 */
class ConnectionEndTest {

  private static final String CANARY = "canary-77aa";
  private static final ConnectionSettings SETTINGS =
      ConnectionSettings.defaults()
          .withHeartbeat(
              new ConnectionSettings.Heartbeat(Duration.ofMillis(300), Duration.ofMillis(200)))
          .withCloseTimeout(Duration.ofMillis(500), Duration.ofMillis(20));

  /** Does on demand what a listener might do. */
  private static final class Actor extends EchoListener {
    private Consumer<WsSession> opening = session -> {};

    @Override
    public void onOpen(WsSession session) {
      super.onOpen(session);
      opening.accept(session);
    }

    @Override
    public void onMessage(WsSession session, String text, boolean last) {
      if (text.equals("fail")) {
        throw new IllegalStateException(CANARY);
      }
      if (text.equals("overflow")) {
        throw new StackOverflowError(CANARY);
      }
      if (text.equals("close")) {
        session.close(4001, "as asked");
      }
      if (text.equals("terminate")) {
        session.terminate();
      }
      super.onMessage(session, text, last);
    }
  }

  private final Actor listener = new Actor();
  private final TestServer server = new TestServer(SETTINGS, () -> listener);

  @BeforeEach
  void isIdle() {
    assertThat(server.connections().open()).isZero();
  }

  @AfterEach
  void nothing_is_left_behind() throws Exception {
    await().until(() -> server.connections().open() == 0);
    await().untilAsserted(() -> assertThat(LiveThreads.named("websocket-writer")).isZero());
    await().untilAsserted(() -> assertThat(LiveThreads.named("WebServer socket")).isZero());
    assertThat(listener.ends).hasSize(1).allMatch(End::onReaderThread);
    assertThat(listener.errors).hasValue(0);
    assertThat(listener.messagesAfterEnd).hasValue(0);
    server.close();
  }

  @Test
  void a_close_frame_is_echoed_and_told_with_code_and_reason() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.send(RawWebSocket.closeFrame(4321, "done für heute"));

      assertThat(client.awaitClose().closeCode()).isEqualTo(4321);
      assertThat(client.next()).isEmpty();
    }

    awaitEnd(4321, "done für heute");
  }

  @Test
  void a_close_frame_without_a_code_is_told_as_1005() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.send(RawWebSocket.frame(0x88, new byte[0]));

      assertThat(client.awaitClose().payload()).isEmpty();
      assertThat(client.next()).isEmpty();
    }

    awaitEnd(1005, "");
  }

  @Test
  void a_fin_is_told_as_1006() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.text("hello").finish();

      awaitEnd(1006, "");
    }
  }

  @Test
  void a_reset_is_told_as_1006() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.text("hello").await();
      client.reset();
    }

    awaitEnd(1006, "");
  }

  @Test
  @DisplayName("A15 a half-open connection ends with 4010")
  void a_silent_peer_is_told_as_4010_within_two_pings() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      long silentSince = System.nanoTime();

      awaitEnd(4010, "silent too long");
      assertThat(Duration.ofNanos(System.nanoTime() - silentSince))
          .isBetween(Duration.ofMillis(750), Duration.ofMillis(1500));
      assertThat(client.next().orElseThrow().opcode()).isEqualTo(Opcode.PING);
      assertThat(client.next().orElseThrow().opcode()).isEqualTo(Opcode.PING);
      assertThat(client.next().orElseThrow().closeCode()).isEqualTo(4010);
      assertThat(client.next()).isEmpty();
    }
  }

  @Test
  void a_violation_is_told_as_1002() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.send(RawWebSocket.frame(0xF1, new byte[0]));

      assertThat(client.awaitClose().closeCode()).isEqualTo(1002);
      awaitEnd(1002, "reserved bit without an extension");
    }
  }

  @Test
  void a_violation_before_a_fin_is_still_answered() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.send(RawWebSocket.frame(0xF1, new byte[0])).finish();

      assertThat(client.awaitClose().closeCode()).isEqualTo(1002);
      assertThat(client.next()).isEmpty();
    }

    awaitEnd(1002, "reserved bit without an extension");
  }

  @Test
  @DisplayName("A23 a listener's exception is a 1011 with a constant text")
  void a_failing_listener_is_told_as_1011_and_its_text_goes_nowhere() throws Exception {
    for (String failure : List.of("fail", "overflow")) {
      listener.ends.clear();
      try (LogCapture log = new LogCapture();
          RawWebSocket client = RawWebSocket.open(server.port())) {
        client.text(failure).text("not delivered");

        Frame close = client.awaitClose();
        assertThat(close.closeCode()).isEqualTo(1011);
        assertThat(close.closeReason()).isEqualTo("internal error");
        awaitEnd(1011, "internal error");
        assertThat(log.lines())
            .noneMatch(line -> line.contains(CANARY))
            .anyMatch(line -> line.contains("onMessage") && line.contains("java.lang."));
      }
    }
    assertThat(listener.messages).hasValue(0);
  }

  @Test
  void a_listener_that_fails_in_onOpen_hears_of_the_end() throws Exception {
    listener.opening =
        session -> {
          throw new IllegalStateException(CANARY);
        };
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      assertThat(client.awaitClose().closeCode()).isEqualTo(1011);
      awaitEnd(1011, "internal error");
    }
  }

  @Test
  void a_listener_that_closes_in_onOpen_hears_of_the_end() throws Exception {
    listener.opening = session -> session.send("full", true).close(4003, "room full");
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.text("not delivered");

      assertThat(client.await().text()).isEqualTo("full");
      assertThat(client.await().closeCode()).isEqualTo(4003);
      client.close(4003);
      assertThat(client.next()).isEmpty();
    }

    awaitEnd(4003, "room full");
    assertThat(listener.messages).hasValue(0);
  }

  @Test
  void a_listener_that_closes_in_onMessage_gets_no_more_messages() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.text("close").text("not delivered").close(1000);

      assertThat(client.awaitClose().closeCode()).isEqualTo(4001);
      assertThat(client.next()).isEmpty();
    }

    awaitEnd(4001, "as asked");
    assertThat(listener.messages).hasValue(1);
  }

  @Test
  void a_terminated_connection_is_told_as_1006() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.text("terminate");

      assertThat(client.next()).isEmpty();
    }

    awaitEnd(1006, "");
  }

  @Test
  void a_close_from_another_thread_is_told_on_the_reading_thread() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      session().close(4006, "kicked");

      assertThat(client.awaitClose().closeReason()).isEqualTo("kicked");
      client.close(4006);
      assertThat(client.next()).isEmpty();
    }

    awaitEnd(4006, "kicked");
  }

  @Test
  void a_peer_that_does_not_answer_our_close_is_cut() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      session().close(4006, "kicked");

      client.awaitClose();
      long since = System.nanoTime();
      assertThat(client.next()).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - since))
          .isBetween(Duration.ofMillis(400), Duration.ofMillis(1000));
    }

    awaitEnd(4006, "kicked");
  }

  @Test
  void the_first_of_many_ends_counts() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      WebSocketSession session = session();
      List<Thread> closers =
          java.util.stream.IntStream.range(0, 8)
              .mapToObj(i -> Thread.ofVirtual().start(() -> session.close(4100 + i, "")))
              .toList();
      for (Thread closer : closers) {
        closer.join();
      }
      session.terminate();
      assertThat(client.socket().isConnected()).isTrue();
    }

    await().until(() -> !listener.ends.isEmpty());
    assertThat(listener.codes().getFirst()).isBetween(4100, 4107);
  }

  @Test
  void a_long_reason_is_cut_at_a_character() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      session().close(4006, "한".repeat(60));

      Frame close = client.awaitClose();
      assertThat(close.payload()).hasSize(2 + 123);
      assertThat(close.closeReason()).isEqualTo("한".repeat(41));
      client.close(4006);
    }

    awaitEnd(4006, "한".repeat(41));
  }

  @Test
  void a_server_that_stops_without_closing_first_tells_1006() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      session();
      server.server().stop();

      awaitEnd(1006, "");
      assertThat(client.next()).isEmpty();
    }
  }

  @Test
  void queued_messages_leave_before_the_close_frame() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      WebSocketSession session = session();
      for (int i = 0; i < 400; i++) {
        session.send(TextFrame.of("message " + i));
      }
      session.close(1000, "");
      session.send(TextFrame.of("too late"));

      for (int i = 0; i < 400; i++) {
        assertThat(client.await().text()).isEqualTo("message " + i);
      }
      assertThat(client.await().opcode()).isEqualTo(Opcode.CLOSE);
      client.close(1000);
      assertThat(client.next()).isEmpty();
    }

    awaitEnd(1000, "");
  }

  @Test
  void a_message_given_in_parts_arrives_whole() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      session().send("one \uD83D", false).send("\uDE00 two", true);

      assertThat(client.await().payload()).isEqualTo("one 😀 two".getBytes(UTF_8));
      client.close(1000).awaitClose();
    }

    awaitEnd(1000, "");
  }

  private WebSocketSession session() {
    return await()
        .until(
            () -> listener.sessions.isEmpty() ? null : listener.sessions.getFirst(),
            s -> s != null);
  }

  private void awaitEnd(int code, String reason) {
    await().untilAsserted(() -> assertThat(listener.ends).isNotEmpty());
    assertThat(listener.ends).containsExactly(new End(code, reason, true));
  }
}
