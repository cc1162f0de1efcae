package io.blockroom.adapters.websocket.connection;

import static java.lang.System.Logger.Level.WARNING;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.NotFoundException;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsUpgradeException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns an HTTP/1.1 request on a route of {@link WsRouting} into a {@link WebSocketConnection} (RFC
 * 6455 section 4.2).
 *
 * <p>What is refused is refused with a status and a constant text, before the 101.
 */
public final class WebSocketUpgrader implements Http1Upgrader {

  private static final System.Logger LOG = System.getLogger(WebSocketUpgrader.class.getName());

  /** Another server may be asked at once; this one is back some seconds later. */
  private static final Header RETRY_AFTER = HeaderValues.create(HeaderNames.RETRY_AFTER, "2");

  private final WebSocketConnections connections;
  private final OriginPolicy origins;

  public WebSocketUpgrader(WebSocketConnections connections, OriginPolicy origins) {
    this.connections = connections;
    this.origins = origins;
  }

  /**
   * HTTP/1.1 with this upgrader, for {@code WebServer.builder().addConnectionSelector(...)}. It
   * goes before Helidon's own HTTP/1.1, which would take the connection with the stock WebSocket.
   *
   * <p>Receive listeners of the configuration are replaced: with two of them Helidon 4.1.7 calls
   * neither, and its logging one would write whole headers, credentials included.
   *
   * @param http limits and checks of HTTP/1.1; {@code Http1Config.create()} has Helidon's defaults
   */
  public Http1ConnectionSelector connectionSelector(Http1Config http) {
    return Http1ConnectionSelector.builder()
        .config(Http1Config.builder(http).receiveListeners(List.of(new UpgradeToken())).build())
        .addUpgrader(this)
        .build();
  }

  @Override
  public String supportedProtocol() {
    return UpgradeToken.WEBSOCKET;
  }

  /** Null, which means ordinary HTTP, where there is no WebSocket route. */
  @Override
  public @Nullable ServerConnection upgrade(
      ConnectionContext context, HttpPrologue request, WritableHeaders<?> headers) {
    WsListener listener;
    Headers chosen;
    byte[] response;
    try {
      var route = context.router().routing(WsRouting.class, WsRouting.empty()).findRoute(request);
      String key = OpeningHandshake.keyOf(request, headers, origins);
      requireAccepting();
      listener = route.listener();
      chosen = listener.onHttpUpgrade(request, headers).orElseGet(WritableHeaders::create);
      response = OpeningHandshake.response(key, chosen);
    } catch (NotFoundException | WsUpgradeException e) {
      return null;
    } catch (RequestException refusal) {
      throw refusal;
    } catch (RuntimeException failure) {
      LOG.log(
          WARNING, "WebSocket listener failed in onHttpUpgrade: {0}", failure.getClass().getName());
      throw OpeningHandshake.refusal(Status.INTERNAL_SERVER_ERROR_500, "internal error").build();
    }
    switchProtocols(context, response);
    return new WebSocketConnection(
        context, listener, OpeningHandshake.subProtocol(chosen), connections);
  }

  private void requireAccepting() {
    if (!connections.isAccepting()) {
      throw OpeningHandshake.refusal(Status.SERVICE_UNAVAILABLE_503, "shutting down")
          .header(RETRY_AFTER)
          .build();
    }
  }

  private static void switchProtocols(ConnectionContext context, byte[] response) {
    try {
      context.dataWriter().writeNow(BufferData.create(response));
    } catch (UncheckedIOException e) {
      throw new CloseConnectionException("client went away during the handshake", e);
    }
  }
}
