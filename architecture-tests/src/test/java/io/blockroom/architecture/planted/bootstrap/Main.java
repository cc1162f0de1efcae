package io.blockroom.architecture.planted.bootstrap;

import io.blockroom.architecture.planted.adapters.websocket.WellBehavedConnection;

/** Speaks to whoever started it. */
public final class Main {
  public void greet() {
    System.out.println("listening");
    new WellBehavedConnection(command -> {}).enter();
  }
}
