package io.blockroom.architecture.planted.bootstrap;

/** Speaks to whoever started the server. */
public final class Terminal {
  public void greet() {
    System.out.println("listening");
  }
}
