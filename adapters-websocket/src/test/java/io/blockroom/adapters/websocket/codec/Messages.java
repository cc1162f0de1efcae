package io.blockroom.adapters.websocket.codec;

import io.blockroom.adapters.websocket.codec.ClientMessage.CommitOffer;
import io.blockroom.adapters.websocket.codec.Reading.Malformed;
import io.blockroom.adapters.websocket.codec.Reading.Understood;
import io.blockroom.domain.block.BlockId;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Texts of messages, and what is expected of them. */
final class Messages {
  static final Reading BAD = new Malformed(ErrorCode.BAD_MESSAGE, Optional.empty());
  static final Reading UNKNOWN = new Malformed(ErrorCode.UNKNOWN_TYPE, Optional.empty());
  static final Reading TOO_LARGE = new Malformed(ErrorCode.TOO_LARGE, Optional.empty());

  private static final JsonProvider JSON = JsonProvider.provider();
  private static final MessageReader READER = new MessageReader();

  private Messages() {}

  /** What a text is in the seed protocol. */
  static Reading read(String text) {
    return READER.read(text, Audience.SEED);
  }

  static Reading readV1(String text) {
    return READER.read(text, Audience.V1);
  }

  /** What is read of a message without an id. */
  static Reading understood(ClientMessage message) {
    return new Understood(message, Optional.empty());
  }

  /** The commit that a text must be. */
  static CommitOffer commit(String text) {
    return understood(CommitOffer.class, read(text));
  }

  /** The message that must have been read. */
  static <M extends ClientMessage> M understood(Class<M> type, Reading reading) {
    if (reading instanceof Understood understood && type.isInstance(understood.message())) {
      return type.cast(understood.message());
    }
    throw new AssertionError("no " + type.getSimpleName() + ": " + reading);
  }

  static String message(String type, String payload) {
    return "{\"t\":\"" + type + "\",\"payload\":" + payload + "}";
  }

  static String commitOf(String events) {
    return message("COMMIT", "{\"blockId\":\"b1\",\"events\":" + events + "}");
  }

  static String commitWith(String workspaceXml) {
    return message(
        "COMMIT",
        "{\"blockId\":\"b1\",\"events\":[],\"workspaceXml\":" + quoted(workspaceXml) + "}");
  }

  /** A text as a JSON string, written by other code than the one under test. */
  static String quoted(String text) {
    return JSON.createValue(text).toString();
  }

  static JsonObject parsed(String json) {
    try (JsonReader reader = JSON.createReader(new StringReader(json))) {
      return reader.readObject();
    }
  }

  static Set<BlockId> blocks(String... ids) {
    return Stream.of(ids).map(BlockId::new).collect(Collectors.toSet());
  }

  /** A workspace of one chain of stacked blocks. */
  static String chainOfXml(int blocks) {
    String opening = "<block type=\"controls_if\" id=\"b\">";
    return "<xml xmlns=\"https://developers.google.com/blockly/xml\">"
        + (opening + "<next>").repeat(blocks - 1)
        + opening
        + "</block>"
        + "</next></block>".repeat(blocks - 1)
        + "</xml>";
  }

  /** The event that creates one chain of stacked blocks. */
  static String chainOfJson(int blocks) {
    String opening = "{\"type\":\"controls_if\",\"id\":\"b\"";
    return "[{\"type\":\"create\",\"blockId\":\"b\",\"ids\":[\"b\"],\"json\":"
        + (opening + ",\"next\":{\"block\":").repeat(blocks - 1)
        + opening
        + "}"
        + "}}".repeat(blocks - 1)
        + "}]";
  }
}
