package io.blockroom.application.port.in;

import io.blockroom.domain.block.BlockId;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Lets go of blocks without a commit, all of them or none. */
public interface ReleaseBlockLocks {
  /**
   * Lets go; everybody in the room is told.
   *
   * @param reply called exactly once, in the room's order; it must return at once
   * @throws io.blockroom.application.port.out.CoordinationUnavailable if there is no answer; {@code
   *     reply} is then not called
   */
  void release(Seat seat, Set<BlockId> blocks, Consumer<Outcome> reply);

  /** The answer to the asker. */
  sealed interface Outcome {
    /** All are free. */
    record Released() implements Outcome {}

    /**
     * Nothing changed.
     *
     * @param blocks those that the asker does not hold; not empty
     */
    record NotHeld(Set<BlockId> blocks) implements Outcome {
      public NotHeld {
        blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
      }
    }

    /** The asker is not in the room any more. */
    record SeatLost() implements Outcome {}
  }
}
