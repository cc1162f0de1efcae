package io.blockroom.domain.lock;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import java.util.Optional;

/**
 * The line that commits on a block must be ahead of: the newest grant under which one was accepted,
 * or the newest grant that was barred.
 *
 * @param owner who held the block under that grant; empty if the grant is barred
 */
public record Fence(BlockId block, FencingToken token, Optional<ClientId> owner) {
  /** Bars a grant and all before it. */
  public static Fence bar(BlockId block, FencingToken token) {
    return new Fence(block, token, Optional.empty());
  }

  /** Whether somebody may still commit on the block under their grant. */
  public boolean admits(ClientId somebody, FencingToken grant) {
    return token.isOlderThan(grant)
        || (token.equals(grant) && owner.filter(somebody::equals).isPresent());
  }
}
