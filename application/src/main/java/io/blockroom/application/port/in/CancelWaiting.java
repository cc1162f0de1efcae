package io.blockroom.application.port.in;

import io.blockroom.domain.block.BlockId;

/** Ends the waiting for a block. */
public interface CancelWaiting {
  /**
   * Ends all places in line at which the participant waits for the block; their waiting ends with
   * {@link QueueForBlockLock.Outcome.GivenUp}, unless their turn comes at this very moment. Nothing
   * happens if there are none.
   *
   * @param reply called exactly once, behind that; must return at once
   * @throws io.blockroom.application.port.out.CoordinationUnavailable if there is no answer; {@code
   *     reply} is then not called
   */
  void cancel(Seat seat, BlockId block, Runnable reply);
}
