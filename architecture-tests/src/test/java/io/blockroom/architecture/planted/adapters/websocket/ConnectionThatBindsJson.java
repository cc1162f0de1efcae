package io.blockroom.architecture.planted.adapters.websocket;

import jakarta.json.bind.Jsonb;

/** Lets a library read what a client sent, without limits. */
public final class ConnectionThatBindsJson {
  public Object read(Jsonb jsonb, String text) {
    return jsonb.fromJson(text, Object.class);
  }
}
