package io.blockroom.architecture.planted.adapters.websocket;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.StringReader;

/** Takes a JSON parser as it comes. */
public final class ConnectionThatReadsJson {
  public JsonReader reader(String text) {
    return Json.createReader(new StringReader(text));
  }
}
