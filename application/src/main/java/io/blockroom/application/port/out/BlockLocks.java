package io.blockroom.application.port.out;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomId;
import java.util.List;
import java.util.Set;

/**
 * The locks on blocks, seen the same by all servers. A lock lives as long as its owner's seat; it
 * does not expire under a live owner.
 *
 * <p>Every method throws {@link CoordinationUnavailable} when there is no answer within 3 s; an
 * acquisition may then have happened all the same, and is broadcast if it has.
 */
public interface BlockLocks {
  /**
   * Locks all blocks of the request or none, in one step that also broadcasts {@code BlockLocked}
   * for each block that was free, in the order of the request. A block that the asker holds already
   * stays theirs and is not broadcast again.
   *
   * <p>A lock whose owner's server is dead is no obstacle: its end is broadcast first.
   */
  LockOutcome acquire(RoomId room, ClientId asker, LockRequest request);

  /**
   * The locks in force on the given blocks, in their order, and whether the asker still has a seat.
   */
  Inspection inspect(RoomId room, ClientId asker, Set<BlockId> blocks);

  /** What became of the wish for locks. */
  sealed interface LockOutcome {
    /**
     * All wanted blocks are the asker's.
     *
     * @param asOf the room's revision after the step
     * @param heldBefore those that had been theirs before
     */
    record Granted(Revision asOf, Set<BlockId> heldBefore) implements LockOutcome {
      public Granted {
        heldBefore = Set.copyOf(heldBefore);
      }
    }

    /**
     * Somebody else holds a wanted block; nothing changed for the asker.
     *
     * @param asOf the room's revision after the step
     * @param conflicts the locks in the way, in the order of the request; not empty
     */
    record Denied(Revision asOf, List<BlockLock> conflicts) implements LockOutcome {
      public Denied {
        conflicts = List.copyOf(conflicts);
      }
    }

    /** The asker has no seat any more; nothing changed. */
    record SeatLost() implements LockOutcome {}
  }

  /** What an inspection found. */
  sealed interface Inspection {
    /**
     * The asker has a seat.
     *
     * @param asOf the room's revision at that moment
     * @param locks the locks in force on the given blocks, the asker's own among them
     */
    record Locks(Revision asOf, List<BlockLock> locks) implements Inspection {
      public Locks {
        locks = List.copyOf(locks);
      }
    }

    /** The asker has no seat any more. */
    record SeatLost() implements Inspection {}
  }
}
