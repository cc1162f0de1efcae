package io.blockroom.adapters.websocket.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InboundLimitsTest {

  private static final int LIMIT = 1 << 20;

  private final EchoListener listener = new EchoListener();
  private final TestServer server =
      new TestServer(
          ConnectionSettings.defaults()
              .withInbound(new ConnectionSettings.Inbound(LIMIT, Duration.ofMillis(500), 50, 20)),
          () -> listener);

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  @DisplayName("A02 1009 by the declared length")
  void a_message_too_large_is_refused_before_any_of_it_is_sent() throws Exception {
    for (long length : new long[] {LIMIT + 1, 1L << 31, 1L << 62, Long.MAX_VALUE}) {
      try (RawWebSocket client = RawWebSocket.open(server.port())) {
        client.send(header(length));

        assertThat(client.awaitClose().closeCode()).isEqualTo(1009);
      }
    }
  }

  @Test
  void a_length_with_its_first_bit_set_is_a_violation() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.send(header(Long.MIN_VALUE));

      assertThat(client.awaitClose().closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void a_message_of_exactly_the_limit_is_taken() throws Exception {
    byte[] text = new byte[LIMIT];
    Arrays.fill(text, (byte) 'x');
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.send(RawWebSocket.frame(0x81, text));

      assertThat(client.await().payload()).hasSize(LIMIT);
    }
  }

  @Test
  @DisplayName("A02 1009 by the sum of the fragments")
  void fragments_that_add_up_to_too_much_are_refused() throws Exception {
    byte[] half = new byte[LIMIT / 2];
    Arrays.fill(half, (byte) 'x');
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.send(RawWebSocket.frame(0x01, half)).send(RawWebSocket.frame(0x00, half));
      client.send(Arrays.copyOf(RawWebSocket.frame(0x80, new byte[] {'x'}), 6));

      assertThat(client.awaitClose().closeCode()).isEqualTo(1009);
    }
  }

  @Test
  @DisplayName("A02 1008 for a message that is not finished in time")
  void a_message_that_never_ends_is_refused() throws Exception {
    byte[][] beginnings = {
      {(byte) 0x81},
      {(byte) 0x81, (byte) 0xFE, 0},
      RawWebSocket.frame(0x01, "begin".getBytes(UTF_8)),
      Arrays.copyOf(RawWebSocket.frame(0x81, "begin".getBytes(UTF_8)), 8),
      Arrays.copyOf(RawWebSocket.frame(0x89, "ping".getBytes(UTF_8)), 8)
    };
    for (byte[] beginning : beginnings) {
      try (RawWebSocket client = RawWebSocket.open(server.port())) {
        client.text("whole").send(beginning);

        assertThat(client.await().text()).isEqualTo("whole");
        assertThat(client.await().closeCode()).isEqualTo(1008);
      }
    }
  }

  @Test
  @DisplayName("A02 pings and more fragments do not prolong a message")
  void a_message_kept_alive_by_small_pieces_is_refused() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      client.send(RawWebSocket.frame(0x01, "begin".getBytes(UTF_8)));

      int code = 0;
      for (int i = 0; i < 20 && code == 0; i++) {
        client.send(RawWebSocket.frame(0x00, "more".getBytes(UTF_8)));
        client.send(RawWebSocket.frame(0x89, "ping".getBytes(UTF_8)));
        RawWebSocket.Frame frame = client.await();
        code = frame.opcode() == Opcode.CLOSE ? frame.closeCode() : 0;
        await().pollDelay(Duration.ofMillis(50)).until(() -> true);
      }

      assertThat(code).isEqualTo(1008);
    }
  }

  @Test
  @DisplayName("A13 a flood is read more slowly, and whole")
  void a_flood_is_slowed_and_not_dropped() throws Exception {
    try (RawWebSocket flooder = RawWebSocket.open(server.port());
        RawWebSocket other = RawWebSocket.open(server.port())) {
      long since = System.nanoTime();
      for (int i = 0; i < 60; i++) {
        flooder.text("message " + i).send(RawWebSocket.frame(0x89, new byte[] {(byte) i}));
      }
      long unaffected = System.nanoTime();
      assertThat(other.text("hello").await().text()).isEqualTo("hello");
      assertThat(Duration.ofNanos(System.nanoTime() - unaffected))
          .isLessThan(Duration.ofSeconds(1));

      for (int i = 0; i < 60; i++) {
        assertThat(flooder.await().text()).isEqualTo("message " + i);
        assertThat(flooder.await().payload()).containsExactly(i);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - since))
          .as("120 frames, 20 at once, then 50 a second")
          .isBetween(Duration.ofMillis(1900), Duration.ofMillis(4000));
    }
  }

  private static byte[] header(long length) {
    return java.nio.ByteBuffer.allocate(14)
        .put((byte) 0x81)
        .put((byte) 0xFF)
        .putLong(length)
        .put(RawWebSocket.MASK)
        .array();
  }
}
