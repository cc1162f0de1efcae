package io.blockroom.architecture.planted.domain.room;

import java.time.Instant;
import java.util.function.Supplier;

/** Asks for the time, by reference. */
public final class RoomThatLooksAtItsWatch {
  public Supplier<Instant> watch() {
    return Instant::now;
  }
}
