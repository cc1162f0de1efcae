package io.blockroom.adapters.websocket.codec;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What a client can say; the seed protocol knows the first three. */
public sealed interface ClientMessage {
  /**
   * {@code LOCK_ACQUIRE}: the sender wants to edit blocks.
   *
   * @param patience how long the sender would wait in line for them; empty: not at all
   */
  record LockAcquire(LockRequest request, Optional<Duration> patience) implements ClientMessage {}

  /**
   * {@code COMMIT}: the sender finished a gesture. A commit but for its author, whom no message
   * names.
   *
   * @param workspace the whole workspace after the gesture, if the client sent it
   * @param releases the blocks whose locks end with the commit
   * @param id the name under which it may be offered again
   * @param token the grant of {@code block} that the sender believes to hold
   * @param base the last commit that the sender had seen
   */
  record CommitOffer(
      BlockId block,
      EditEvents events,
      Optional<WorkspaceXml> workspace,
      Set<BlockId> releases,
      Optional<CommitId> id,
      Optional<FencingToken> token,
      Optional<SequenceNumber> base)
      implements ClientMessage {
    public CommitOffer {
      releases = Collections.unmodifiableSet(new LinkedHashSet<>(releases));
    }

    /** The commit, now that the author is known. */
    public Commit by(ClientId author) {
      return new Commit(author, block, events, workspace, releases, id, token, base);
    }
  }

  /**
   * {@code HEARTBEAT}: the sender is there.
   *
   * @param isVisible whether they see the workspace
   */
  record Heartbeat(boolean isVisible) implements ClientMessage {}

  /** {@code LOCK_RELEASE}: the sender lets go of blocks. */
  record LockRelease(Set<BlockId> blocks) implements ClientMessage {
    public LockRelease {
      blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
    }
  }

  /** {@code LOCK_CANCEL}: the sender does not want to wait for a block any more. */
  record LockCancel(BlockId block) implements ClientMessage {}

  /** {@code LOCK_HANDOVER}: the sender gives a lock to somebody. */
  record LockHandover(BlockId block, ClientId to) implements ClientMessage {}

  /** {@code SNAPSHOT}: the whole workspace as the sender sees it. */
  record SnapshotOffer(WorkspaceSnapshot snapshot) implements ClientMessage {}

  /**
   * {@code RESUME}: the sender was here before.
   *
   * @param epoch the history that the sender knows; empty if it knows none
   * @param last the last commit of it that the sender has seen
   * @param pending commits of the sender that it has no answer to
   */
  record Resume(Optional<Epoch> epoch, SequenceNumber last, Set<CommitId> pending)
      implements ClientMessage {
    public Resume {
      pending = Collections.unmodifiableSet(new LinkedHashSet<>(pending));
    }
  }

  /** {@code SYNC_REQUEST}: the sender does not trust what it shows. */
  record SyncRequest() implements ClientMessage {}

  /** {@code PRESENCE}: what the sender is doing. */
  record PresenceHint(Presence presence) implements ClientMessage {}

  /** {@code ROOM_CONTROL}: the sender wants to rule the room. */
  record RoomControl() implements ClientMessage {}
}
