package io.blockroom.adapters.websocket.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Why a connection ended: a code and a short text (RFC 6455 sections 7.1.5, 7.1.6 and 7.4).
 *
 * @param reason at most 123 bytes of UTF-8; a longer one is cut before the character that does not
 *     fit
 */
record CloseStatus(int code, String reason) {

  /** The peer closed without giving a code. Never on the wire. */
  static final CloseStatus NO_CODE = new CloseStatus(1005, "");

  /** The connection ended without a close frame. Never on the wire. */
  static final CloseStatus ABNORMAL = new CloseStatus(1006, "");

  static final CloseStatus INTERNAL_ERROR = new CloseStatus(1011, "internal error");
  static final CloseStatus MESSAGE_UNFINISHED = new CloseStatus(1008, "message not finished");
  static final CloseStatus TOO_SLOW = new CloseStatus(4009, "too slow");
  static final CloseStatus SILENT = new CloseStatus(4010, "silent too long");

  private static final int MAX_REASON_BYTES = 123;

  CloseStatus {
    reason = fitting(reason);
  }

  /**
   * A close code that may stand in a close frame: those of RFC 6455 section 7.4.1 and IANA's list,
   * and 3000 to 4999.
   */
  static boolean maySend(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }

  /** The payload of the close frame that says this. */
  byte[] payload() {
    if (!maySend(code)) {
      return new byte[0];
    }
    byte[] text = reason.getBytes(UTF_8);
    byte[] payload = new byte[2 + text.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, text.length);
    return payload;
  }

  private static String fitting(String reason) {
    int bytes = 0;
    for (int i = 0; i < reason.length(); ) {
      int point = reason.codePointAt(i);
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (bytes > MAX_REASON_BYTES) {
        return reason.substring(0, i);
      }
      i += Character.charCount(point);
    }
    return reason;
  }
}
