package io.blockroom.architecture.planted.bootstrap;

/** Prints the new way, and is no launcher. */
public final class ServerThatPrints {
  public void welcome() {
    IO.println("somebody came");
  }
}
