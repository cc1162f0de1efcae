package io.blockroom.architecture.planted.adapters.websocket.codec;

import jakarta.json.Json;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;

/** Takes a JSON parser as it comes, beside the hardened one. */
public final class CodecThatReadsJson {
  public JsonParser parser(String text) {
    return Json.createParser(new StringReader(text));
  }
}
