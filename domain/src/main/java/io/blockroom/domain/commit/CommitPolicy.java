package io.blockroom.domain.commit;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.Fence;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockPolicy;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * May this commit stand? Asked twice: of the locks in force when it comes, and of the fences at the
 * moment it is stored, which hold whatever went wrong in between.
 */
public final class CommitPolicy {
  private CommitPolicy() {}

  /**
   * Refuses the whole commit if somebody else holds any touched block, or if its author names a
   * grant that is over. A block that nobody holds is no obstacle.
   *
   * @param locks the locks in force, at least those on the touched blocks
   */
  public static CommitDecision decide(Commit commit, Collection<BlockLock> locks) {
    Set<BlockId> touched = commit.touched();
    List<BlockLock> conflicts =
        locks.stream()
            .filter(lock -> touched.contains(lock.block()))
            .filter(lock -> !lock.isHeldBy(commit.by()))
            .toList();
    if (!conflicts.isEmpty()) {
      return new CommitDecision.Refused(conflicts);
    }
    return namesLostGrant(commit, locks)
        ? new CommitDecision.Fenced(Set.of(commit.block()))
        : new CommitDecision.Accepted();
  }

  /**
   * Refuses what the room's rules or its fences do not admit.
   *
   * @param floor tokens below it were given out before the coordination lost its memory
   * @param fences the fences of touched blocks, as far as there are any
   */
  public static CommitDecision admit(
      Proposal proposal,
      boolean isFrozen,
      LockPolicy policy,
      FencingToken floor,
      Map<BlockId, Fence> fences) {
    if (isFrozen) {
      return new CommitDecision.Frozen();
    }
    Set<BlockId> fenced =
        touched(proposal.commit(), block -> isFenced(proposal, block, floor, fences));
    if (!fenced.isEmpty()) {
      return new CommitDecision.Fenced(fenced);
    }
    Set<BlockId> unlocked =
        touched(
            proposal.commit(),
            block ->
                proposal.reserved().contains(block)
                    && !proposal.commit().events().created().contains(block));
    return policy == LockPolicy.REQUIRED && !unlocked.isEmpty()
        ? new CommitDecision.NotHeld(unlocked)
        : new CommitDecision.Accepted();
  }

  private static boolean namesLostGrant(Commit commit, Collection<BlockLock> locks) {
    return commit.token().isPresent()
        && locks.stream()
            .filter(lock -> lock.block().equals(commit.block()))
            .noneMatch(lock -> !commit.token().get().isOlderThan(lock.token()));
  }

  private static boolean isFenced(
      Proposal proposal, BlockId block, FencingToken floor, Map<BlockId, Fence> fences) {
    FencingToken grant = proposal.grants().get(block);
    Fence fence = fences.get(block);
    return grant == null
        || grant.isOlderThan(floor)
        || (fence != null && !fence.admits(proposal.commit().by(), grant));
  }

  private static Set<BlockId> touched(Commit commit, Predicate<BlockId> which) {
    return commit.touched().stream()
        .filter(which)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
