package io.blockroom.adapters.websocket.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends every message back and remembers what it was told. */
class EchoListener implements WsListener {

  /** What {@code onClose} said. */
  record End(int code, String reason, boolean onReaderThread) {}

  final List<End> ends = new CopyOnWriteArrayList<>();
  final List<WebSocketSession> sessions = new CopyOnWriteArrayList<>();
  final AtomicInteger messages = new AtomicInteger();
  final AtomicInteger errors = new AtomicInteger();
  final AtomicInteger messagesAfterEnd = new AtomicInteger();
  private final ThreadLocal<Boolean> opened = ThreadLocal.withInitial(() -> false);

  @Override
  public void onOpen(WsSession session) {
    opened.set(true);
    sessions.add((WebSocketSession) session);
  }

  @Override
  public void onMessage(WsSession session, String text, boolean last) {
    count();
    session.send(text, last);
  }

  @Override
  public void onMessage(WsSession session, BufferData buffer, boolean last) {
    count();
    session.send(buffer, last);
  }

  void count() {
    messages.incrementAndGet();
    if (!ends.isEmpty()) {
      messagesAfterEnd.incrementAndGet();
    }
  }

  @Override
  public void onClose(WsSession session, int status, String reason) {
    ends.add(new End(status, reason, opened.get()));
  }

  @Override
  public void onError(WsSession session, Throwable t) {
    errors.incrementAndGet();
  }

  List<Integer> codes() {
    return ends.stream().map(End::code).toList();
  }
}
