package io.blockroom.adapters.websocket.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.codec.Contract.Entry;
import io.blockroom.adapters.websocket.codec.Reading.Understood;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonPatch;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients may send by their schemas is what is understood, and nothing else is. */
class ClientContractTest {
  private static final int EACH = 200;
  private static final Contract CONTRACT = new Contract();
  private static final MessageReader READER = new MessageReader();

  static Stream<Arguments> clientMessages() {
    return Stream.concat(
        CONTRACT.operation("hearV1").stream().map(entry -> Arguments.of(entry, Audience.V1)),
        CONTRACT.operation("hearSeed").stream().map(entry -> Arguments.of(entry, Audience.SEED)));
  }

  /** What may be put in the place of any field. */
  private static List<JsonValue> wrongValues() {
    return List.of(
        JsonValue.NULL,
        JsonValue.TRUE,
        Json.createValue(0),
        Json.createValue(-1),
        Json.createValue(0.5),
        Json.createValue(9_007_199_254_740_993L),
        Json.createValue(""),
        Json.createValue("\n"),
        Json.createValue("no word of ours\u0007"),
        Json.createValue("x".repeat(129)),
        Json.createValue("x".repeat(512 * 1024 + 1)),
        JsonValue.EMPTY_JSON_ARRAY,
        JsonValue.EMPTY_JSON_OBJECT,
        Json.createArrayBuilder().add(JsonValue.NULL).build(),
        Json.createArrayBuilder().add(JsonValue.EMPTY_JSON_ARRAY).build(),
        Json.createArrayBuilder().add("").build(),
        Json.createArrayBuilder().add(7).build(),
        Json.createArrayBuilder().add("b").build(),
        Json.createArrayBuilder(IntStream.range(0, 201).mapToObj(i -> "b" + i).toList()).build(),
        Json.createArrayBuilder(
                IntStream.range(0, 5001).mapToObj(_ -> JsonValue.EMPTY_JSON_OBJECT).toList())
            .build());
  }

  @ParameterizedTest
  @MethodSource("clientMessages")
  void what_a_schema_allows_is_understood(Entry entry, Audience audience, TestReporter report) {
    SchemaInstances instances = new SchemaInstances(CONTRACT, seeded(report), false);

    for (int i = 0; i < EACH; i++) {
      JsonObject message = (JsonObject) instances.of(CONTRACT.definition(entry.definition()));
      String text = message.toString();

      assertThat(CONTRACT.objection(entry.definition(), message)).as(text).isEmpty();
      assertThat(READER.read(text, audience)).as(text).isInstanceOf(Understood.class);
    }
  }

  @ParameterizedTest
  @MethodSource("clientMessages")
  void A05_schema_and_reader_judge_every_wrong_field_alike(
      Entry entry, Audience audience, TestReporter report) {
    SchemaInstances instances = new SchemaInstances(CONTRACT, seeded(report), true);
    JsonObject whole = (JsonObject) instances.of(CONTRACT.definition(entry.definition()));
    Set<String> places = new LinkedHashSet<>();
    collectPlaces("", whole, places);
    int refused = 0;

    for (String place : places) {
      refused += judge(entry, audience, Json.createPatchBuilder().remove(place).build(), whole);
      boolean isXml = place.endsWith("/workspaceXml");
      for (JsonValue value : wrongValues()) {
        if (!isXml || isSchemaMatter(value)) {
          refused +=
              judge(
                  entry, audience, Json.createPatchBuilder().replace(place, value).build(), whole);
        }
      }
    }
    assertThat(places).contains("/t", "/payload");
    assertThat(refused).isPositive();
  }

  /** Whether a text is XML at all is beyond a schema; its length is not. */
  private static boolean isSchemaMatter(JsonValue value) {
    return value.getValueType() != JsonValue.ValueType.STRING
        || value.toString().length() == 2
        || value.toString().length() > 512 * 1024;
  }

  private static int judge(Entry entry, Audience audience, JsonPatch change, JsonObject whole) {
    JsonObject changed = change.apply(whole);
    String text = changed.toString();
    boolean isAllowed = CONTRACT.objection(entry.definition(), changed).isEmpty();
    boolean isUnderstood = READER.read(text, audience) instanceof Understood;
    assertThat(isUnderstood)
        .as(() -> "%s by %s: %.300s".formatted(change, entry.definition(), text))
        .isEqualTo(isAllowed);
    return isAllowed ? 0 : 1;
  }

  /** Every field and every first element, as JSON pointers. */
  private static void collectPlaces(String place, JsonValue value, Set<String> places) {
    List<String> inner = new ArrayList<>();
    switch (value) {
      case JsonObject object -> inner.addAll(object.keySet());
      case JsonArray array when !array.isEmpty() -> inner.add("0");
      case JsonValue _ -> {}
    }
    for (String key : inner) {
      String pointer = place + "/" + key;
      places.add(pointer);
      collectPlaces(pointer, Json.createPointer("/" + key).getValue((JsonStructure) value), places);
    }
  }

  private static Random seeded(TestReporter report) {
    long seed = new Random().nextLong();
    report.publishEntry("seed", Long.toString(seed));
    return new Random(seed);
  }
}
