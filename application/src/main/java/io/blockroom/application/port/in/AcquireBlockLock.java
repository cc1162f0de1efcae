package io.blockroom.application.port.in;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.LockRequest;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Locks blocks for a participant, all of a group or none. */
public interface AcquireBlockLock {
  /**
   * Tries once, without waiting for a release. A granted lock is told to everybody in the room, the
   * asker included, as {@code BlockLocked}; that is the grant.
   *
   * @param reply called exactly once, in the room's order, behind everything that led to the
   *     answer; it must return at once
   * @throws io.blockroom.application.port.out.CoordinationUnavailable if there is no answer; {@code
   *     reply} is then not called
   * @throws io.blockroom.application.port.out.StorageUnavailable if a former owner cannot be
   *     barred; {@code reply} is then not called
   */
  void acquire(Seat seat, LockRequest request, Consumer<Outcome> reply);

  /** The answer to the asker. */
  sealed interface Outcome {
    /**
     * All wanted blocks are the asker's.
     *
     * @param locks of all wanted blocks, in the order of the request
     * @param heldBefore those that had been theirs before; of these nobody is told
     */
    record Granted(List<BlockLock> locks, Set<BlockId> heldBefore) implements Outcome {
      public Granted {
        locks = List.copyOf(locks);
        heldBefore = Set.copyOf(heldBefore);
      }
    }

    /**
     * Somebody else holds a wanted block; nothing was locked.
     *
     * @param conflicts the locks in the way; not empty
     */
    record Denied(List<BlockLock> conflicts) implements Outcome {
      public Denied {
        conflicts = List.copyOf(conflicts);
      }
    }

    /** It would be more than one participant may have; nothing was locked. */
    record LimitReached() implements Outcome {}

    /** The asker is not in the room any more. */
    record SeatLost() implements Outcome {}
  }
}
