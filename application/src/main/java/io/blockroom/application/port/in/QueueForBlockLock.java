package io.blockroom.application.port.in;

import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Locks blocks for a participant as soon as that can be: all of a group or none. */
public interface QueueForBlockLock {
  /**
   * Grants the locks as {@link AcquireBlockLock} does, or else lets the participant wait in line
   * until it can be done. Nothing of a group is held while it waits. A place in line ends with the
   * connection, also where the seat is kept.
   *
   * @param maxWait how long to wait at the most; what is longer than the server allows is cut
   * @throws io.blockroom.application.port.out.CoordinationUnavailable if there is no answer; {@code
   *     waiting} is then not called
   * @throws io.blockroom.application.port.out.StorageUnavailable if a former owner cannot be
   *     barred; {@code waiting} is then not called
   */
  void queue(Seat seat, LockRequest request, Duration maxWait, Waiting waiting);

  /** Who is told how the wish for locks fares. Called one at a time; must return at once. */
  interface Waiting {
    /**
     * It is not yet their turn. Called when they are put in line, and again whenever they have come
     * nearer.
     *
     * @param position 1 for whoever comes next
     * @param owner who is in the way, if anybody is
     */
    void queued(int position, Optional<ClientId> owner);

    /** How it ended. Called exactly once, in the room's order, and last. */
    void ended(Outcome outcome);
  }

  /** The answer to the asker. */
  sealed interface Outcome {
    /** All wanted blocks are the asker's; as in {@link AcquireBlockLock.Outcome.Granted}. */
    record Granted(AcquireBlockLock.Outcome.Granted grant) implements Outcome {}

    /**
     * Waiting would have no end: somebody in the way waits for the asker.
     *
     * @param conflicts the locks in the way; not empty
     */
    record Denied(List<BlockLock> conflicts) implements Outcome {
      public Denied {
        conflicts = List.copyOf(conflicts);
      }
    }

    /** Too many wait already. */
    record LineFull() implements Outcome {}

    /** It would be more than one participant may have or wait for. */
    record LimitReached() implements Outcome {}

    /** The time is over, or the participant does not want to wait any more. */
    record GivenUp() implements Outcome {}

    /**
     * The time is over, and the coordination does not answer: if the turn comes all the same the
     * locks are let go of.
     */
    record Unavailable() implements Outcome {}

    /** The asker is not in the room any more. */
    record SeatLost() implements Outcome {}
  }
}
