package io.blockroom.adapters.websocket.http;

import io.blockroom.adapters.websocket.session.RequestTarget;
import io.blockroom.application.port.in.DescribeRoom;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.annotation.JsonbProperty;

/** {@code GET /api/room/{roomId}/}: what a client of the seed protocol asks before it connects. */
public final class RoomApi implements HttpService {
  /** Where this service is registered. */
  public static final String PATH = "/api/room";

  private static final System.Logger LOG = System.getLogger(RoomApi.class.getName());

  private final DescribeRoom rooms;
  private final Jsonb jsonb;

  /** The answer's body. */
  public record Description(
      @JsonbProperty("room_id") String roomId,
      @JsonbProperty("title") String title,
      @JsonbProperty("max_users") int maxUsers,
      @JsonbProperty("current_users") int currentUsers,
      @JsonbProperty("created") boolean created) {}

  public RoomApi(DescribeRoom rooms, Jsonb jsonb) {
    this.rooms = rooms;
    this.jsonb = jsonb;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/{+room}", this::describe);
  }

  private void describe(ServerRequest request, ServerResponse response) {
    String name = RequestTarget.lastSegment(request.prologue().uriPath().rawPath(), PATH + "/");
    try {
      switch (rooms.describe(name)) {
        case DescribeRoom.Outcome.Described found ->
            response
                .header(HeaderValues.CONTENT_TYPE_JSON)
                .send(
                    jsonb.toJson(
                        new Description(
                            found.room().id().value(),
                            found.room().title(),
                            found.room().maxUsers(),
                            found.currentUsers(),
                            found.isNew())));
        case DescribeRoom.Outcome.NoSuchRoom none -> Problem.ROOM_NOT_FOUND.send(response);
      }
    } catch (StorageUnavailable away) {
      Problem.STORAGE_UNAVAILABLE.send(response);
    } catch (CoordinationUnavailable away) {
      Problem.COORDINATION_UNAVAILABLE.send(response);
    } catch (RuntimeException failure) {
      // The web server would log its text, which may hold anything.
      LOG.log(
          System.Logger.Level.WARNING,
          "a room could not be described: {0}",
          failure.getClass().getName());
      Problem.INTERNAL.send(response);
    }
  }
}
