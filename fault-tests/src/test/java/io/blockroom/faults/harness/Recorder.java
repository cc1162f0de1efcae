package io.blockroom.faults.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.history.Entry;
import io.blockroom.application.history.Entry.Answer;
import io.blockroom.application.history.Entry.Hold;
import io.blockroom.application.history.Entry.Row;
import io.blockroom.application.history.Entry.Wish;
import io.blockroom.application.history.History;
import io.blockroom.application.history.HistoryChecker;
import io.blockroom.application.history.Violation;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what clients ask and observe, room by room, and has it judged: the same checks as of
 * the simulation. What is found wanting is kept as lines of JSON.
 */
public final class Recorder {
  private static final Path KEPT = Path.of("target", "histories");

  /** One request, or something told without one. */
  private static final class Exchange {
    final Client client;
    final String type;
    final JsonObject arguments;
    final long invoked = System.nanoTime();
    long returned;
    @Nullable JsonObject result;

    Exchange(Client client, String type, JsonObject arguments) {
      this.client = client;
      this.type = type;
      this.arguments = arguments;
    }

    String line(long seed) {
      return Json.createObjectBuilder()
          .add("seed", seed)
          .add("room", client.room())
          .add("client", client.name())
          .add("node", client.node())
          .add("t", type)
          .add("invoke", invoked)
          .add("return", returned == 0 ? JsonValue.NULL : Json.createValue(returned))
          .add("arguments", arguments)
          .add("result", result == null ? JsonValue.NULL : result)
          .build()
          .toString();
    }
  }

  private final String name;
  private final long seed;
  private final Map<String, History> histories = new LinkedHashMap<>();
  private final Map<String, Exchange> asked = new HashMap<>();
  private final List<Exchange> exchanges = new ArrayList<>();

  /**
   * @param seed of what is being tried
   */
  public Recorder(String name, long seed) {
    this.name = name;
    this.seed = seed;
  }

  synchronized void opened(Client client) {
    note(client, new Entry.Opened(client.name(), false));
  }

  synchronized void closed(Client client) {
    note(client, new Entry.Closed(client.name()));
  }

  synchronized void asked(Client client, String request, String type, JsonObject payload) {
    Exchange exchange = new Exchange(client, type, payload);
    exchanges.add(exchange);
    asked.put(client.name() + request, exchange);
    if (client.isConnected()) { // else nobody is asked
      wish(type, payload)
          .ifPresent(wish -> note(client, new Entry.Asked(client.name(), request, wish)));
    }
  }

  synchronized void told(Client client, JsonObject message) {
    JsonObject payload = message.getJsonObject("payload");
    if (message.containsKey("re")) {
      answered(client, message);
    } else {
      exchanges.add(new Exchange(client, message.getString("t"), payload));
    }
    switch (message.getString("t")) {
      case "INIT_STATE", "SYNC" -> note(client, shown(client, payload));
      case "LOCK_UPDATE" -> lockUpdate(client, payload);
      case "COMMIT_APPLY" -> {
        if (payload.containsKey("seq")) {
          note(client, new Entry.CommitTold(client.name(), row(payload)));
        }
      }
      default -> {}
    }
  }

  private void lockUpdate(Client client, JsonObject payload) {
    String block = payload.getString("blockId");
    note(
        client,
        payload.isNull("owner")
            ? new Entry.ReleaseTold(client.name(), block, payload.getString("reason"))
            : new Entry.LockTold(
                client.name(),
                block,
                new Hold(payload.getString("owner"), payload.getJsonNumber("token").longValue())));
  }

  private void answered(Client client, JsonObject message) {
    String request = message.getString("re");
    Exchange exchange = asked.get(client.name() + request);
    if (exchange == null || message.getString("t").equals("LOCK_QUEUED")) {
      return;
    }
    exchange.returned = System.nanoTime();
    exchange.result = message;
    if (wish(exchange.type, exchange.arguments).isPresent()) {
      note(client, new Entry.Answered(client.name(), request, answer(message)));
    }
  }

  private void note(Client client, Entry entry) {
    histories.computeIfAbsent(client.room(), unknown -> new History()).note(entry);
  }

  private static Optional<Wish> wish(String type, JsonObject payload) {
    return switch (type) {
      case "LOCK_ACQUIRE" -> Optional.of(new Wish.Lock(blocks(payload)));
      case "LOCK_RELEASE" -> Optional.of(new Wish.Release(blocks(payload)));
      case "COMMIT" ->
          Optional.of(
              new Wish.Commit(
                  Optional.of(payload.getString("cid")),
                  payload.getString("blockId"),
                  payload.getJsonArray("events").toString()));
      default -> Optional.empty();
    };
  }

  private static Answer answer(JsonObject message) {
    JsonObject payload = message.getJsonObject("payload");
    return switch (message.getString("t")) {
      case "LOCK_GRANTED" -> {
        long token = payload.getJsonNumber("token").longValue();
        yield new Answer.Granted(
            blocks(payload).stream().collect(Collectors.toMap(block -> block, block -> token)));
      }
      case "COMMIT_ACK" ->
          new Answer.Applied(
              payload.getJsonNumber("seq").longValue(), payload.getBoolean("duplicate"));
      case "OK" -> new Answer.Done();
      default -> {
        String code = payload.getString("code");
        yield new Answer.Refused(
            code, !payload.getBoolean("retryable", code.endsWith("_UNAVAILABLE")));
      }
    };
  }

  private static Entry shown(Client client, JsonObject payload) {
    JsonObject details = payload.getJsonObject("lockDetails");
    Map<String, Hold> locks = new HashMap<>();
    payload
        .getJsonObject("locks")
        .forEach((block, owner) ->
            locks.put(
                block,
                new Hold(
                    ((JsonString) owner).getString(),
                    details.getJsonObject(block).getJsonNumber("token").longValue())));
    return new Entry.Shown(
        client.name(),
        payload.getString("clientId", client.id()),
        true,
        payload.getJsonNumber("seq").longValue(),
        Optional.empty(),
        payload.getJsonArray("commits").getValuesAs(JsonObject.class).stream()
            .map(Recorder::row)
            .toList(),
        locks,
        Map.of());
  }

  private static Row row(JsonObject commit) {
    return new Row(
        commit.getJsonNumber("seq").longValue(),
        commit.getString("by"),
        Optional.ofNullable(commit.getString("cid", null)),
        commit.getString("blockId"),
        commit.getJsonArray("events").toString());
  }

  private static List<String> blocks(JsonObject payload) {
    return payload.getJsonArray("blockIds").getValuesAs(JsonString.class).stream()
        .map(JsonString::getString)
        .toList();
  }

  /**
   * Judges everything that was seen in a room.
   *
   * @param stored its log
   * @param isAtRest whether all who are connected must know everything
   */
  public synchronized void check(String room, List<Row> stored, boolean isAtRest) {
    // When a commit was stored nobody saw; that what is shown is stored is judged all the same.
    List<Entry> history =
        Stream.concat(
                stored.stream().map(Entry.Stored::new),
                Stream.concat(
                    histories.getOrDefault(room, new History()).entries().stream(),
                    isAtRest ? Stream.of(new Entry.AtRest()) : Stream.empty()))
            .toList();
    List<Violation> violations = new ArrayList<>(HistoryChecker.check(history));
    violations.addAll(HistoryChecker.checkLocks(history));
    if (!violations.isEmpty()) {
      keep();
    }
    assertThat(violations).as("%s, seed %d, room %s; see %s", name, seed, room, KEPT).isEmpty();
  }

  /** How many requests and messages there were. */
  public synchronized int size() {
    return exchanges.size();
  }

  /** Keeps all that was seen. */
  public synchronized void keep() {
    try {
      Files.createDirectories(KEPT);
      Files.write(
          KEPT.resolve("%s-%d.jsonl".formatted(name, seed)),
          exchanges.stream().map(exchange -> exchange.line(seed)).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
