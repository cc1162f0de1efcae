package io.blockroom.architecture.planted.application.service;

/** A service as it should be. */
public final class Entrance {
  public int guests() {
    return 0;
  }
}
