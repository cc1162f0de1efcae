package io.blockroom.domain.room;

import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names a room, in any script (classrooms name rooms in Korean).
 *
 * @param value NFC; 1 to 64 letters, combining marks and digits of any script, {@code _} and {@code
 *     -}
 */
public record RoomId(String value) {
  private static final Pattern FORM = Pattern.compile("[\\p{L}\\p{M}\\p{Nd}_-]{1,64}");

  public RoomId {
    if (!Normalizer.isNormalized(value, Normalizer.Form.NFC) || !FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a room id");
    }
  }

  /** The room of that name however its characters are composed, or nothing if it is ill-formed. */
  public static Optional<RoomId> of(String raw) {
    if (raw.length() > 512) {
      return Optional.empty();
    }
    String composed = Normalizer.normalize(raw, Normalizer.Form.NFC);
    return FORM.matcher(composed).matches() ? Optional.of(new RoomId(composed)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
