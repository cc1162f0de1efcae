package io.blockroom.faults.harness;

import io.blockroom.faults.harness.Client.Heard;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client as the protocol wants it: when its server goes away or the connection breaks it resumes
 * through another one, and offers again what it has no answer to.
 */
public final class Roamer {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().executor(Executors.newVirtualThreadPerTaskExecutor()).build();
  private static final ScheduledExecutorService LATER =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("roamers").factory());

  /** Made once: to look for one takes longer than to read. */
  private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long BETWEEN_TRIES_MILLIS = 200;

  private final String room;
  private final IntSupplier ports;
  private final Map<String, String> unanswered = new LinkedHashMap<>();
  private final Set<String> acked = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> locked = new LinkedHashMap<>();
  private final List<Duration> absences = new ArrayList<>();
  private final List<Heard> oddities = new ArrayList<>();
  private @Nullable Connection connection;
  private String clientId = "";
  private String token = "";
  private String epoch = "";
  private long seq;
  private int changesOfIdentity;
  private long goneAt;
  private boolean isOver;

  /**
   * @param ports where a balancer would send it now
   */
  public Roamer(String room, IntSupplier ports) {
    this.room = room;
    this.ports = ports;
    goneAt = System.nanoTime();
  }

  /** Goes in, as soon as it can. */
  public void start() {
    connect();
  }

  /** Locks a block, and keeps it. */
  public synchronized void lock(String block) {
    send("LOCK_ACQUIRE", "lock", Json.createObjectBuilder().add("blockId", block));
  }

  /** Edits a block; offers that again until it is answered. */
  public synchronized void edit(String block, String cid) {
    unanswered.put(cid, block);
    offer(block, cid);
  }

  public synchronized boolean isIn() {
    return connection != null && connection.isIn;
  }

  /** Who it is in the room. */
  public synchronized String clientId() {
    return clientId;
  }

  /** The blocks that it was granted, each under which token. */
  public synchronized Map<String, Long> locked() {
    return Map.copyOf(locked);
  }

  /** How long it was away, each time; the first is its way in. */
  public synchronized List<Duration> absences() {
    return List.copyOf(absences);
  }

  /** The commits that were acknowledged. */
  public Set<String> acked() {
    return Set.copyOf(acked);
  }

  /** The commits without an answer. */
  public synchronized Set<String> unanswered() {
    return Set.copyOf(unanswered.keySet());
  }

  /** What was answered that nobody expects of a server that is well. */
  public synchronized List<Heard> oddities() {
    return List.copyOf(oddities);
  }

  /** How often it came back as somebody else. */
  public synchronized int changesOfIdentity() {
    return changesOfIdentity;
  }

  public synchronized void leave() {
    isOver = true;
    Connection now = connection;
    connection = null;
    if (now != null) {
      now.leave();
    }
  }

  public String room() {
    return room;
  }

  private void connect() {
    boolean isFirst;
    synchronized (this) {
      if (isOver) {
        return;
      }
      isFirst = token.isEmpty();
      connection = new Connection();
    }
    connectNow(isFirst);
  }

  private void connectNow(boolean isFirst) {
    Connection fresh;
    String[] protocols;
    synchronized (this) {
      fresh = connection == null ? new Connection() : connection;
      protocols =
          isFirst
              ? new String[] {"blockroom.v1"}
              : new String[] {"blockroom.v1", "resume." + token};
    }
    WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(PATIENCE);
    builder.subprotocols(protocols[0], Arrays.copyOfRange(protocols, 1, protocols.length));
    var _ =
        builder
            .buildAsync(
                URI.create("ws://127.0.0.1:%d/ws/workspace/%s/".formatted(ports.getAsInt(), room)),
                fresh)
            .whenComplete((socket, failed) -> {
              if (failed != null) {
                fresh.end();
              } else if (!isFirst) {
                fresh.socket = socket;
                resume(fresh);
              }
            });
  }

  private synchronized void resume(Connection fresh) {
    JsonArrayBuilder pending = Json.createArrayBuilder(unanswered.keySet());
    fresh.say(
        "RESUME",
        "resume",
        Json.createObjectBuilder().add("epoch", epoch).add("lastSeq", seq).add("pending", pending));
  }

  private void offer(String block, String cid) {
    send(
        "COMMIT",
        cid,
        Json.createObjectBuilder()
            .add("blockId", block)
            .add("cid", cid)
            .add("releaseLock", false)
            .add(
                "events",
                Json.createArrayBuilder()
                    .add(
                        Json.createObjectBuilder()
                            .add("type", "move")
                            .add("blockId", block)
                            .add("by", cid))));
  }

  private void send(String type, String id, JsonObjectBuilder payload) {
    Connection now = connection;
    if (now != null && now.isIn) {
      now.say(type, id, payload);
    }
  }

  private synchronized void hear(Connection from, JsonObject message) {
    JsonObject payload = message.getJsonObject("payload");
    switch (message.getString("t")) {
      case "INIT_STATE", "RESUMED", "SYNC" -> welcome(from, payload);
      case "COMMIT_APPLY" -> seq = Math.max(seq, payload.getInt("seq", 0));
      case "LOCK_GRANTED" ->
          locked.put(payload.getString("blockId"), payload.getJsonNumber("token").longValue());
      case "COMMIT_ACK" -> {
        acked.add(payload.getString("cid"));
        unanswered.remove(payload.getString("cid"));
      }
      case "COMMIT_DENIED" -> {
        oddities.add(new Heard(message, System.nanoTime()));
        String cid = payload.getString("cid");
        if (!payload.getBoolean("retryable")) {
          unanswered.remove(cid);
        } else {
          later(BETWEEN_TRIES_MILLIS, () -> again(cid));
        }
      }
      case "LOCK_DENIED", "ERROR" -> oddities.add(new Heard(message, System.nanoTime()));
      case "GOING_AWAY" -> later(payload.getInt("reconnectAfterMs"), () -> moveOn(from));
      default -> {}
    }
  }

  private void welcome(Connection from, JsonObject payload) {
    String now = payload.getString("clientId", clientId);
    if (!clientId.isEmpty() && !now.equals(clientId)) {
      changesOfIdentity++;
    }
    clientId = now;
    token = payload.getString("resumeToken", token);
    epoch = payload.getString("epoch", epoch);
    seq = payload.getInt("seq");
    if (goneAt != 0) {
      absences.add(Meanwhile.since(goneAt));
      goneAt = 0;
    }
    from.isIn = true;
    if (payload.containsKey("acked")) {
      payload
          .getJsonObject("acked")
          .keySet()
          .forEach(cid -> {
            acked.add(cid);
            unanswered.remove(cid);
          });
    }
    Map.copyOf(unanswered).forEach((cid, block) -> offer(block, cid));
  }

  private synchronized void again(String cid) {
    String block = unanswered.get(cid);
    if (block != null) {
      offer(block, cid);
    }
  }

  /** Resumes elsewhere while the old connection still stands. */
  private void moveOn(Connection from) {
    synchronized (this) {
      if (connection != from || isOver) {
        return;
      }
      connection = null;
      goneAt = System.nanoTime();
    }
    connect();
  }

  private void ended(Connection which) {
    synchronized (this) {
      if (connection != which || isOver) {
        return;
      }
      connection = null;
      if (goneAt == 0) {
        goneAt = System.nanoTime();
      }
    }
    later(BETWEEN_TRIES_MILLIS, this::connect);
  }

  private static void later(long millis, Runnable work) {
    var _ =
        LATER.schedule(
            () -> Thread.ofVirtual().name("roamer").start(work), millis, TimeUnit.MILLISECONDS);
  }

  private final class Connection implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private volatile @Nullable WebSocket socket;
    private volatile boolean isIn;

    void say(String type, String id, JsonObjectBuilder payload) {
      WebSocket open = socket;
      if (open == null) {
        return;
      }
      String message =
          Json.createObjectBuilder()
              .add("t", type)
              .add("id", id)
              .add("payload", payload)
              .build()
              .toString();
      try {
        synchronized (this) {
          var _ = open.sendText(message, true).join();
        }
      } catch (CompletionException | IllegalStateException broken) {
        end();
      }
    }

    void leave() {
      WebSocket open = socket;
      if (open != null) {
        var _ = open.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(gone -> null);
      }
    }

    void end() {
      ended(this);
    }

    @Override
    public void onOpen(WebSocket webSocket) {
      socket = webSocket;
      webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try (JsonReader reader = READERS.createReader(new StringReader(text.toString()))) {
          hear(this, reader.readObject());
        }
        text.setLength(0);
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      end();
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      end();
    }
  }
}
