package io.blockroom.adapters.websocket.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;

/**
 * Answers what the web server refuses before any route is asked: a broken address, a body that is
 * too large. Left to itself it repeats what it could not read.
 */
public final class UnreadableRequests implements DirectHandler {
  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType event,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    Problem problem =
        status.equals(Status.REQUEST_ENTITY_TOO_LARGE_413)
            ? Problem.TOO_LARGE
            : Problem.BAD_MESSAGE;
    return TransportResponse.builder()
        .status(problem.status())
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .entity(problem.body())
        .keepAlive(false)
        .build();
  }
}
