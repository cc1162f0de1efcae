package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.Messages.parsed;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.codec.Contract.Entry;
import io.blockroom.domain.room.RoomEvent;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What the server writes is what its schemas say. */
class ServerContractTest {
  private static final int EACH = 100;

  private final Contract contract = new Contract();
  private final MessageWriter writer = new MessageWriter(ServerMessages.LIMITS);

  @Test
  void whatever_is_said_is_valid_by_its_schema(TestReporter report) {
    ServerMessages chance = new ServerMessages(seeded(report));
    Set<String> heard = new HashSet<>();
    assertThat(chance.messages().keySet())
        .containsExactlyInAnyOrder(ServerMessage.class.getPermittedSubclasses());
    assertThat(chance.events().keySet())
        .containsExactlyInAnyOrder(RoomEvent.class.getPermittedSubclasses());

    for (int i = 0; i < EACH; i++) {
      for (Supplier<ServerMessage> source : chance.messages().values()) {
        ServerMessage message = source.get();
        heard.add(assertValid(writer.message(message), audienceOf(message)));
      }
      for (Supplier<RoomEvent> source : chance.events().values()) {
        RoomEvent event = source.get();
        for (Audience audience : Audience.values()) {
          writer.event(event, audience).ifPresent(told -> heard.add(assertValid(told, audience)));
        }
      }
    }

    assertThat(heard)
        .as("every schema is of a message that is written")
        .isEqualTo(
            Set.of("sayV1", "saySeed").stream()
                .flatMap(operation -> contract.operation(operation).stream())
                .map(Entry::definition)
                .collect(Collectors.toSet()));
  }

  @Test
  void a_key_that_is_not_declared_is_invalid(TestReporter report) {
    ServerMessages chance = new ServerMessages(seeded(report));

    for (Supplier<ServerMessage> source : chance.messages().values()) {
      ServerMessage message = source.get();
      JsonObject said = parsed(new String(writer.message(message), StandardCharsets.UTF_8));
      String definition = definition(said.getString("t"), audienceOf(message));

      assertThat(contract.objection(definition, said)).isEmpty();
      assertThat(contract.objection(definition, with(said, "x"))).isPresent();
      assertThat(
              contract.objection(
                  definition,
                  Json.createObjectBuilder(said)
                      .add("payload", with(said.getJsonObject("payload"), "x"))
                      .build()))
          .isPresent();
    }
  }

  @Test
  void a_message_of_another_type_is_invalid() {
    List<Entry> entries = contract.operation("sayV1");

    for (Entry entry : entries) {
      for (Entry other : entries) {
        if (!entry.equals(other)) {
          assertThat(
                  contract.objection(
                      entry.definition(),
                      parsed("{\"t\":\"" + other.type() + "\",\"payload\":{}}")))
              .isPresent();
        }
      }
    }
  }

  private static JsonObject with(JsonObject object, String key) {
    return Json.createObjectBuilder(object).add(key, 1).build();
  }

  /** What the seed protocol knows may be said to both; the rest to v1 only. */
  private static Audience audienceOf(ServerMessage message) {
    return switch (message) {
      case ServerMessage.InitState state -> state.audience();
      case ServerMessage.LockDenied denied -> denied.re().isPresent() ? Audience.V1 : Audience.SEED;
      case ServerMessage _ -> Audience.V1;
    };
  }

  private String assertValid(byte[] message, Audience audience) {
    String text = new String(message, StandardCharsets.UTF_8);
    JsonObject said = parsed(text);
    String definition = definition(said.getString("t"), audience);
    assertThat(contract.objection(definition, said)).as(text).isEqualTo(Optional.empty());
    return definition;
  }

  private String definition(String type, Audience audience) {
    String operation =
        switch (audience) {
          case SEED -> "saySeed";
          case V1 -> "sayV1";
        };
    return contract.operation(operation).stream()
        .filter(entry -> entry.type().equals(type))
        .map(Entry::definition)
        .findFirst()
        .orElseThrow(() -> new AssertionError("not in the contract: " + type));
  }

  private static Random seeded(TestReporter report) {
    long seed = new Random().nextLong();
    report.publishEntry("seed", Long.toString(seed));
    return new Random(seed);
  }
}
