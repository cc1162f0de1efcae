package io.blockroom.adapters.websocket.session;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsUpgradeException;
import java.util.Optional;

/** A client as the connection knows it. */
final class Visitor {
  static final String V1 = "blockroom.v1";

  final FakeConnection connection = new FakeConnection();

  /** What the answer to the handshake chose. */
  final Optional<Headers> chosen;

  private final WsListener listener;

  /** Connects to a request target, offering these subprotocols. */
  Visitor(WorkspaceEndpoint endpoint, String target, String... offers) {
    listener = endpoint.newConnection();
    HttpPrologue request =
        HttpPrologue.create("HTTP/1.1", "HTTP", "1.1", Method.GET, target, false);
    WritableHeaders<?> headers = WritableHeaders.create();
    if (offers.length > 0) {
      headers.set(HeaderNames.create("Sec-WebSocket-Protocol"), offers);
    }
    try {
      chosen = listener.onHttpUpgrade(request, headers);
    } catch (WsUpgradeException refused) {
      throw new AssertionError(refused);
    }
    listener.onOpen(connection);
  }

  void says(String text) {
    if (connection.isOpen()) {
      listener.onMessage(connection, text, true);
    }
  }

  void says(byte[] bytes) {
    if (connection.isOpen()) {
      listener.onMessage(connection, BufferData.create(bytes), true);
    }
  }

  /** Asks something under a name. */
  void asks(String type, String id, String payload) {
    says("{\"t\":\"%s\",\"id\":\"%s\",\"payload\":%s}".formatted(type, id, payload));
  }

  void goes() {
    goes(1001);
  }

  void goes(int status) {
    listener.onClose(connection, status, "");
  }
}
