package io.blockroom.domain.commit;

import java.util.regex.Pattern;

/**
 * The identity of a room's history. What a client knows of one epoch says nothing about another.
 *
 * @param value 1 to 64 letters, digits or hyphens
 */
public record Epoch(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9-]{1,64}");

  public Epoch {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not an epoch");
    }
  }

  /** Whether a text can be an epoch. */
  public static boolean isValid(String value) {
    return FORM.matcher(value).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
