package io.blockroom.application.port.in;

import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.BlockLock;
import java.util.List;
import java.util.function.Consumer;

/** Makes a participant's edit stand and tells everybody in the room. */
public interface CommitEdit {
  /**
   * Stores the commit, then broadcasts it and the releases that come with it; nobody is shown an
   * edit that is not stored. A refused commit changes nothing.
   *
   * @param reply called exactly once, in the room's order; it must return at once
   */
  void commit(Seat seat, Commit commit, Consumer<Outcome> reply);

  /** The answer to the author. */
  sealed interface Outcome {
    /** The commit stands. */
    record Applied(SequenceNumber seq) implements Outcome {}

    /**
     * Somebody else holds a touched block.
     *
     * @param conflicts the locks in the way; not empty
     */
    record Refused(List<BlockLock> conflicts) implements Outcome {
      public Refused {
        conflicts = List.copyOf(conflicts);
      }
    }

    /**
     * The storage or the coordination is away. The author's follower is sent the state of the room
     * again when both are back.
     *
     * @param locks the locks on touched blocks, as far as they are known
     */
    record Unavailable(List<BlockLock> locks) implements Outcome {
      public Unavailable {
        locks = List.copyOf(locks);
      }
    }

    /** The author is not in the room any more. */
    record SeatLost() implements Outcome {}
  }
}
