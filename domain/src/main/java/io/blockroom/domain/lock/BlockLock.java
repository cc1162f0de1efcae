package io.blockroom.domain.lock;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import java.time.Duration;

/**
 * A participant's exclusive hold on a block.
 *
 * @param remaining how much longer the lock stands if nothing more is heard of its owner's server;
 *     not negative
 */
public record BlockLock(BlockId block, ClientId owner, Duration remaining) {
  public BlockLock {
    if (remaining.isNegative()) {
      throw new IllegalArgumentException("negative remaining time: " + remaining);
    }
  }

  /** Whether this lock lets the given participant edit the block. */
  public boolean isHeldBy(ClientId somebody) {
    return owner.equals(somebody);
  }
}
