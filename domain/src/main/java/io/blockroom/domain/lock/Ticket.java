package io.blockroom.domain.lock;

import java.util.regex.Pattern;

/**
 * Names one place in the line for blocks; never used again for another.
 *
 * @param value 1 to 64 letters, digits or hyphens
 */
public record Ticket(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9-]{1,64}");

  public Ticket {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a ticket: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
