package io.blockroom.architecture.planted.adapters.websocket.codec;

import jakarta.json.Json;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;

/** A place for JSON parsers. */
public final class MessageReader {
  public JsonParser parser(String text) {
    return Json.createParser(new StringReader(text));
  }
}
