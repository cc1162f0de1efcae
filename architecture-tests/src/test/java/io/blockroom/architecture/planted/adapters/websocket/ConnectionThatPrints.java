package io.blockroom.architecture.planted.adapters.websocket;

/** Prints. */
public final class ConnectionThatPrints {
  public void welcome() {
    System.err.println("somebody came");
  }
}
