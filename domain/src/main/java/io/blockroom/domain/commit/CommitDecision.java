package io.blockroom.domain.commit;

import io.blockroom.domain.lock.BlockLock;
import java.util.List;

/** What {@link CommitPolicy} says of a commit. */
public sealed interface CommitDecision {
  /** The commit may stand. */
  record Accepted() implements CommitDecision {}

  /**
   * The whole commit is refused.
   *
   * @param conflicts the locks of others on blocks that it touches; not empty
   */
  record Refused(List<BlockLock> conflicts) implements CommitDecision {
    public Refused {
      conflicts = List.copyOf(conflicts);
      if (conflicts.isEmpty()) {
        throw new IllegalArgumentException("refused without a conflict");
      }
    }
  }
}
