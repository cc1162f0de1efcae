package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.require;
import static io.blockroom.adapters.websocket.codec.RoomFields.required;

import io.blockroom.application.port.in.ChangeRoom;
import io.blockroom.application.port.in.CreateRoom;
import io.blockroom.domain.commit.SequenceNumber;
import jakarta.json.bind.Jsonb;
import jakarta.json.stream.JsonParser.Event;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the small bodies of HTTP requests. JSON-B binds them, once it is known that they have no
 * other fields than they may and of each the right kind: left to itself it takes a number for a
 * text, a missing field for 0, and overflows the stack.
 *
 * <p>Methods throw {@link MalformedMessage} at whatever is wrong with a body.
 */
public final class BodyReader {
  private final HardenedJson json = new HardenedJson();
  private final Jsonb jsonb;

  /** What a field may be. */
  private enum Kind {
    TEXT,
    WHOLE_NUMBER,
    FLAG
  }

  public BodyReader(Jsonb jsonb) {
    this.jsonb = jsonb;
  }

  /** A room to be made. */
  public record NewRoom(
      @Nullable String roomId,
      @Nullable String title,
      @Nullable Long maxUsers,
      @Nullable String lockPolicy) {}

  /** What of a room shall be otherwise. */
  public record RoomPatch(
      @Nullable String title,
      @Nullable Long maxUsers,
      @Nullable String lockPolicy,
      @Nullable Boolean frozen,
      @Nullable Boolean closed) {}

  /** Where to wind back to. */
  public record Restore(@Nullable Long seq) {}

  /** The body of a request to create a room. */
  public CreateRoom.Command newRoom(String body) {
    NewRoom said =
        bind(
            body,
            NewRoom.class,
            Map.of(
                "roomId", Kind.TEXT,
                "title", Kind.TEXT,
                "maxUsers", Kind.WHOLE_NUMBER,
                "lockPolicy", Kind.TEXT));
    return new CreateRoom.Command(
        RoomFields.id(required(Optional.ofNullable(said.roomId()))),
        Optional.ofNullable(said.title()).map(RoomFields::title),
        Optional.ofNullable(said.maxUsers()).map(RoomFields::maxUsers),
        Optional.ofNullable(said.lockPolicy()).map(RoomFields::lockPolicy));
  }

  /** The body of a request to change a room. */
  public ChangeRoom.Change change(String body) {
    RoomPatch said =
        bind(
            body,
            RoomPatch.class,
            Map.of(
                "title", Kind.TEXT,
                "maxUsers", Kind.WHOLE_NUMBER,
                "lockPolicy", Kind.TEXT,
                "frozen", Kind.FLAG,
                "closed", Kind.FLAG));
    return new ChangeRoom.Change(
        Optional.ofNullable(said.title()).map(RoomFields::title),
        Optional.ofNullable(said.maxUsers()).map(RoomFields::maxUsers),
        Optional.ofNullable(said.lockPolicy()).map(RoomFields::lockPolicy),
        Optional.ofNullable(said.frozen()),
        Optional.ofNullable(said.closed()));
  }

  /** The body of a request to wind a room back. */
  public SequenceNumber restore(String body) {
    Restore said = bind(body, Restore.class, Map.of("seq", Kind.WHOLE_NUMBER));
    return new SequenceNumber(required(Optional.ofNullable(said.seq())));
  }

  private <T> T bind(String body, Class<T> type, Map<String, Kind> fields) {
    try {
      check(body, fields);
      return HardenedJson.bind(jsonb, body, type);
    } catch (MalformedMessage malformed) {
      throw malformed;
    } catch (RuntimeException broken) {
      // Neither the parser nor the binding has one exception for broken text.
      throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
    }
  }

  private void check(String body, Map<String, Kind> fields) {
    try (JsonCursor cursor = json.open(body, 0)) {
      cursor.enterObject();
      while (cursor.next() != Event.END_OBJECT) {
        Kind kind = required(Optional.ofNullable(fields.get(cursor.key())));
        switch (kind) {
          case TEXT -> required(cursor.string());
          case WHOLE_NUMBER -> required(cursor.integer(0));
          case FLAG -> {
            Event event = cursor.next();
            require(event == Event.VALUE_TRUE || event == Event.VALUE_FALSE);
          }
        }
      }
      cursor.end();
    }
  }
}
