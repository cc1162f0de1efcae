package io.blockroom.adapters.websocket.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The refusals of the HTTP API, as problem details (RFC 9457) with constant texts. */
enum Problem {
  BAD_MESSAGE(400, "BAD_MESSAGE", "The request cannot be understood."),
  NOTHING_HERE(404, "BAD_MESSAGE", "There is nothing at this address."),
  ROOM_NOT_FOUND(404, "ROOM_NOT_FOUND", "There is no such room."),
  SEQ_NOT_FOUND(404, "SEQ_NOT_FOUND", "The room's history does not have this number."),
  LOCK_NOT_HELD(404, "LOCK_NOT_HELD", "Nobody holds the block."),
  METHOD_NOT_ALLOWED(405, "BAD_MESSAGE", "This address does not know the method."),
  ROOM_EXISTS(409, "ROOM_EXISTS", "There is a room of this id."),
  TOO_LARGE(413, "TOO_LARGE", "The request is too large."),
  NOT_JSON(415, "BAD_MESSAGE", "The body must be application/json."),
  INTERNAL(500, "INTERNAL", "The server failed."),
  STORAGE_UNAVAILABLE(503, "STORAGE_UNAVAILABLE", "The storage does not answer."),
  COORDINATION_UNAVAILABLE(503, "COORDINATION_UNAVAILABLE", "The coordination does not answer."),
  OVERLOADED(503, "OVERLOADED", "The server is busy with other rooms' histories.");

  static final String MEDIA_TYPE = "application/problem+json";

  /** After how many seconds it makes sense to ask a part that is away again. */
  private static final String PATIENCE = "2";

  private static final HeaderName RETRY_AFTER = HeaderNames.create("Retry-After");

  private final int status;
  private final String code;
  private final String title;

  /**
   * @param code the protocol's
   */
  Problem(int status, String code, String title) {
    this.status = status;
    this.code = code;
    this.title = title;
  }

  Status status() {
    return Status.create(status);
  }

  /** The body of the refusal. */
  byte[] body() {
    return """
    {"type":"urn:blockroom:problem:%s","title":"%s","status":%d,"code":"%s"}\
    """
        .formatted(name().toLowerCase(Locale.ROOT).replace('_', '-'), title, status, code)
        .getBytes(StandardCharsets.UTF_8);
  }

  void send(ServerResponse response) {
    if (status == Status.SERVICE_UNAVAILABLE_503.code()) {
      response.header(RETRY_AFTER, PATIENCE);
    }
    response.status(status()).header(HeaderNames.CONTENT_TYPE, MEDIA_TYPE).send(body());
  }
}
