package io.blockroom.adapters.websocket.connection;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A message that is given in parts: it is sent as one frame at its end, since two senders must not
 * interleave fragments (RFC 6455 section 5.4).
 */
final class PartialMessage {

  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** The whole text, if this was its last part. */
  synchronized @Nullable String append(String part, boolean last) {
    if (last && text.isEmpty()) {
      return part;
    }
    text.append(part);
    if (!last) {
      return null;
    }
    String whole = text.toString();
    text.setLength(0);
    return whole;
  }

  /** The whole message, if this was its last part. */
  synchronized byte @Nullable [] append(byte[] part, boolean last) {
    if (last && bytes.size() == 0) {
      return part;
    }
    bytes.writeBytes(part);
    if (!last) {
      return null;
    }
    byte[] whole = bytes.toByteArray();
    bytes.reset();
    return whole;
  }
}
