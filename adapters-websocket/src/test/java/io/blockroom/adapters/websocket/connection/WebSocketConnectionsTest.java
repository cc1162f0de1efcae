package io.blockroom.adapters.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WebSocketConnectionsTest {

  private static final ConnectionSettings QUICK =
      ConnectionSettings.defaults()
          .withHeartbeat(
              new ConnectionSettings.Heartbeat(Duration.ofMillis(200), Duration.ofMillis(200)))
          .withCloseTimeout(Duration.ofMillis(400), Duration.ofMillis(20));

  @Test
  void at_shutdown_every_client_gets_what_is_queued_and_then_the_close_frame() throws Exception {
    EchoListener listener = new EchoListener();
    List<RawWebSocket> clients = new ArrayList<>();
    try (TestServer server = new TestServer(QUICK, () -> listener)) {
      for (int i = 0; i < 20; i++) {
        clients.add(RawWebSocket.open(server.port()));
      }
      await().until(() -> listener.sessions.size() == 20);
      listener.sessions.forEach(session -> session.send(TextFrame.of("last words")));
      List<Thread> answering = clients.stream().map(WebSocketConnectionsTest::answers).toList();

      long since = System.nanoTime();
      server.connections().closeAll(1012, "restarting", Duration.ofSeconds(5));

      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(2));
      assertThat(server.connections().open()).isZero();
      assertThat(listener.codes()).hasSize(20).containsOnly(1012);
      for (Thread thread : answering) {
        assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
      }
    }
    for (RawWebSocket client : clients) {
      assertThat(client.await().text()).isEqualTo("last words");
      assertThat(client.await().closeCode()).isEqualTo(1012);
      assertThat(client.next()).isEmpty();
      client.close();
    }
  }

  /** A client that answers the close it will read later. */
  private static Thread answers(RawWebSocket client) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            client.close(1012);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  @Test
  @DisplayName(
      "O02: no new connection is taken, with 503 before the 101; those that are open go on")
  void whoever_comes_too_late_is_refused_and_told_when_to_ask_again() throws Exception {
    try (TestServer server = new TestServer(QUICK, EchoListener::new);
        RawWebSocket client = RawWebSocket.open(server.port());
        RawWebSocket late = RawWebSocket.dial(server.port())) {
      server.connections().refuseUpgrades();

      late.send(RawWebSocket.handshake(server.port(), "/echo"));
      client.text("still here");

      assertThat(late.response()).startsWith("HTTP/1.1 503 ").contains("Retry-After: 2\r\n");
      assertThat(client.await().text()).isEqualTo("still here");
      assertThat(server.connections().isAccepting()).isFalse();
      assertThat(server.connections().awaitAllEnded(Duration.ofMillis(50))).isFalse();
      client.close(1000);
      assertThat(server.connections().awaitAllEnded(Duration.ofSeconds(5))).isTrue();
    }
  }

  @Test
  void it_is_known_who_began_the_end() throws Exception {
    EchoListener listener = new EchoListener();
    try (TestServer server = new TestServer(QUICK, () -> listener);
        RawWebSocket first = RawWebSocket.open(server.port());
        RawWebSocket second = RawWebSocket.open(server.port())) {
      await().until(() -> listener.sessions.size() == 2);
      first.close(1012);
      await().until(() -> listener.codes().size() == 1);

      server.connections().closeAll(1012, "restarting", Duration.ofSeconds(5));

      assertThat(listener.codes()).containsExactly(1012, 1012);
      assertThat(listener.sessions)
          .extracting(WebSocketSession::isEndedByPeer)
          .containsExactlyInAnyOrder(true, false);
      assertThat(second.awaitClose().closeCode()).isEqualTo(1012);
    }
  }

  @Test
  void a_listener_that_hangs_delays_shutdown_no_longer_than_allowed() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    EchoListener hanging =
        new EchoListener() {
          @Override
          public void onMessage(WsSession session, String text, boolean last) {
            boolean interrupted = false;
            while (release.getCount() > 0) {
              try {
                release.await();
              } catch (InterruptedException e) {
                interrupted = true;
              }
            }
            if (interrupted) {
              Thread.currentThread().interrupt();
            }
          }
        };
    try (TestServer server = new TestServer(QUICK, () -> hanging);
        RawWebSocket client = RawWebSocket.open(server.port())) {
      client.text("hang");
      await().until(() -> server.connections().open() == 1);

      long since = System.nanoTime();
      server.connections().closeAll(1012, "restarting", Duration.ofMillis(600));

      assertThat(Duration.ofNanos(System.nanoTime() - since))
          .isBetween(Duration.ofMillis(590), Duration.ofSeconds(2));
      assertThat(client.awaitClose().closeCode()).isEqualTo(1012);
      release.countDown();
      await().until(() -> server.connections().open() == 0);
      assertThat(hanging.codes()).containsExactly(1012);
    }
  }

  @Test
  void an_idle_connection_that_answers_pings_outlives_helidons_idle_timeout() throws Exception {
    EchoListener listener = new EchoListener();
    WebSocketConnections connections = new WebSocketConnections(QUICK);
    WebServer server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .shutdownHook(false)
            .idleConnectionTimeout(Duration.ofMillis(100))
            .idleConnectionPeriod(Duration.ofMillis(50))
            .addConnectionSelector(
                new WebSocketUpgrader(connections, new OriginPolicy(Set.of(), true, true))
                    .connectionSelector(Http1Config.create()))
            .addRouting(WsRouting.builder().endpoint("/echo", listener))
            .build()
            .start();
    try (connections;
        RawWebSocket client = RawWebSocket.open(server.port())) {
      for (int pings = 0; pings < 8; pings++) {
        var ping = client.next().orElseThrow();
        assertThat(ping.opcode()).isEqualTo(Opcode.PING);
        client.send(RawWebSocket.frame(0x8A, ping.payload()));
      }

      client.text("still here");
      assertThat(client.await().text()).isEqualTo("still here");
      assertThat(listener.ends).isEmpty();
    } finally {
      server.stop();
    }
  }
}
