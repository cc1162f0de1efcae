package io.blockroom.domain.commit;

import io.blockroom.domain.lock.BlockLock;
import java.util.Collection;
import java.util.List;

/** May this commit stand, given the locks on the blocks it touches? */
public final class CommitPolicy {
  private CommitPolicy() {}

  /**
   * Refuses the whole commit if somebody else holds any touched block. A block that nobody holds is
   * no obstacle (locks are advisory).
   *
   * @param locks the locks in force, at least those on the touched blocks
   */
  public static CommitDecision decide(Commit commit, Collection<BlockLock> locks) {
    List<BlockLock> conflicts =
        locks.stream()
            .filter(lock -> commit.touched().contains(lock.block()))
            .filter(lock -> !lock.isHeldBy(commit.by()))
            .toList();
    return conflicts.isEmpty()
        ? new CommitDecision.Accepted()
        : new CommitDecision.Refused(conflicts);
  }
}
