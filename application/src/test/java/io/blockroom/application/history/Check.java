package io.blockroom.application.history;

import java.util.function.Consumer;

/** Watches one invariant. */
interface Check {
  /** Looks at the next entry. */
  void see(Entry entry, Consumer<String> broken);

  /** Looks back when there are no more entries. */
  default void end(Consumer<String> broken) {}
}
