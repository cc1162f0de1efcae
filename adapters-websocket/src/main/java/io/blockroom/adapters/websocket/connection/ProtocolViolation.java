package io.blockroom.adapters.websocket.connection;

/** The peer broke RFC 6455 or a limit: the connection fails with this status (section 7.1.7). */
final class ProtocolViolation extends Exception {

  private final transient CloseStatus status;

  ProtocolViolation(int code, String reason) {
    super(reason, null, false, false);
    this.status = new CloseStatus(code, reason);
  }

  CloseStatus status() {
    return status;
  }
}
