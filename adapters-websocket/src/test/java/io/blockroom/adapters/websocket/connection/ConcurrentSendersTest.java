package io.blockroom.adapters.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConcurrentSendersTest {

  private static final int SENDERS = 8;
  private static final int MESSAGES = 2000;

  @Test
  void many_senders_at_once_corrupt_nothing_and_keep_their_own_order() throws Exception {
    long seed = System.nanoTime();
    EchoListener listener = new EchoListener();
    ConnectionSettings roomy =
        ConnectionSettings.defaults()
            .withOutbound(
                new ConnectionSettings.Outbound(
                    1 << 28, 1_000_000, Duration.ofSeconds(30), Duration.ofSeconds(30)));
    try (TestServer server = new TestServer(roomy, () -> listener);
        RawWebSocket client = RawWebSocket.open(server.port())) {
      await().until(() -> !listener.sessions.isEmpty());
      WebSocketSession session = listener.sessions.getFirst();
      for (int sender = 0; sender < SENDERS; sender++) {
        int id = sender;
        var _ = Thread.ofPlatform().start(() -> sendAll(session, id, new Random(seed + id)));
      }

      int[] next = new int[SENDERS];
      for (int i = 0; i < SENDERS * MESSAGES; i++) {
        String[] parts = client.await().text().split(":", -1);
        int sender = Integer.parseInt(parts[0]);
        assertThat(Integer.parseInt(parts[1])).as("seed %d", seed).isEqualTo(next[sender]++);
        assertThat(parts[3]).hasSize(Integer.parseInt(parts[2])).matches("x*");
      }
      client.close(1000);
      assertThat(client.awaitClose().closeCode()).isEqualTo(1000);
      assertThat(client.next()).isEmpty();
    }
    assertThat(listener.codes()).containsExactly(1000);
  }

  private static void sendAll(WebSocketSession session, int sender, Random random) {
    for (int i = 0; i < MESSAGES; i++) {
      int size = random.nextInt(20) == 0 ? random.nextInt(70_000) : random.nextInt(300);
      String text = sender + ":" + i + ":" + size + ":" + "x".repeat(size);
      switch (random.nextInt(3)) {
        case 0 -> session.send(TextFrame.of(text));
        case 1 -> session.sendState(TextFrame.of(text));
        default -> {
          var _ = session.send(text, true);
        }
      }
    }
  }
}
