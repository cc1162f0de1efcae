package io.blockroom.domain.presence;

/** Where somebody points, in workspace units; both finite. */
public record Cursor(double x, double y) {
  public Cursor {
    if (!Double.isFinite(x) || !Double.isFinite(y)) {
      throw new IllegalArgumentException("not a place: " + x + ", " + y);
    }
  }
}
