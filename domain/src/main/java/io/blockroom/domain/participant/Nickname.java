package io.blockroom.domain.participant;

import java.text.BreakIterator;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * The name that a participant chose to be seen under: text for display, never markup, never an
 * identity.
 *
 * @param value NFC, 1 to {@value #MAX_GRAPHEMES} graphemes, no control or bidirectional formatting
 *     characters, at most {@value #MAX_MARKS} combining marks on one base
 */
public record Nickname(String value) {
  /** User-perceived characters (UAX #29) that a nickname may have. */
  public static final int MAX_GRAPHEMES = 32;

  /** Combining marks that may follow one base character. */
  public static final int MAX_MARKS = 4;

  /** No more of a raw nickname than this many UTF-16 units is looked at. */
  private static final int MAX_RAW_LENGTH = 4096;

  public Nickname {
    if (!value.equals(clean(value)) || value.isEmpty()) {
      throw new IllegalArgumentException("not a nickname: " + value);
    }
  }

  /** Makes a nickname of whatever was sent, or nothing when nothing visible is left of it. */
  public static Optional<Nickname> of(String raw) {
    String cleaned = clean(raw);
    return cleaned.isEmpty() ? Optional.empty() : Optional.of(new Nickname(cleaned));
  }

  /** The name of someone who gave none. */
  public static Nickname ofGuest(int number) {
    return new Nickname(String.format(Locale.ROOT, "User%04d", Math.floorMod(number, 10_000)));
  }

  @Override
  public String toString() {
    return value;
  }

  private static String clean(String raw) {
    String head = raw.length() > MAX_RAW_LENGTH ? raw.substring(0, MAX_RAW_LENGTH) : raw;
    String visible = withoutExcess(Normalizer.normalize(head, Normalizer.Form.NFC));
    String cut = firstGraphemes(visible).strip();
    // Cutting and stripping may bring characters together that now compose.
    return Normalizer.isNormalized(cut, Normalizer.Form.NFC) ? cut : "";
  }

  private static String withoutExcess(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    int marks = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (isSpace(c)) {
        if (!kept.isEmpty() && kept.charAt(kept.length() - 1) != ' ') {
          kept.append(' ');
        }
        marks = 0;
      } else if (isMark(c)) {
        if (++marks <= MAX_MARKS && !kept.isEmpty()) {
          kept.appendCodePoint(c);
        }
      } else if (isVisible(c)) {
        marks = 0;
        kept.appendCodePoint(c);
      }
    }
    return kept.toString();
  }

  private static String firstGraphemes(String text) {
    BreakIterator graphemes = BreakIterator.getCharacterInstance(Locale.ROOT);
    graphemes.setText(text);
    int end = 0;
    for (int n = 0; n < MAX_GRAPHEMES; n++) {
      int next = graphemes.next();
      if (next == BreakIterator.DONE) {
        return text;
      }
      end = next;
    }
    return text.substring(0, end);
  }

  private static boolean isSpace(int c) {
    return Character.isSpaceChar(c) || Character.isWhitespace(c);
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      // U+200D joins emoji into one; every other format character is invisible or reorders text.
      case Character.FORMAT -> c == 0x200D;
      default -> true;
    };
  }
}
