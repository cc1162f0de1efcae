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
public record BlockLock(BlockId block, Grant grant, Duration remaining) {
  /** Blocks of a room that one participant may have locked or wait for, taken together. */
  public static final int MOST_PER_CLIENT = 200;

  public BlockLock {
    if (remaining.isNegative()) {
      throw new IllegalArgumentException("negative remaining time: " + remaining);
    }
  }

  public BlockLock(BlockId block, ClientId owner, FencingToken token, Duration remaining) {
    this(block, new Grant(owner, token), remaining);
  }

  public ClientId owner() {
    return grant.owner();
  }

  public FencingToken token() {
    return grant.token();
  }

  /** Whether this lock lets the given participant edit the block. */
  public boolean isHeldBy(ClientId somebody) {
    return owner().equals(somebody);
  }
}
