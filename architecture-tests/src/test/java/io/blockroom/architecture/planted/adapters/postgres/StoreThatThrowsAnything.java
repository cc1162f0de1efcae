package io.blockroom.architecture.planted.adapters.postgres;

/** Throws what nobody can catch by name. */
public final class StoreThatThrowsAnything {
  public int count(boolean isWell) {
    if (isWell) {
      return 1;
    }
    throw new RuntimeException("something is wrong");
  }
}
