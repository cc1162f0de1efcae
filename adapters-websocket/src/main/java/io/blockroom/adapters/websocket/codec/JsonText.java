package io.blockroom.adapters.websocket.codec;

import io.blockroom.domain.block.BlockId;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;

/** A JSON text that grows from left to right; commas set themselves. */
final class JsonText {
  /** Up to here every whole number has a double of its own. */
  private static final double MAX_WHOLE = 1L << 53;

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final StringBuilder text;

  JsonText(int expectedLength) {
    this.text = new StringBuilder(expectedLength);
  }

  JsonText open(char bracket) {
    separate();
    text.append(bracket);
    return this;
  }

  JsonText close(char bracket) {
    text.append(bracket);
    return this;
  }

  /** Begins a field; its value follows. */
  JsonText field(String name) {
    string(name);
    text.append(':');
    return this;
  }

  JsonText string(String value) {
    separate();
    text.append('"');
    int clean = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (needsEscape(c)) {
        text.append(value, clean, i);
        escape(c);
        clean = i + 1;
      }
    }
    text.append(value, clean, value.length()).append('"');
    return this;
  }

  JsonText number(long value) {
    separate();
    text.append(value);
    return this;
  }

  /** A number that need not be whole, but is finite. */
  JsonText number(double value) {
    return value == Math.rint(value) && Math.abs(value) <= MAX_WHOLE
        ? number((long) value)
        : verbatim(Double.toString(value));
  }

  JsonText flag(boolean value) {
    return verbatim(value ? "true" : "false");
  }

  /** The name of a constant as the protocol writes it. */
  JsonText word(Enum<?> constant) {
    return string(constant.name().toLowerCase(Locale.ROOT));
  }

  JsonText blocks(Collection<BlockId> blocks) {
    open('[');
    blocks.forEach(block -> string(block.value()));
    return close(']');
  }

  JsonText nothing() {
    return verbatim("null");
  }

  /** A value that is JSON already. */
  JsonText verbatim(String json) {
    separate();
    text.append(json);
    return this;
  }

  byte[] toUtf8() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void separate() {
    if (!text.isEmpty() && "{[:".indexOf(text.charAt(text.length() - 1)) < 0) {
      text.append(',');
    }
  }

  /** U+2028 and U+2029 may stand in JSON, but end a line in older JavaScript. */
  private static boolean needsEscape(char c) {
    return c < ' ' || c == '"' || c == '\\' || c == '\u2028' || c == '\u2029';
  }

  private void escape(char c) {
    text.append('\\');
    switch (c) {
      case '"', '\\' -> text.append(c);
      case '\n' -> text.append('n');
      case '\r' -> text.append('r');
      case '\t' -> text.append('t');
      default ->
          text.append('u')
              .append(HEX[c >> 12])
              .append(HEX[c >> 8 & 15])
              .append(HEX[c >> 4 & 15])
              .append(HEX[c & 15]);
    }
  }
}
