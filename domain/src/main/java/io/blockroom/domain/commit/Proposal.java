package io.blockroom.domain.commit;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A commit on its way into the log.
 *
 * @param grants under which tokens its author has the blocks that it touches: each of them
 * @param reserved those of them that nobody had locked and that are the author's until the commit
 *     is through
 */
public record Proposal(Commit commit, Map<BlockId, FencingToken> grants, Set<BlockId> reserved) {
  public Proposal {
    grants = Collections.unmodifiableMap(new LinkedHashMap<>(grants));
    reserved = Set.copyOf(reserved);
    if (!grants.keySet().containsAll(commit.touched())) {
      throw new IllegalArgumentException("a touched block without a token");
    }
  }
}
