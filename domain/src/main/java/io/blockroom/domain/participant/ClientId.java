package io.blockroom.domain.participant;

import java.util.regex.Pattern;

/**
 * Names one participant's session for as long as it lasts; never used again for another.
 *
 * @param value 1 to 64 letters, digits or hyphens
 */
public record ClientId(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9-]{1,64}");

  public ClientId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a client id: " + value);
    }
  }

  public static boolean isValid(String value) {
    return FORM.matcher(value).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
