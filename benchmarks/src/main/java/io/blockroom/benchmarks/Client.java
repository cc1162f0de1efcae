package io.blockroom.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A v1 client that waits for the answers to its requests and passes over everything else. */
final class Client implements WebSocket.Listener, AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int PATIENCE_SECONDS = 60;

  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;

  /** Connects and waits for the state of the room. */
  Client(int port, String room) {
    socket =
        HTTP.newWebSocketBuilder()
            .subprotocols("blockroom.v1")
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws/workspace/" + room + "/"), this)
            .join();
    await();
  }

  /** Commits an edit of a block that nobody else touches, and waits until it is acknowledged. */
  void commit(String block, String cid) {
    socket
        .sendText(
            """
            {"t":"COMMIT","id":"r","payload":{"blockId":"%1$s","cid":"%2$s","events":\
            [{"type":"move","blockId":"%1$s","newCoordinate":"120,80","group":"%2$s"}]}}\
            """
                .formatted(block, cid),
            true)
        .join();
    String answer = await();
    if (!answer.contains("COMMIT_ACK")) {
      throw new IllegalStateException(answer);
    }
  }

  /** Locks blocks, all or none. */
  void lock(List<String> blocks) {
    String list = blocks.stream().map("\"%s\""::formatted).collect(Collectors.joining(","));
    socket
        .sendText(
            """
            {"t":"LOCK_ACQUIRE","id":"r","payload":{"blockId":"%s","blockIds":[%s]}}\
            """
                .formatted(blocks.getFirst(), list),
            true)
        .join();
    String answer = await();
    if (!answer.contains("LOCK_GRANTED")) {
      throw new IllegalStateException(answer);
    }
  }

  private String await() {
    try {
      String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new IllegalStateException("no answer");
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      if (text.indexOf("\"re\":") >= 0 || text.indexOf("\"INIT_STATE\"") >= 0) {
        answers.add(text.toString());
      }
      text.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public void close() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
  }
}
