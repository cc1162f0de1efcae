package io.blockroom.architecture.planted.fakes;

import io.blockroom.architecture.planted.application.port.out.Rooms;

/** A twin as it should be called. */
public final class InMemoryRooms implements Rooms {
  @Override
  public int count() {
    return 0;
  }
}
