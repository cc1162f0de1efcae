package io.blockroom.adapters.postgres;

/** What PostgreSQL can keep as text. */
final class Text {
  private Text() {}

  /**
   * Refuses a text that would not come back as it is: PostgreSQL has no U+0000, and the driver
   * silently writes a question mark for half a surrogate pair. Neither occurs in XML.
   */
  static void requireStorable(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("text with U+0000");
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          throw new IllegalArgumentException("text with half a surrogate pair");
        }
        i++;
      }
    }
  }
}
