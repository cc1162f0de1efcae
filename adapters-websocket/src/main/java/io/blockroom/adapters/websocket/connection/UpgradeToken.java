package io.blockroom.adapters.websocket.connection;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;

/**
 * Writes the Upgrade header the way Helidon looks it up: {@code websocket} alone, in lower case.
 *
 * <p>RFC 6455 section 4.2.1 has it compared without regard to case, and RFC 9110 section 7.8 makes
 * it a list; Helidon takes the first line as a key of a map. This listener sees the headers right
 * before that.
 */
final class UpgradeToken implements Http1ConnectionListener {

  static final String WEBSOCKET = "websocket";

  private static final Header UPGRADE = HeaderValues.create(HeaderNames.UPGRADE, WEBSOCKET);

  @Override
  public void headers(ConnectionContext context, Headers headers) {
    if (headers instanceof WritableHeaders<?> writable
        && OpeningHandshake.hasToken(headers, HeaderNames.UPGRADE, WEBSOCKET)) {
      writable.set(UPGRADE);
    }
  }
}
