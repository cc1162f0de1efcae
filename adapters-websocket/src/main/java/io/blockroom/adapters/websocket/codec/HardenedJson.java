package io.blockroom.adapters.websocket.codec;

import jakarta.json.Json;
import jakarta.json.bind.Jsonb;
import jakarta.json.stream.JsonParserFactory;
import java.io.Reader;
import java.io.StringReader;
import java.util.Map;

/**
 * Makes every JSON parser of the wire format. What the parser itself lets pass is refused here or
 * by {@link JsonCursor}: text that is not Unicode, U+0000, doubled keys, numbers that no double
 * holds. Safe for use by many threads.
 */
final class HardenedJson {
  /** UTF-16 units that a text may have. */
  static final int MAX_LENGTH = 1024 * 1024;

  /** The parser counts some characters twice. */
  private static final int MAX_STEPS = 4 * MAX_LENGTH;

  /** The same for a whole room, read as a stream; whoever opens one bounds it as well. */
  private static final int MAX_STREAM_STEPS = 1 << 30;

  private final JsonParserFactory parsers = parsers(MAX_STEPS);
  private final JsonParserFactory streams = parsers(MAX_STREAM_STEPS);

  /**
   * Opens a text for reading.
   *
   * @param depth how many objects and arrays of the message enclose the text
   * @throws MalformedMessage if the text is too long or not Unicode
   */
  JsonCursor open(String text, int depth) {
    if (text.length() > MAX_LENGTH) {
      throw new MalformedMessage(ErrorCode.TOO_LARGE);
    }
    if (!isUnicode(text)) {
      throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
    }
    return new JsonCursor(text, parsers.createParser(new StringReader(text)), depth);
  }

  /**
   * Opens a long text that is not yet here, to be read value by value; its values must be checked
   * one by one for what {@link #open} refuses.
   */
  JsonCursor stream(Reader text) {
    return new JsonCursor("", streams.createParser(text), 0);
  }

  /** Binds a text that a cursor went through before and found nothing wrong with. */
  static <T> T bind(Jsonb jsonb, String checked, Class<T> type) {
    return jsonb.fromJson(checked, type);
  }

  private static JsonParserFactory parsers(int maxSteps) {
    return Json.createParserFactory(
        Map.of(
            // A second net: the cursor counts too, and stops earlier.
            "org.eclipse.parsson.maxDepth",
            JsonCursor.MAX_DEPTH + JsonCursor.MAX_CONTENT_DEPTH + 2,
            "org.eclipse.parsson.maxParsingLimit",
            maxSteps,
            "org.eclipse.parsson.maxBigDecimalLength",
            JsonCursor.MAX_NUMBER_LENGTH,
            "org.eclipse.parsson.maxBigIntegerScale",
            JsonCursor.MAX_NUMBER_LENGTH));
  }

  /**
   * Whether a JSON text has no lone surrogate and no U+0000, written as such or as an escape: the
   * one cannot be sent on as UTF-8, the other cannot be stored. A pair of one surrogate as such and
   * one as an escape counts as two lone ones.
   */
  private static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
        if (i < text.length() && text.charAt(i) == 'u') {
          int unit = escapedUnit(text, i - 1);
          if (unit <= 0 || Character.isLowSurrogate((char) unit)) {
            return false;
          }
          i += 4;
          if (Character.isHighSurrogate((char) unit)) {
            int second = escapedUnit(text, i + 1);
            if (second < 0 || !Character.isLowSurrogate((char) second)) {
              return false;
            }
            i += 6;
          }
        }
      } else if (Character.isSurrogate(c)) {
        i++;
        if (Character.isLowSurrogate(c)
            || i == text.length()
            || !Character.isLowSurrogate(text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }

  /** The UTF-16 unit of the escape that begins at the given place, or -1 if there is none. */
  private static int escapedUnit(String text, int start) {
    if (start + 6 > text.length() || text.charAt(start) != '\\' || text.charAt(start + 1) != 'u') {
      return -1;
    }
    int unit = 0;
    for (int i = start + 2; i < start + 6; i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }
}
