package io.blockroom.domain.commit;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What {@link CommitPolicy} says of a commit. */
public sealed interface CommitDecision {
  /** The commit may stand. */
  record Accepted() implements CommitDecision {}

  /**
   * Somebody else holds blocks that it touches.
   *
   * @param conflicts the locks in the way; not empty
   */
  record Refused(List<BlockLock> conflicts) implements CommitDecision {
    public Refused {
      conflicts = List.copyOf(conflicts);
      if (conflicts.isEmpty()) {
        throw new IllegalArgumentException("refused without a conflict");
      }
    }
  }

  /**
   * The author's grant of blocks is not the newest any more.
   *
   * @param blocks those; not empty
   */
  record Fenced(Set<BlockId> blocks) implements CommitDecision {
    public Fenced {
      blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
    }
  }

  /**
   * The room wants blocks locked before they are edited, and these were not.
   *
   * @param blocks those; not empty
   */
  record NotHeld(Set<BlockId> blocks) implements CommitDecision {
    public NotHeld {
      blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
    }
  }

  /** The room is frozen: nothing in it may change. */
  record Frozen() implements CommitDecision {}
}
