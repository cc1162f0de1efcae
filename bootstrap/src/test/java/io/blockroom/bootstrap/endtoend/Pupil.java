package io.blockroom.bootstrap.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client, of the seed protocol or of v1, that writes down all it hears, in order. */
public final class Pupil implements WebSocket.Listener {
  private static final String V1 = "blockroom.v1";

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final LinkedBlockingQueue<JsonObject> unread = new LinkedBlockingQueue<>();
  private final List<JsonObject> heard = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final Map<String, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final WebSocket socket;

  private Pupil(URI uri, String... protocols) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (protocols.length > 0) {
      builder.subprotocols(protocols[0], Arrays.copyOfRange(protocols, 1, protocols.length));
    }
    socket = builder.buildAsync(uri, this).join();
  }

  /** Connects, whatever comes of it. */
  public static Pupil connect(int port, String room, String nickname) {
    return new Pupil(address(port, room, nickname));
  }

  private static URI address(int port, String room, String nickname) {
    return URI.create(
        "ws://127.0.0.1:%d/ws/workspace/%s/?nickname=%s"
            .formatted(port, encoded(room), encoded(nickname)));
  }

  /** Connects as a client of v1 and reads the state of the room. */
  public static Pupil enterV1(int port, String room, String nickname) {
    Pupil pupil = new Pupil(address(port, room, nickname), V1);
    assertThat(pupil.next().getString("t")).isEqualTo("INIT_STATE");
    return pupil;
  }

  /**
   * Comes back as a client of v1 and reads the first answer.
   *
   * @param before what this client was before
   * @param pending the names of its commits that it has no answer to
   */
  public static Pupil resume(int port, String room, Pupil before, long lastSeq, String... pending) {
    Pupil pupil = new Pupil(address(port, room, "Again"), V1, "resume." + before.resumeToken());
    JsonObject payload =
        Json.createObjectBuilder()
            .add("epoch", before.payload(0).getString("epoch"))
            .add("lastSeq", lastSeq)
            .add("pending", Json.createArrayBuilder(Arrays.asList(pending)))
            .build();
    pupil.send("RESUME", payload);
    assertThat(pupil.next().getString("t")).isIn("RESUMED", "SYNC");
    return pupil;
  }

  public String resumeToken() {
    return payload(0).getString("resumeToken");
  }

  /** What the message of that place told, the first being 0. */
  public JsonObject payload(int place) {
    return heard().get(place).getJsonObject("payload");
  }

  /** Sends a request of v1 and returns its id. */
  public String send(String type, JsonObject payload) {
    String id = "r" + asked.incrementAndGet();
    sayRaw(
        Json.createObjectBuilder()
            .add("t", type)
            .add("id", id)
            .add("payload", payload)
            .build()
            .toString());
    return id;
  }

  /** Sends a request of v1 and waits for its answer, past which nothing is read. */
  public JsonObject ask(String type, JsonObject payload) {
    String id = send(type, payload);
    return answerTo(id);
  }

  /** The answer to a request of v1. */
  public JsonObject answerTo(String id) {
    return answer(id).orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  private CompletableFuture<JsonObject> answer(String id) {
    return answers.computeIfAbsent(id, unknown -> new CompletableFuture<>());
  }

  /** Locks a block as a client of v1 and returns the token. */
  public long lockV1(String block) {
    JsonObject answer =
        ask("LOCK_ACQUIRE", Json.createObjectBuilder().add("blockId", block).build());
    assertThat(answer.getString("t")).as("%s", answer).isEqualTo("LOCK_GRANTED");
    return answer.getJsonObject("payload").getJsonNumber("token").longValue();
  }

  /** The body of a commit of v1 that moves a block. */
  public static JsonObjectBuilder move(String block, String cid) {
    return Json.createObjectBuilder()
        .add("blockId", block)
        .add("cid", cid)
        .add(
            "events",
            Json.createArrayBuilder()
                .add(
                    Json.createObjectBuilder()
                        .add("type", "move")
                        .add("blockId", block)
                        .add("by", cid)));
  }

  /** The numbers of the commits that were told one by one, in the order in which they came. */
  public List<Long> seqsHeard() {
    return heard().stream()
        .filter(message -> message.getString("t").equals("COMMIT_APPLY"))
        .map(message -> message.getJsonObject("payload"))
        .filter(payload -> payload.containsKey("seq"))
        .map(payload -> payload.getJsonNumber("seq").longValue())
        .toList();
  }

  /** Connects and reads the state of the room. */
  public static Pupil enter(int port, String room, String nickname) {
    Pupil pupil = connect(port, room, nickname);
    assertThat(pupil.next().getString("t")).isEqualTo("INIT_STATE");
    return pupil;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public String id() {
    return heard().getFirst().getJsonObject("payload").getString("clientId");
  }

  public void say(String type, String payload) {
    sayRaw("{\"t\":\"" + type + "\",\"payload\":" + payload + "}");
  }

  public void sayRaw(String message) {
    socket.sendText(message, true).join();
  }

  public void lock(String block) {
    say("LOCK_ACQUIRE", Json.createObjectBuilder().add("blockId", block).build().toString());
  }

  /** The next message. */
  public JsonObject next() {
    try {
      JsonObject message = unread.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(message).as("the next message; heard so far: %s", heard()).isNotNull();
      return Objects.requireNonNull(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Reads on to the next message of a type and returns its payload. */
  public JsonObject awaits(String type) {
    return awaits(type, payload -> true);
  }

  /** Reads on to the next message of a type whose payload fits, and returns the payload. */
  public JsonObject awaits(String type, Predicate<JsonObject> fits) {
    while (true) {
      JsonObject message = next();
      if (message.getString("t").equals(type) && fits.test(message.getJsonObject("payload"))) {
        return message.getJsonObject("payload");
      }
    }
  }

  /** Reads on to the release of a block. */
  public void awaitsRelease(String block) {
    awaits("LOCK_UPDATE", p -> p.getString("blockId").equals(block) && p.isNull("owner"));
  }

  /** Reads on to somebody's grant of a block. */
  public void awaitsLock(String block, String owner) {
    awaits(
        "LOCK_UPDATE",
        p -> p.getString("blockId").equals(block) && owner.equals(p.getString("owner", null)));
  }

  /** Reads on to the grant or the denial of a block that was asked for. */
  public JsonObject awaitsAnswer(String block) {
    while (true) {
      JsonObject message = next();
      JsonObject payload = message.getJsonObject("payload");
      if (block.equals(payload.getString("blockId", ""))
          && (message.getString("t").equals("LOCK_DENIED")
              || (message.getString("t").equals("LOCK_UPDATE")
                  && id().equals(payload.getString("owner", ""))))) {
        return message;
      }
    }
  }

  /** All messages so far, in order. */
  public List<JsonObject> heard() {
    synchronized (heard) {
      return List.copyOf(heard);
    }
  }

  /** The code that the connection was closed with; 1006 if it broke. */
  public int closeCode() {
    return closed.orTimeout(PATIENCE.toMillis() * 4, TimeUnit.MILLISECONDS).join();
  }

  /** Waits until it is in or out; true if it is in. */
  public boolean isWelcome() {
    await().atMost(PATIENCE).until(() -> closed.isDone() || !heard().isEmpty());
    return !closed.isDone();
  }

  public boolean isConnected() {
    return !closed.isDone();
  }

  public void leave() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
  }

  /** Ends the connection without a word. */
  public void vanish() {
    socket.abort();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      JsonObject message = parse(text.toString());
      text.setLength(0);
      synchronized (heard) {
        heard.add(message);
      }
      unread.add(message);
      if (message.containsKey("re")) {
        answer(message.getString("re")).complete(message);
      }
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closed.complete(1006);
  }

  public static JsonObject parse(String json) {
    try (JsonReader reader = Json.createReader(new StringReader(json))) {
      return reader.readObject();
    }
  }
}
