package io.blockroom.domain.lock;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;

/** Somebody who waits in line until all the blocks that they want can be theirs in one step. */
public record Waiter(Ticket ticket, ClientId client, LockRequest request) {
  /** Whether the block is one of those that are waited for. */
  public boolean wants(BlockId block) {
    return request.blocks().contains(block);
  }

  /** Whether both want a block, so that the later one comes after the earlier. */
  boolean sharesABlockWith(Waiter other) {
    return request.blocks().stream().anyMatch(other::wants);
  }
}
