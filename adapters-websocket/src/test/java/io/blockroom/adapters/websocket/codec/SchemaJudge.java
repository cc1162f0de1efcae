package io.blockroom.adapters.websocket.codec;

import com.github.erosb.jsonsKema.FormatValidationPolicy;
import com.github.erosb.jsonsKema.IJsonString;
import com.github.erosb.jsonsKema.IJsonValue;
import com.github.erosb.jsonsKema.JsonBoolean;
import com.github.erosb.jsonsKema.JsonNull;
import com.github.erosb.jsonsKema.SchemaLoader;
import com.github.erosb.jsonsKema.ValidationFailure;
import com.github.erosb.jsonsKema.Validator;
import com.github.erosb.jsonsKema.ValidatorConfig;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Judges values by a JSON Schema. */
public final class SchemaJudge {
  private final Validator validator;

  /**
   * @param document that the schema and all that it refers to stand in
   * @param place of the schema, as a reference within the document
   */
  public SchemaJudge(JsonObject document, String place) {
    JsonObject pointed =
        JsonProvider.provider().createObjectBuilder(document).add("$ref", place).build();
    validator =
        Validator.create(
            new SchemaLoader(translated(pointed)).load(),
            new ValidatorConfig(FormatValidationPolicy.ALWAYS));
  }

  /** What the schema has against a value, if anything. */
  public Optional<String> objection(JsonValue value) {
    return Optional.ofNullable(validator.validate(translated(value)))
        .map(ValidationFailure::toString);
  }

  /** The same value for the validator, whose own parser takes an escaped line feed for an n. */
  private static IJsonValue translated(JsonValue value) {
    return switch (value) {
      case JsonObject object -> {
        Map<IJsonString, IJsonValue> fields = new LinkedHashMap<>();
        object.forEach((key, field) ->
            fields.put(new com.github.erosb.jsonsKema.JsonString(key), translated(field)));
        yield new com.github.erosb.jsonsKema.JsonObject(fields);
      }
      case JsonArray array ->
          new com.github.erosb.jsonsKema.JsonArray(
              array.stream().map(SchemaJudge::translated).toList());
      case JsonString text -> new com.github.erosb.jsonsKema.JsonString(text.getString());
      case JsonNumber number -> new com.github.erosb.jsonsKema.JsonNumber(number.numberValue());
      case JsonValue other ->
          other.getValueType() == JsonValue.ValueType.NULL
              ? new JsonNull()
              : new JsonBoolean(other.getValueType() == JsonValue.ValueType.TRUE);
    };
  }
}
