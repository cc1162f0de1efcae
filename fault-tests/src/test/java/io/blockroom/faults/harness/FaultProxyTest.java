package io.blockroom.faults.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.blockroom.faults.harness.FaultProxy.Direction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each fault does what it says; behind the link sits somebody who says everything back. */
@DisplayName("H2 a link can be hurt")
class FaultProxyTest {
  private final AtomicInteger heard = new AtomicInteger();
  private final ServerSocket echo;
  private final FaultProxy link;

  FaultProxyTest() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    link = new FaultProxy("echo", echo.getLocalPort(), 1);
    Thread.startVirtualThread(this::echo);
  }

  @AfterEach
  void stop() throws IOException {
    link.close();
    echo.close();
  }

  @Test
  void a_sound_link_passes_everything_and_the_end() throws IOException {
    try (Socket client = connect()) {
      byte[] much = "block".repeat(100_000).getBytes(StandardCharsets.UTF_8);
      Thread.startVirtualThread(() -> say(client, much));
      assertThat(client.getInputStream().readNBytes(much.length)).isEqualTo(much);

      client.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void latency_delays_both_ways_within_its_jitter() throws IOException {
    link.latency(Duration.ofMillis(200), Duration.ofMillis(50));
    try (Socket client = connect()) {
      long asked = System.nanoTime();
      say(client, bytes("hello"));
      assertThat(hear(client, 5)).isEqualTo("hello");
      assertThat(Meanwhile.since(asked))
          .isBetween(Duration.ofMillis(300), Duration.ofMillis(1_500));

      link.heal();
      asked = System.nanoTime();
      say(client, bytes("again"));
      assertThat(hear(client, 5)).isEqualTo("again");
      assertThat(Meanwhile.since(asked)).isLessThan(Duration.ofMillis(250));
    }
  }

  @Test
  void latency_does_not_reorder() throws IOException {
    link.latency(Duration.ofMillis(20), Duration.ofMillis(20));
    try (Socket client = connect()) {
      StringBuilder said = new StringBuilder();
      for (int i = 100; i < 150; i++) {
        say(client, bytes(String.valueOf(i)));
        said.append(i);
      }
      assertThat(hear(client, said.length())).isEqualTo(said.toString());
    }
  }

  @Test
  void a_blackhole_holds_everything_back_until_it_is_healed() throws IOException {
    try (Socket client = connect()) {
      say(client, bytes("1"));
      assertThat(hear(client, 1)).isEqualTo("1");

      link.blackhole();
      say(client, bytes("2"));
      assertSilent(client);
      assertThat(heard).hasValue(1);

      link.heal();
      assertThat(hear(client, 1)).isEqualTo("2");
    }
  }

  @Test
  void a_blackhole_takes_new_connections_and_hides_the_end_of_old_ones() throws IOException {
    Socket old = connect();
    say(old, bytes("1"));
    assertThat(hear(old, 1)).isEqualTo("1");
    link.blackhole();
    old.close();
    try (Socket client = connect()) {
      say(client, bytes("2"));
      assertSilent(client);

      link.heal();
      assertThat(hear(client, 1)).isEqualTo("2");
    }
  }

  @Test
  void one_way_passes_one_way() throws IOException {
    try (Socket client = connect()) {
      say(client, bytes("1"));
      assertThat(hear(client, 1)).isEqualTo("1");

      link.oneWay(Direction.TO_SERVER);
      say(client, bytes("2"));
      await().untilAsserted(() -> assertThat(heard).hasValue(2));
      assertSilent(client);

      link.oneWay(Direction.TO_CLIENT);
      assertThat(hear(client, 1)).isEqualTo("2");
      say(client, bytes("3"));
      assertSilent(client);
      assertThat(heard).hasValue(2);
    }
  }

  @Test
  void a_reset_breaks_what_is_there_and_lets_new_connections_pass() throws IOException {
    try (Socket client = connect()) {
      say(client, bytes("1"));
      assertThat(hear(client, 1)).isEqualTo("1");

      link.reset();
      assertThat(isBroken(client)).isTrue();
    }
    try (Socket client = connect()) {
      say(client, bytes("2"));
      assertThat(hear(client, 1)).isEqualTo("2");
    }
  }

  @Test
  void slices_are_small_and_lose_nothing() throws IOException {
    link.slice(3);
    try (Socket client = connect()) {
      say(client, bytes("commit"));
      assertThat(hear(client, 6)).isEqualTo("commit");
    }
  }

  @Test
  void it_is_cut_after_so_many_bytes_once() throws IOException {
    link.cutAfter(4);
    try (Socket client = connect()) {
      say(client, bytes("123456"));
      assertThatThrownBy(() -> hear(client, 6)).isInstanceOf(SocketException.class);
      assertThat(heard).hasValue(4);
    }
    try (Socket client = connect()) {
      say(client, bytes("123456"));
      assertThat(hear(client, 6)).isEqualTo("123456");
    }
  }

  @Test
  void swizzle_clogging_leaves_all_links_sound() throws IOException {
    FaultProxy other = new FaultProxy("other", echo.getLocalPort(), 2);
    try (other) {
      new SwizzleClog(3, List.of(link, other)).play();
      for (FaultProxy each : List.of(link, other)) {
        try (Socket fresh = new Socket(InetAddress.getLoopbackAddress(), each.port())) {
          say(fresh, bytes("1"));
          assertThat(hear(fresh, 1)).isEqualTo("1");
        }
      }
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), link.port());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void say(Socket client, byte[] bytes) {
    try {
      client.getOutputStream().write(bytes);
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  private static String hear(Socket client, int length) throws IOException {
    client.setSoTimeout(10_000);
    return new String(client.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
  }

  private static void assertSilent(Socket client) throws IOException {
    client.setSoTimeout(300);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
  }

  private void echo() {
    while (!echo.isClosed()) {
      try {
        Socket client = echo.accept();
        Thread.startVirtualThread(() -> echo(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void echo(Socket client) {
    byte[] buffer = new byte[4_096];
    try (client) {
      for (int n = client.getInputStream().read(buffer);
          n >= 0;
          n = client.getInputStream().read(buffer)) {
        heard.addAndGet(n);
        client.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException broken) {
      // the client learns of it
    }
  }

  /** Either end may be the first to notice. */
  private static boolean isBroken(Socket client) throws IOException {
    try {
      return client.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }
}
