package io.blockroom.adapters.websocket.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes arrive, the server goes on and leaves no thread and no long log line behind (A03).
 */
@DisplayName("A03 byte fuzz")
class ByteFuzzTest {

  private static final int STREAMS = 20_000;
  private static final int CLIENTS = 4;

  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();

  /** Counts, and keeps nothing of what it is told. */
  private final class Counting extends EchoListener {
    @Override
    public void onOpen(io.helidon.websocket.WsSession session) {
      opened.incrementAndGet();
    }

    @Override
    public void onClose(io.helidon.websocket.WsSession session, int status, String reason) {
      ended.incrementAndGet();
    }
  }

  @Test
  void random_and_damaged_streams_harm_nobody() throws Exception {
    long seed = System.nanoTime();
    List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
    try (LogCapture log = new LogCapture();
        TestServer server =
            new TestServer(
                ConnectionSettings.defaults()
                    .withInbound(
                        new ConnectionSettings.Inbound(
                            1 << 16, Duration.ofSeconds(1), 1_000_000, 1_000_000))
                    .withCloseTimeout(Duration.ofMillis(200), Duration.ofMillis(20)),
                Counting::new);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Callable<Void>> fuzzers = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(seed + i);
        fuzzers.add(() -> fuzz(server.port(), random));
      }
      for (Future<Void> fuzzer : clients.invokeAll(fuzzers)) {
        assertThat(fuzzer).as("seed %d", seed).succeedsWithin(Duration.ofSeconds(50));
      }

      try (RawWebSocket healthy = RawWebSocket.open(server.port())) {
        assertThat(healthy.text("still there?").await().text()).isEqualTo("still there?");
        healthy.close(1000).awaitClose();
      }
      await().until(() -> server.connections().open() == 0);
      await().untilAsserted(() -> assertThat(LiveThreads.named("websocket-writer")).isZero());
      assertThat(opened).as("seed %d", seed).hasValueGreaterThan(STREAMS / 2);
      assertThat(ended).as("seed %d", seed).hasValue(opened.get());
      assertThat(uncaught).as("seed %d", seed).isEmpty();
      assertThat(log.lines()).as("seed %d", seed).allMatch(line -> line.length() <= 2048);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(null);
    }
  }

  private static Void fuzz(int port, Random random) throws IOException {
    byte[] handshake = RawWebSocket.handshake(port, "/echo");
    for (int i = 0; i < STREAMS / CLIENTS; i++) {
      try (RawWebSocket client = RawWebSocket.dial(port)) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes(random.nextInt(20) == 0 ? damaged(handshake, random) : handshake);
        for (int inputs = random.nextInt(3); inputs >= 0; inputs--) {
          stream.writeBytes(input(random));
        }
        client.send(stream.toByteArray());
        if (random.nextInt(10) == 0) {
          client.reset();
        } else {
          client.finish();
          client.rest();
        }
      } catch (SocketException e) {
        assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
      }
    }
    return null;
  }

  private static byte[] input(Random random) {
    byte[] payload =
        new byte[random.nextInt(20) == 0 ? random.nextInt(70_000) : random.nextInt(200)];
    if (random.nextBoolean()) {
      random.nextBytes(payload);
    } else {
      Arrays.fill(payload, (byte) 'x');
    }
    return switch (random.nextInt(6)) {
      case 0 -> payload;
      case 1 -> RawWebSocket.frame(random.nextInt(256), payload);
      case 2 -> damaged(RawWebSocket.frame(0x81, payload), random);
      case 3 -> damaged(RawWebSocket.closeFrame(1000, "bye"), random);
      case 4 -> Arrays.copyOf(RawWebSocket.frame(0x82, payload), 2 + random.nextInt(12));
      default ->
          RawWebSocket.frame(random.nextBoolean() ? 0x81 : 0x89, "fine".getBytes(ISO_8859_1));
    };
  }

  private static byte[] damaged(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[random.nextInt(Math.min(bytes.length, 16))] = (byte) random.nextInt();
    }
    return bytes;
  }
}
