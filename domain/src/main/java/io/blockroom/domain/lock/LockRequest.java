package io.blockroom.domain.lock;

import io.blockroom.domain.block.BlockId;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The blocks that a participant wants to lock in one step: all of them or none.
 *
 * @param asked the block that the request is answered for
 * @param blocks every wanted block, {@code asked} among them, in the order of the request
 */
public record LockRequest(BlockId asked, Set<BlockId> blocks) {
  /** Blocks that one request may name. */
  public static final int MAX_BLOCKS = BlockLock.MOST_PER_CLIENT;

  public LockRequest {
    blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
    if (!blocks.contains(asked)) {
      throw new IllegalArgumentException("the asked block is not among the wanted ones: " + asked);
    }
    if (blocks.size() > MAX_BLOCKS) {
      throw new IllegalArgumentException("more than " + MAX_BLOCKS + " blocks: " + blocks.size());
    }
  }

  /** A request for one block and its company. */
  public static LockRequest of(BlockId asked, Collection<BlockId> others) {
    Set<BlockId> all = new LinkedHashSet<>();
    all.add(asked);
    all.addAll(others);
    return new LockRequest(asked, all);
  }
}
