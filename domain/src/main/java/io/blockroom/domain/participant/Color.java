package io.blockroom.domain.participant;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The colour in which the others see a participant.
 *
 * @param value {@code #RRGGBB}
 */
public record Color(String value) {
  private static final Pattern FORM = Pattern.compile("#[0-9A-Fa-f]{6}");

  /** The colours that are given to participants. */
  public static final List<Color> PALETTE =
      List.of(
          new Color("#FF6B6B"),
          new Color("#4ECDC4"),
          new Color("#45B7D1"),
          new Color("#FFA07A"),
          new Color("#98D8C8"),
          new Color("#F7DC6F"),
          new Color("#BB8FCE"),
          new Color("#85C1E2"),
          new Color("#F8B739"),
          new Color("#52B788"));

  public Color {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a colour: " + value);
    }
  }

  /** A colour of the palette; equal numbers give equal colours. */
  public static Color ofPalette(int number) {
    return PALETTE.get(Math.floorMod(number, PALETTE.size()));
  }
}
