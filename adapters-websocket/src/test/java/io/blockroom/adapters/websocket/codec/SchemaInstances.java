package io.blockroom.adapters.websocket.codec;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** Values that a schema of ours allows, by chance: in any order of keys, with unknown keys. */
final class SchemaInstances {
  private static final String LETTERS = "abXYZ019 !#$%()*+,-./:;=?@[]^_`{|}~\"\\<&가é";

  private final Contract contract;
  private final Random random;
  private final boolean isComplete;

  /**
   * @param isComplete whether to leave out nothing that may be there, and to add nothing
   */
  SchemaInstances(Contract contract, Random random, boolean isComplete) {
    this.contract = contract;
    this.random = random;
    this.isComplete = isComplete;
  }

  JsonValue of(JsonObject unresolved) {
    JsonObject schema = resolved(unresolved);
    if (schema.containsKey("const")) {
      return schema.get("const");
    }
    if (schema.containsKey("enum")) {
      return one(schema.getJsonArray("enum"));
    }
    if (schema.containsKey("anyOf")) {
      JsonArray choices = schema.getJsonArray("anyOf");
      return of((isComplete ? choices.get(0) : one(choices)).asJsonObject());
    }
    if (schema.containsKey("examples")) {
      return one(schema.getJsonArray("examples"));
    }
    if (schema.containsKey("contentMediaType")) {
      return Json.createValue(isComplete || random.nextBoolean() ? "<xml/>" : "");
    }
    return switch (type(schema)) {
      case "object" -> object(schema);
      case "array" -> array(schema);
      case "string" -> Json.createValue(text(schema));
      case "integer" -> Json.createValue(integer(schema));
      case "number" -> Json.createValue(random.nextGaussian() * 1000);
      case "boolean" -> random.nextBoolean() ? JsonValue.TRUE : JsonValue.FALSE;
      case "null" -> JsonValue.NULL;
      case String other -> throw new IllegalArgumentException(other);
    };
  }

  /** What a schema and those that it refers to say together. */
  JsonObject resolved(JsonObject schema) {
    JsonObjectBuilder all = Json.createObjectBuilder();
    if (schema.containsKey("$ref")) {
      String name = schema.getString("$ref").substring("#/$defs/".length());
      all.addAll(Json.createObjectBuilder(resolved(contract.definition(name))));
    }
    if (schema.containsKey("allOf")) {
      schema.getJsonArray("allOf").getValuesAs(JsonObject.class).stream()
          .map(this::resolved)
          .forEach(each -> all.addAll(Json.createObjectBuilder(each)));
    }
    return all.addAll(Json.createObjectBuilder(schema)).build();
  }

  private String type(JsonObject schema) {
    if (!schema.containsKey("type")) {
      return isComplete
          ? "string"
          : List.of("object", "array", "null", "number").get(random.nextInt(4));
    }
    return switch (schema.get("type")) {
      case JsonArray types -> ((JsonString) (isComplete ? types.get(0) : one(types))).getString();
      case JsonString type -> type.getString();
      case JsonValue other -> throw new IllegalArgumentException(other.toString());
    };
  }

  private JsonValue object(JsonObject schema) {
    JsonObject properties =
        Optional.ofNullable(schema.getJsonObject("properties")).orElse(JsonValue.EMPTY_JSON_OBJECT);
    Set<String> required =
        Optional.ofNullable(schema.getJsonArray("required"))
            .orElse(JsonValue.EMPTY_JSON_ARRAY)
            .getValuesAs(JsonString.class)
            .stream()
            .map(JsonString::getString)
            .collect(Collectors.toSet());
    List<String> keys = new ArrayList<>();
    properties.keySet().stream()
        .filter(key -> isComplete || required.contains(key) || random.nextBoolean())
        .forEach(keys::add);
    if (!isComplete && random.nextInt(4) == 0) {
      keys.add("unheard of");
    }
    Collections.shuffle(keys, random);
    JsonObjectBuilder object = Json.createObjectBuilder();
    keys.forEach(key ->
        object.add(
            key, properties.containsKey(key) ? of(properties.getJsonObject(key)) : JsonValue.TRUE));
    return object.build();
  }

  private JsonValue array(JsonObject schema) {
    int least = isComplete ? 1 : schema.getInt("minItems", 0);
    JsonArrayBuilder array = Json.createArrayBuilder();
    for (int i = least + (isComplete ? 0 : random.nextInt(4)); i > 0; i--) {
      array.add(schema.containsKey("items") ? of(schema.getJsonObject("items")) : JsonValue.TRUE);
    }
    return array.build();
  }

  private String text(JsonObject schema) {
    int least = schema.getInt("minLength", 0);
    int most = Math.min(schema.getInt("maxLength", 20), random.nextInt(10) == 0 ? 1000 : 20);
    int length = least + random.nextInt(most - least + 1);
    return random
        .ints(length, 0, LETTERS.length())
        .mapToObj(i -> LETTERS.substring(i, i + 1))
        .collect(Collectors.joining());
  }

  private long integer(JsonObject schema) {
    long min = limit(schema, "minimum");
    long max = limit(schema, "maximum");
    return switch (random.nextInt(4)) {
      case 0 -> min;
      case 1 -> max;
      default -> min + random.nextLong(Math.min(1000, max - min));
    };
  }

  private static long limit(JsonObject schema, String name) {
    JsonNumber limit = schema.getJsonNumber(name);
    return limit.longValueExact();
  }

  private JsonValue one(JsonArray choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
