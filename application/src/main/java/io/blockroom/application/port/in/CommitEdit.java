package io.blockroom.application.port.in;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.BlockLock;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Makes a participant's edit stand and tells everybody in the room. */
public interface CommitEdit {
  /**
   * Stores the commit, then broadcasts it and the releases that come with it; nobody is shown an
   * edit that is not stored. A refused commit changes nothing. One that was offered before under
   * the same name has the same outcome again, except after {@link Outcome.Refused} and {@link
   * Outcome.Unavailable}.
   *
   * @param reply called exactly once, in the room's order; it must return at once
   */
  void commit(Seat seat, Commit commit, Consumer<Outcome> reply);

  /** The answer to the author. */
  sealed interface Outcome {
    /**
     * The commit stands.
     *
     * @param seq its number; the room's current one if it has no events
     * @param isDuplicate whether it stood already
     */
    record Applied(SequenceNumber seq, boolean isDuplicate) implements Outcome {}

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
     * The author's grant of blocks is over.
     *
     * @param blocks those; not empty
     * @param locks the locks in force on touched blocks, as far as they are known
     * @param last the room's last number; {@link SequenceNumber#NONE} if it is not known
     */
    record Fenced(Set<BlockId> blocks, List<BlockLock> locks, SequenceNumber last)
        implements Outcome {
      public Fenced {
        blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
        locks = List.copyOf(locks);
      }
    }

    /** The room wants blocks locked before they are edited, and these were not; not empty. */
    record NotHeld(Set<BlockId> blocks) implements Outcome {
      public NotHeld {
        blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
      }
    }

    /** The room is frozen. */
    record Frozen() implements Outcome {}

    /** Another commit was stored under this name. */
    record Mismatch() implements Outcome {}

    /**
     * The storage or the coordination is away; the commit may yet be stored. A follower that reads
     * XML only is shown the room again as soon as the storage can be read.
     *
     * @param locks the locks on touched blocks, as far as they are known
     */
    record Unavailable(Part part, List<BlockLock> locks) implements Outcome {
      public Unavailable {
        locks = List.copyOf(locks);
      }
    }

    /** The author is not in the room any more, or the room does not exist any more. */
    record SeatLost() implements Outcome {}
  }

  /** What can be away. */
  enum Part {
    /** What is to last cannot be read or stored. */
    STORAGE,
    /** The servers cannot agree on locks. */
    COORDINATION
  }
}
