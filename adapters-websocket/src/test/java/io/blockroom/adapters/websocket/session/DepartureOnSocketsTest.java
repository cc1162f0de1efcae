package io.blockroom.adapters.websocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.adapters.websocket.connection.ConnectionSettings;
import io.blockroom.adapters.websocket.connection.OriginPolicy;
import io.blockroom.adapters.websocket.connection.WebSocketConnections;
import io.blockroom.adapters.websocket.connection.WebSocketUpgrader;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.LeaveRoom.Manner;
import io.blockroom.domain.commit.SequenceNumber;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.websocket.WsRouting;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that stops serving, to real clients. */
@Timeout(60)
class DepartureOnSocketsTest {
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);
  private final ScriptedRoom room = new ScriptedRoom();
  private final WebSocketConnections connections =
      new WebSocketConnections(ConnectionSettings.defaults());
  private final HttpClient browser = HttpClient.newHttpClient();
  private final WebServer server =
      WebServer.builder()
          .host("127.0.0.1")
          .port(0)
          .shutdownHook(false)
          .connectionOptions(options -> options.tcpNoDelay(true))
          .addConnectionSelector(
              new WebSocketUpgrader(connections, new OriginPolicy(Set.of(), true, true))
                  .connectionSelector(Http1Config.create()))
          .addRouting(
              WsRouting.builder()
                  .endpoint(WorkspaceEndpoint.PATH, () -> room.endpoint.newConnection()))
          .build()
          .start();

  @AfterEach
  void stop() {
    connections.close();
    server.stop();
    browser.close();
  }

  @Test
  @DisplayName("O02: clients are told, answered and closed with 1012, all within the given time")
  void everybody_is_told_and_then_closed_in_time() throws Exception {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(connect());
    }
    Client author = clients.getFirst();
    author.says(
        "{\"t\":\"COMMIT\",\"id\":\"r1\",\"payload\":{\"blockId\":\"b1\",\"events\":[{}]}}");
    await().until(() -> room.commits.size() == 1);
    Departure departure = new Departure(connections, room.endpoint);

    departure.begin(LONGEST_DELAY);
    await()
        .untilAsserted(() ->
            assertThat(clients)
                .allSatisfy(each -> assertThat(each.heard.getLast()).contains("GOING_AWAY")));
    long since = System.nanoTime();
    Thread stopping = Thread.ofVirtual().start(() -> departure.finish(Duration.ofSeconds(4)));
    await().until(() -> connections.open() == 1);
    assertThat(author.closed).isNotDone();
    room.commits.getFirst().accept(new CommitEdit.Outcome.Applied(new SequenceNumber(3), false));

    assertThat(stopping.join(Duration.ofSeconds(4))).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofMillis(4500));
    assertThat(connections.open()).isZero();
    for (Client client : clients) {
      assertThat(client.closed.get(5, TimeUnit.SECONDS)).isEqualTo(1012);
    }
    assertThat(author.heard.getLast()).contains("COMMIT_ACK");
    assertThat(room.asked.stream().filter(Manner.BROKEN::equals)).hasSize(20);
    assertThat(room.asked).doesNotContain(Manner.LEFT);
  }

  @Test
  void a_commit_without_an_answer_does_not_hold_the_server_for_ever() throws Exception {
    Client author = connect();
    author.says(
        "{\"t\":\"COMMIT\",\"id\":\"r1\",\"payload\":{\"blockId\":\"b1\",\"events\":[{}]}}");
    await().until(() -> room.commits.size() == 1);
    Departure departure = new Departure(connections, room.endpoint);
    departure.begin(LONGEST_DELAY);

    long since = System.nanoTime();
    departure.finish(Duration.ofSeconds(2));

    assertThat(Duration.ofNanos(System.nanoTime() - since))
        .isBetween(Duration.ofMillis(1400), Duration.ofMillis(2500));
    assertThat(author.closed.get(5, TimeUnit.SECONDS)).isEqualTo(1012);
  }

  private Client connect() throws Exception {
    Client client = new Client();
    client.opened(
        browser
            .newWebSocketBuilder()
            .subprotocols(Visitor.V1)
            .buildAsync(
                URI.create("ws://127.0.0.1:" + server.port() + "/ws/workspace/maze/"), client)
            .get(10, TimeUnit.SECONDS));
    await().until(() -> !client.heard.isEmpty());
    return client;
  }

  /** A client that answers close frames. */
  private static final class Client implements WebSocket.Listener {
    final List<String> heard = new CopyOnWriteArrayList<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final CompletableFuture<WebSocket> socket = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();

    void opened(WebSocket open) {
      socket.complete(open);
    }

    void says(String text) {
      var _ = socket.join().sendText(text, true);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        heard.add(part.toString());
        part.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(from);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      closed.complete(status);
      return CompletableFuture.completedStage(from);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
