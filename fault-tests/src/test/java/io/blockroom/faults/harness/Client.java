package io.blockroom.faults.harness;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of {@code blockroom.v1}, light enough for hundreds, of which everything is recorded. */
public final class Client implements WebSocket.Listener {
  /** What a request is answered with whose connection ends first. */
  public static final JsonObject CLOSED =
      Json.createObjectBuilder()
          .add("t", "CLOSED")
          .add("payload", Json.createObjectBuilder())
          .build();

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .connectTimeout(Duration.ofSeconds(20))
          .build();

  /** Made once: to look for one takes longer than to read. */
  private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final AtomicInteger NAMES = new AtomicInteger();

  /** A message, and when it came. */
  public record Heard(JsonObject message, long atNanos) {
    public String type() {
      return message.getString("t");
    }

    public JsonObject payload() {
      return message.getJsonObject("payload");
    }
  }

  private final String name = "client-" + NAMES.incrementAndGet();
  private final String node;
  private final String room;
  private final Recorder recorder;
  private final StringBuilder text = new StringBuilder();
  private final List<Heard> heard = new ArrayList<>();
  private final Map<String, CompletableFuture<JsonObject>> open = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final CompletableFuture<Boolean> welcome = new CompletableFuture<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final CompletableFuture<WebSocket> socket;

  private Client(Recorder recorder, String node, int port, String room) {
    this.recorder = recorder;
    this.node = node;
    this.room = room;
    recorder.opened(this);
    socket =
        HTTP.newWebSocketBuilder()
            .subprotocols("blockroom.v1")
            .connectTimeout(PATIENCE)
            .buildAsync(
                URI.create(
                    "ws://127.0.0.1:%d/ws/workspace/%s/?nickname=%s".formatted(port, room, name)),
                this);
    var _ =
        socket.whenComplete((connected, failed) -> {
          if (failed != null) {
            end(1006);
          }
        });
  }

  /** Begins to join, and does not wait for what comes of it. */
  public static Client knock(Recorder recorder, String node, int port, String room) {
    return new Client(recorder, node, port, room);
  }

  /** Waits until it is in or out; true if it is in. */
  public boolean isIn() {
    return welcome.completeOnTimeout(false, PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** What names this connection in the record. */
  public String name() {
    return name;
  }

  public String node() {
    return node;
  }

  public String room() {
    return room;
  }

  /** Who it is in the room. */
  public String id() {
    return heard().getFirst().payload().getString("clientId");
  }

  /** Asks for something; the future always comes to an end. */
  public CompletableFuture<JsonObject> ask(String type, JsonObjectBuilder payload) {
    String id = "r" + asked.incrementAndGet();
    JsonObject body = payload.build();
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    open.put(id, answer);
    recorder.asked(this, id, type, body);
    if (closed.isDone()) {
      answer.complete(CLOSED);
    } else {
      String message =
          Json.createObjectBuilder()
              .add("t", type)
              .add("id", id)
              .add("payload", body)
              .build()
              .toString();
      socket
          .thenCompose(it -> it.sendText(message, true))
          .exceptionally(broken -> {
            end(1006);
            return null;
          });
    }
    return answer.completeOnTimeout(CLOSED, PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Asks for blocks, all or none. */
  public CompletableFuture<JsonObject> lock(List<String> blocks) {
    return ask(
        "LOCK_ACQUIRE",
        Json.createObjectBuilder()
            .add("blockId", blocks.getFirst())
            .add("blockIds", Json.createArrayBuilder(blocks)));
  }

  public CompletableFuture<JsonObject> release(String block) {
    return ask(
        "LOCK_RELEASE",
        Json.createObjectBuilder().add("blockIds", Json.createArrayBuilder(List.of(block))));
  }

  /** Moves a block, and lets it go. */
  public CompletableFuture<JsonObject> commit(String block, String cid) {
    return ask(
        "COMMIT",
        Json.createObjectBuilder()
            .add("blockId", block)
            .add("cid", cid)
            .add(
                "events",
                Json.createArrayBuilder()
                    .add(
                        Json.createObjectBuilder()
                            .add("type", "move")
                            .add("blockId", block)
                            .add("by", cid))));
  }

  /** Everything so far, in order. */
  public List<Heard> heard() {
    synchronized (heard) {
      return List.copyOf(heard);
    }
  }

  /** Of all that came, what is of a type and fits. */
  public List<Heard> heard(String type, Predicate<JsonObject> fits) {
    return heard().stream()
        .filter(each -> each.type().equals(type) && fits.test(each.payload()))
        .toList();
  }

  /** The ends of locks that it was told. */
  public List<Heard> ends() {
    return heard("LOCK_UPDATE", payload -> payload.isNull("owner"));
  }

  public boolean isConnected() {
    return !closed.isDone();
  }

  /** The code with which it was closed, 1006 if the connection broke, 0 if it is open. */
  public int closeCode() {
    return closed.getNow(0);
  }

  public void leave() {
    if (isConnected()) {
      socket
          .thenCompose(it -> it.sendClose(WebSocket.NORMAL_CLOSURE, ""))
          .exceptionally(gone -> null);
      end(WebSocket.NORMAL_CLOSURE);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      hear(parse(text.toString()));
      text.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    end(code);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    end(1006);
  }

  private void hear(JsonObject message) {
    if (closed.isDone()) {
      return;
    }
    synchronized (heard) {
      heard.add(new Heard(message, System.nanoTime()));
    }
    recorder.told(this, message);
    welcome.complete(true);
    if (message.containsKey("re") && !message.getString("t").equals("LOCK_QUEUED")) {
      CompletableFuture<JsonObject> answer = open.remove(message.getString("re"));
      if (answer != null) {
        answer.complete(message);
      }
    }
  }

  private void end(int code) {
    if (closed.complete(code)) {
      recorder.closed(this);
      welcome.complete(false);
      open.values().forEach(answer -> answer.complete(CLOSED));
    }
  }

  private static JsonObject parse(String json) {
    try (JsonReader reader = READERS.createReader(new StringReader(json))) {
      return reader.readObject();
    }
  }
}
