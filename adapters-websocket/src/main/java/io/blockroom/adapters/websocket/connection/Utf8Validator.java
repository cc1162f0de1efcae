package io.blockroom.adapters.websocket.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Tells well-formed UTF-8 (RFC 3629 section 4) from anything else, slice by slice, and at the first
 * byte that cannot be right (RFC 6455 section 8.1). Java's own decoder would replace such bytes
 * silently.
 */
final class Utf8Validator {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080808080808080L;

  private int continuations;
  private int lowest = 0x80;
  private int highest = 0xBF;

  /** Whether the text is still well-formed, as far as it goes, after these bytes. */
  boolean accepts(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (continuations == 0) {
        i = skipAscii(bytes, i, to);
        if (i == to) {
          return true;
        }
        if (!begins(bytes[i] & 0xFF)) {
          return false;
        }
      } else if (!continues(bytes[i] & 0xFF)) {
        return false;
      }
      i++;
    }
    return true;
  }

  /** Whether no character is left unfinished. */
  boolean isBetweenCharacters() {
    return continuations == 0;
  }

  private static int skipAscii(byte[] bytes, int from, int to) {
    int i = from;
    while (i + Long.BYTES <= to && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
      i += Long.BYTES;
    }
    while (i < to && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  /**
   * The second byte of some sequences has narrower bounds: no overlong forms, surrogates, or points
   * past U+10FFFF.
   */
  private boolean begins(int lead) {
    if (lead < 0xC2 || lead > 0xF4) {
      return false;
    }
    continuations = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return true;
  }

  private boolean continues(int next) {
    if (next < lowest || next > highest) {
      return false;
    }
    lowest = 0x80;
    highest = 0xBF;
    continuations--;
    return true;
  }

  void reset() {
    continuations = 0;
    lowest = 0x80;
    highest = 0xBF;
  }
}
