package io.blockroom.adapters.websocket.codec;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What a client can say. */
public sealed interface ClientMessage {
  /** {@code LOCK_ACQUIRE}: the sender wants to edit blocks. */
  record LockAcquire(LockRequest request) implements ClientMessage {}

  /**
   * {@code COMMIT}: the sender finished a gesture. A commit but for its author, whom no message
   * names.
   *
   * @param workspace the whole workspace after the gesture, if the client sent it
   * @param releases the blocks whose locks end with the commit
   */
  record CommitOffer(
      BlockId block, EditEvents events, Optional<WorkspaceXml> workspace, Set<BlockId> releases)
      implements ClientMessage {
    public CommitOffer {
      releases = Collections.unmodifiableSet(new LinkedHashSet<>(releases));
    }

    /** The commit, now that the author is known. */
    public Commit by(ClientId author) {
      return new Commit(author, block, events, workspace, releases);
    }
  }

  /** {@code HEARTBEAT}: the sender is there. */
  record Heartbeat() implements ClientMessage {}
}
