package io.blockroom.architecture.planted.adapters.postgres;

/** Nothing wrong with it. */
public final class Shelf {
  /** Somebody else's for the taking. */
  public static final int SIZE = "shelf".length();
}
