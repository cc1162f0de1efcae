package io.blockroom.architecture.planted.adapters.websocket.codec;

import jakarta.json.Json;
import jakarta.json.stream.JsonParserFactory;
import java.util.Map;

/** The one place for JSON parser factories. */
public final class HardenedJson {
  public JsonParserFactory factory() {
    return Json.createParserFactory(Map.of());
  }
}
