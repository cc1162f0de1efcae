package io.blockroom.adapters.websocket.connection;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/** A real server on a free port of the loopback with one WebSocket route, {@code /echo}. */
final class TestServer implements AutoCloseable {

  private final WebSocketConnections connections;
  private final WebServer server;

  TestServer(ConnectionSettings settings, Supplier<WsListener> listener) {
    this(settings, new OriginPolicy(Set.of(), true, true), listener);
  }

  TestServer(ConnectionSettings settings, OriginPolicy origins, Supplier<WsListener> listener) {
    connections = new WebSocketConnections(settings);
    WebSocketUpgrader upgrader = new WebSocketUpgrader(connections, origins);
    server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .shutdownHook(false)
            .connectionOptions(options -> options.tcpNoDelay(true))
            .addConnectionSelector(upgrader.connectionSelector(Http1Config.create()))
            .addRouting(
                HttpRouting.builder().get("/hello", (request, response) -> response.send("hello")))
            .addRouting(WsRouting.builder().endpoint("/echo", listener))
            .build()
            .start();
  }

  int port() {
    return server.port();
  }

  WebSocketConnections connections() {
    return connections;
  }

  WebServer server() {
    return server;
  }

  @Override
  public void close() {
    connections.closeAll(1012, "restart", Duration.ofSeconds(3));
    server.stop();
    connections.close();
  }
}
