package io.blockroom.bootstrap.settings;

import java.util.Locale;
import java.util.function.Function;

/**
 * One thing that can be set: its name, what stands when nobody sets it, what is allowed and what it
 * means.
 *
 * @param standard the text that is read when nobody gives one; empty when there is none
 * @param allowed the allowed values in words, completing "must be …"
 * @param secret whether a value may never be shown, not even a wrong one
 * @param reading from the text to the value; an {@link IllegalArgumentException} refuses the text
 */
public record Setting<T>(
    String name,
    String standard,
    String allowed,
    String meaning,
    boolean secret,
    Function<String, T> reading) {

  /** The name of the environment variable that sets it. */
  public String variable() {
    return "BLOCKROOM_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The flag that sets it. */
  public String flag() {
    return "--" + name;
  }

  boolean isSwitch() {
    return standard.equals("true") || standard.equals("false");
  }
}
