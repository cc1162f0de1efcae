package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.require;

import io.blockroom.adapters.websocket.codec.Reading.Malformed;
import io.blockroom.adapters.websocket.codec.Reading.Understood;
import io.blockroom.domain.block.BlockId;
import jakarta.json.stream.JsonParser.Event;
import java.util.Optional;

/**
 * Reads what clients send. Unknown fields are passed over, but even in them the text must be sound;
 * what only v1 knows is unknown in the seed protocol. An optional field that is {@code null} counts
 * as absent. Safe for use by many threads.
 */
public final class MessageReader {
  private final HardenedJson json = new HardenedJson();
  private final WorkspaceXmlCheck workspaces = new WorkspaceXmlCheck();

  /** Reads one text. Never throws, whatever the text. */
  public Reading read(String text, Audience audience) {
    try {
      return envelope(text, audience);
    } catch (MalformedMessage malformed) {
      return new Malformed(malformed.code(), idOf(text, audience));
    } catch (RuntimeException broken) {
      // The parsers have no common exception for broken text: they throw whatever comes to hand.
      return new Malformed(ErrorCode.BAD_MESSAGE, idOf(text, audience));
    }
  }

  private Reading envelope(String text, Audience audience) {
    Optional<String> type = Optional.empty();
    Optional<String> id = Optional.empty();
    Optional<ClientMessage> message = Optional.empty();
    Optional<String> payload = Optional.empty();
    boolean hasPayload = false;
    try (JsonCursor cursor = json.open(text, 0)) {
      cursor.enterObject();
      while (cursor.next() != Event.END_OBJECT) {
        switch (cursor.key()) {
          case "t" -> type = cursor.string();
          case "id" -> id = id(cursor, audience);
          case "payload" -> {
            hasPayload = true;
            if (type.isPresent()) {
              message = payload(type.get(), cursor, audience);
            } else {
              payload = Optional.of(cursor.payloadText());
            }
          }
          default -> cursor.skip();
        }
      }
      cursor.end();
    }
    require(type.isPresent() && hasPayload);
    if (payload.isPresent()) {
      // The payload came before the type that says how to read it.
      try (JsonCursor cursor = json.open(payload.get(), 1)) {
        message = payload(type.get(), cursor, audience);
      }
    }
    Optional<String> named = id;
    return message
        .<Reading>map(understood -> new Understood(understood, named))
        .orElseGet(() -> new Malformed(ErrorCode.UNKNOWN_TYPE, named));
  }

  private Optional<ClientMessage> payload(String type, JsonCursor cursor, Audience audience) {
    return new PayloadReader(cursor, audience, workspaces).read(type);
  }

  /** The id of a request that cannot be read otherwise, unless the text breaks off before it. */
  private Optional<String> idOf(String text, Audience audience) {
    if (audience == Audience.SEED) {
      return Optional.empty();
    }
    try (JsonCursor cursor = json.open(text, 0)) {
      cursor.enterObject();
      while (cursor.next() != Event.END_OBJECT) {
        if (cursor.key().equals("id")) {
          return id(cursor, audience);
        }
        cursor.skipPayload();
      }
    } catch (RuntimeException broken) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static Optional<String> id(JsonCursor cursor, Audience audience) {
    if (audience == Audience.SEED) {
      cursor.skip();
      return Optional.empty();
    }
    Optional<String> id = cursor.string();
    id.ifPresent(named -> require(BlockId.isValid(named)));
    return id;
  }
}
