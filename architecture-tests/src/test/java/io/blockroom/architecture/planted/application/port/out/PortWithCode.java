package io.blockroom.architecture.planted.application.port.out;

/** A port that is a class. */
public final class PortWithCode {
  public int count() {
    return 0;
  }
}
