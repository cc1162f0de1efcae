package io.blockroom.adapters.websocket.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.bind.Jsonb;

/** The refusals of the HTTP API, as problem details (RFC 9457) with a constant code and text. */
enum Problem {
  ROOM_NOT_FOUND(404, "There is no such room."),
  INTERNAL(500, "The server failed."),
  STORAGE_UNAVAILABLE(503, "The storage does not answer."),
  COORDINATION_UNAVAILABLE(503, "The coordination does not answer.");

  private final int status;
  private final String title;

  /** The body of a refusal. */
  public record Details(int status, String code, String title) {}

  Problem(int status, String title) {
    this.status = status;
    this.title = title;
  }

  void send(ServerResponse response, Jsonb jsonb) {
    response
        .status(Status.create(status))
        .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
        .send(jsonb.toJson(new Details(status, name(), title)));
  }
}
