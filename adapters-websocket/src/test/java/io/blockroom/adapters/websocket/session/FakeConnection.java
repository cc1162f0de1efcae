package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.connection.TextFrame;
import io.blockroom.adapters.websocket.connection.WebSocketSession;
import io.blockroom.adapters.websocket.connection.WrittenFrame;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketContext;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection that keeps what is sent. */
final class FakeConnection implements WebSocketSession {
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final List<String> states = new CopyOnWriteArrayList<>();
  private final List<TextFrame> hints = new CopyOnWriteArrayList<>();
  private final List<String> closes = new CopyOnWriteArrayList<>();

  /** Whether so much is unsent that hints are left out. */
  boolean isBehind;

  /** Whether the client closed it. */
  boolean isEndedByPeer;

  /** Each hint sent, as its very frame. */
  List<TextFrame> hints() {
    return List.copyOf(hints);
  }

  /** Every text sent, in order. */
  List<String> sent() {
    return List.copyOf(sent);
  }

  /** Every message sent, in order. */
  List<JsonObject> messages() {
    return sent.stream().map(FakeConnection::parse).toList();
  }

  /** The types of the messages sent, in order. */
  List<String> types() {
    return messages().stream().map(message -> message.getString("t")).toList();
  }

  /** The types of those that do not count against a slow reader. */
  List<String> exemptTypes() {
    return states.stream().map(text -> parse(text).getString("t")).toList();
  }

  /** The last message. */
  JsonObject lastMessage() {
    return messages().getLast();
  }

  /** The payload of the last message. */
  JsonObject last() {
    return messages().getLast().getJsonObject("payload");
  }

  /** Each close, as code and reason. */
  List<String> closes() {
    return List.copyOf(closes);
  }

  void forget() {
    sent.clear();
  }

  private static JsonObject parse(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }

  @Override
  public void send(TextFrame frame) {
    if (isOpen()) {
      sent.add(WrittenFrame.textOf(frame));
    }
  }

  @Override
  public void sendState(TextFrame frame) {
    send(frame);
    states.add(WrittenFrame.textOf(frame));
  }

  @Override
  public void sendHint(TextFrame frame) {
    if (!isBehind) {
      send(frame);
      hints.add(frame);
    }
  }

  @Override
  public boolean isEndedByPeer() {
    return isEndedByPeer;
  }

  @Override
  public boolean isOpen() {
    return closes.isEmpty();
  }

  @Override
  public WebSocketSession close(int code, String reason) {
    if (isOpen()) {
      closes.add(code + " " + reason);
    }
    return this;
  }

  @Override
  public WebSocketSession send(String text, boolean last) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WebSocketSession send(BufferData bufferData, boolean last) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WebSocketSession ping(BufferData bufferData) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WebSocketSession pong(BufferData bufferData) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WebSocketSession terminate() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<String> subProtocol() {
    return Optional.empty();
  }

  @Override
  public SocketContext socketContext() {
    throw new UnsupportedOperationException();
  }
}
