package io.blockroom.adapters.websocket.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.websocket.WsSession;

/**
 * Helidon's session with what a room needs: shared frames, and senders that never wait.
 *
 * <p>Every method may be called from any thread and returns at once. What is sent to a session that
 * is not open any more is dropped. The listener given to {@code WsRouting} gets an instance of this
 * type in every call.
 */
public interface WebSocketSession extends WsSession {

  /** Queues a message. A peer that lets too much pile up is closed with 4009. */
  void send(TextFrame frame);

  /**
   * Queues a message whatever its size: the state a joiner starts from does not count against the
   * peer.
   */
  void sendState(TextFrame frame);

  /**
   * Queues a message that need not arrive: it is left out while much is unsent, so that it is never
   * in the way of what must arrive.
   */
  void sendHint(TextFrame frame);

  /** False from the moment the end of the connection has begun, from either side. */
  boolean isOpen();

  /** Whether it was the peer who began the end, by a close frame of its own. */
  boolean isEndedByPeer();

  /** Queues a message; one given in parts goes out in one frame when its last part is given. */
  @Override
  WebSocketSession send(String text, boolean last);

  @Override
  WebSocketSession send(BufferData bufferData, boolean last);

  @Override
  WebSocketSession ping(BufferData bufferData);

  @Override
  WebSocketSession pong(BufferData bufferData);

  /**
   * Closes behind what is queued. No message is delivered to the listener after this.
   *
   * @param code one that may stand in a close frame, else {@link IllegalArgumentException}
   * @param reason cut to 123 bytes if longer
   */
  @Override
  WebSocketSession close(int code, String reason);

  /** Closes the socket at once, without a close frame; reported as 1006. */
  @Override
  WebSocketSession terminate();
}
