package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.connection.WebSocketSession;

/** Why a session ends a connection: the code and a constant text (docs/protocol.md). */
enum CloseCode {
  FLOODED(1008, "too many bad messages"),
  RESUME_EXPECTED(1008, "RESUME expected"),
  INTERNAL(1011, "internal error"),
  RESTARTING(1012, "restarting"),
  SEAT_LOST(1012, "seat lost, please reconnect"),
  TRY_LATER(1013, "try again later"),
  ROOM_FULL(4003, "room full"),
  ROOM_NOT_FOUND(4004, "no such room"),
  REPLACED(4007, "replaced by a newer connection"),
  ROOM_CLOSED(4012, "room closed");

  private final int code;
  private final String reason;

  CloseCode(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  void close(WebSocketSession connection) {
    connection.close(code, reason);
  }
}
