package io.blockroom.architecture.planted.bootstrap;

import io.blockroom.architecture.planted.adapters.websocket.WellBehavedConnection;

/** Makes what only the bootstrap may make. */
public final class Main {
  public void greet() {
    new WellBehavedConnection(command -> {}).enter();
  }
}
