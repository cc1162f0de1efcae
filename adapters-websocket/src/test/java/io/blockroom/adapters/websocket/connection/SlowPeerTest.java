package io.blockroom.adapters.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.helidon.websocket.WsSession;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that does not read delays nobody and is let go (A14). */
@DisplayName("A14 slow consumer")
class SlowPeerTest {

  private static final int HEALTHY = 5;
  private static final Duration LONG = Duration.ofMinutes(1);

  static Stream<Arguments> limits() {
    BiConsumer<WebSocketSession, TextFrame> message = WebSocketSession::send;
    BiConsumer<WebSocketSession, TextFrame> state = WebSocketSession::sendState;
    return Stream.of(
        Arguments.of(
            "too many bytes",
            new ConnectionSettings.Outbound(1 << 20, 1_000_000, LONG, LONG),
            message),
        Arguments.of(
            "too many messages for too long",
            new ConnectionSettings.Outbound(1 << 28, 20, Duration.ofMillis(300), LONG),
            message),
        Arguments.of(
            "a write that is stuck",
            new ConnectionSettings.Outbound(1 << 20, 20, LONG, Duration.ofMillis(300)),
            state));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("limits")
  void a_stalled_peer_slows_nobody_gets_4009_and_gives_its_memory_back(
      String name, ConnectionSettings.Outbound limit, BiConsumer<WebSocketSession, TextFrame> send)
      throws Exception {
    EchoListener listener = new EchoListener();
    ConnectionSettings settings =
        ConnectionSettings.defaults()
            .withOutbound(limit)
            .withCloseTimeout(Duration.ofMillis(800), Duration.ofMillis(20));
    try (TestServer server = new TestServer(settings, () -> listener);
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
        RawWebSocket stalled = stalled(server.port())) {
      List<Future<Integer>> healthy = new ArrayList<>();
      for (int i = 0; i < HEALTHY; i++) {
        RawWebSocket client = RawWebSocket.open(server.port());
        healthy.add(readers.submit(() -> readAll(client)));
      }
      await().until(() -> listener.sessions.size() == HEALTHY + 1);
      assertThat(stalled.socket().isConnected()).isTrue();

      int sent = 0;
      Duration longest = Duration.ZERO;
      ConcurrentLinkedQueue<WeakReference<TextFrame>> frames = new ConcurrentLinkedQueue<>();
      while (listener.ends.isEmpty()) {
        TextFrame frame = TextFrame.of(message(sent++));
        frames.add(new WeakReference<>(frame));
        long since = System.nanoTime();
        listener.sessions.forEach(session -> send.accept(session, frame));
        longest = max(longest, Duration.ofNanos(System.nanoTime() - since));
        await().pollDelay(Duration.ofMillis(2)).until(() -> true);
        assertThat(sent).as("still not too slow").isLessThan(5000);
      }

      assertThat(listener.codes()).containsExactly(4009);
      assertThat(longest).isLessThan(Duration.ofMillis(500));
      await().atMost(Duration.ofSeconds(1)).until(() -> server.connections().open() == HEALTHY);
      for (WsSession session : listener.sessions) {
        session.close(1000, "");
      }
      for (Future<Integer> reader : healthy) {
        assertThat(reader.get()).isEqualTo(sent);
      }
      await()
          .untilAsserted(() -> {
            System.gc();
            assertThat(frames).allMatch(frame -> frame.get() == null);
          });
    }
  }

  private static RawWebSocket stalled(int port) throws IOException {
    RawWebSocket client = RawWebSocket.dial(port, 4096);
    client.upgrade(port);
    return client;
  }

  private static String message(int number) {
    return number + ":" + "x".repeat(16_000);
  }

  /** Reads until the close frame, and says how many messages came, in order and whole. */
  private static int readAll(RawWebSocket client) throws IOException {
    try (client) {
      int count = 0;
      for (var frame = client.await(); frame.opcode() == Opcode.TEXT; frame = client.await()) {
        assertThat(frame.text()).isEqualTo(message(count++));
      }
      client.close(1000);
      return count;
    }
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
