package io.blockroom.adapters.websocket.codec;

import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.spi.JsonProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The published contract: the AsyncAPI document and the schemas that it refers to. */
final class Contract {
  /** Where the package has them. */
  private static final String FOLDER = "/io/blockroom/adapters/websocket/http/";

  private static final String CHANNEL_MESSAGE = "#/channels/";
  private static final String SCHEMA = "schemas/messages.json#/$defs/";
  private static final JsonProvider JSON = JsonProvider.provider();

  private final JsonObject asyncApi = read("asyncapi.json");
  private final JsonObject schemas = read("messages.json");
  private final Map<String, SchemaJudge> judges = new LinkedHashMap<>();

  /** A message that the AsyncAPI document lets somebody say: its type, its schema's name. */
  record Entry(String type, String definition) {}

  /** Everything that may be said in an operation. */
  List<Entry> operation(String name) {
    return asyncApi
        .getJsonObject("operations")
        .getJsonObject(name)
        .getJsonArray("messages")
        .getValuesAs(JsonObject.class)
        .stream()
        .map(reference -> entry(reference.getString("$ref")))
        .toList();
  }

  /** The schema of a message. */
  JsonObject definition(String name) {
    return Objects.requireNonNull(schemas.getJsonObject("$defs").getJsonObject(name), name);
  }

  /** What the schema of that name has against a message, if anything. */
  Optional<String> objection(String definition, JsonObject message) {
    return judges
        .computeIfAbsent(definition, name -> new SchemaJudge(schemas, "#/$defs/" + name))
        .objection(message);
  }

  private Entry entry(String channelReference) {
    String[] path = channelReference.substring(CHANNEL_MESSAGE.length()).split("/", -1);
    String component =
        asyncApi
            .getJsonObject("channels")
            .getJsonObject(path[0])
            .getJsonObject("messages")
            .getJsonObject(path[2])
            .getString("$ref")
            .substring("#/components/messages/".length());
    JsonObject message =
        asyncApi.getJsonObject("components").getJsonObject("messages").getJsonObject(component);
    String definition =
        message
            .getJsonObject("payload")
            .getJsonObject("schema")
            .getString("$ref")
            .substring(SCHEMA.length());
    JsonString type =
        definition(definition)
            .getJsonObject("properties")
            .getJsonObject("t")
            .getJsonString("const");
    return new Entry(type.getString(), definition);
  }

  private static JsonObject read(String name) {
    try (InputStream file = Contract.class.getResourceAsStream(FOLDER + name);
        JsonReader reader = JSON.createReader(file)) {
      return reader.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
