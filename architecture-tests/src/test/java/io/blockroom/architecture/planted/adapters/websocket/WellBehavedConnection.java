package io.blockroom.architecture.planted.adapters.websocket;

import io.blockroom.architecture.planted.application.port.in.EnterRoom;
import io.blockroom.architecture.planted.application.port.out.CoordinationUnavailable;
import io.blockroom.architecture.planted.application.port.out.StorageUnavailable;
import java.util.List;

/** Knows in-ports and what they throw. */
public final class WellBehavedConnection {
  private final EnterRoom enterRoom;

  public WellBehavedConnection(EnterRoom enterRoom) {
    this.enterRoom = enterRoom;
  }

  public boolean enter() {
    try {
      enterRoom.enter(new EnterRoom.Command(List.of("Ada")));
      return true;
    } catch (StorageUnavailable | CoordinationUnavailable e) {
      return false;
    }
  }
}
