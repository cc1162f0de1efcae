package io.blockroom.architecture.planted.adapters.postgres;

import java.util.function.Consumer;

/** Prints a stack trace. */
public final class StoreThatPrintsItsTraces {
  public Consumer<Throwable> onFailure() {
    return Throwable::printStackTrace;
  }
}
