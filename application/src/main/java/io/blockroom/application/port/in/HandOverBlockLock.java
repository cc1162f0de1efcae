package io.blockroom.application.port.in;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import java.util.function.Consumer;

/** Gives a lock to another participant, past everybody who waits for it. */
public interface HandOverBlockLock {
  /**
   * Hands over; everybody in the room is told, and the recipient also by {@link
   * RoomFollower#handedOver}.
   *
   * @param reply called exactly once, in the room's order; it must return at once
   * @throws io.blockroom.application.port.out.CoordinationUnavailable if there is no answer; {@code
   *     reply} is then not called
   * @throws io.blockroom.application.port.out.StorageUnavailable if the owner's commits under way
   *     cannot be barred; {@code reply} is then not called
   */
  void handOver(Seat seat, BlockId block, ClientId to, Consumer<Outcome> reply);

  /** The answer to the asker. */
  sealed interface Outcome {
    /** It is the other's. */
    record HandedOver() implements Outcome {}

    /** The asker does not hold the block; nothing changed. */
    record NotHeld() implements Outcome {}

    /** The other one is not in the room; nothing changed. */
    record NoSuchParticipant() implements Outcome {}

    /** It would be more than the other one may have; nothing changed. */
    record LimitReached() implements Outcome {}

    /** The asker is not in the room any more. */
    record SeatLost() implements Outcome {}
  }
}
