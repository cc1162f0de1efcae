package io.blockroom.adapters.websocket.codec;

import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the server says to one client alone; what it says to all are the room's events. The seed
 * protocol knows the first two. In all of them {@code re} is the name that the client gave the
 * request that this answers.
 */
public sealed interface ServerMessage {
  /** {@code INIT_STATE}: the room as somebody finds it. */
  record InitState(RoomState state, Audience audience) implements ServerMessage {}

  /**
   * {@code LOCK_DENIED}: a block cannot be had, or be edited.
   *
   * @param obstacles the locks in the way, if any are known
   */
  record LockDenied(Optional<String> re, BlockId asked, ErrorCode code, List<BlockLock> obstacles)
      implements ServerMessage {
    public LockDenied {
      obstacles = List.copyOf(obstacles);
    }

    /** The lock that the client is told of: that on the asked block, else the first. */
    Optional<BlockLock> obstacle() {
      return obstacles.stream()
          .filter(lock -> lock.block().equals(asked))
          .findFirst()
          .or(() -> obstacles.stream().findFirst());
    }
  }

  /** {@code RESUMED}: all that was missed. */
  record Resumed(Optional<String> re, RoomState state, Occasion.Resumed how)
      implements ServerMessage {}

  /**
   * {@code SYNC}: the room as it is, in place of all that was known of it.
   *
   * @param acked which of the client's pending commits stand, and where
   */
  record Sync(
      Optional<String> re, RoomState state, Cause cause, Map<CommitId, SequenceNumber> acked)
      implements ServerMessage {
    public Sync {
      acked = Map.copyOf(acked);
    }
  }

  /**
   * {@code LOCK_GRANTED}: blocks are the client's.
   *
   * @param locks on all blocks that were wanted; not empty
   */
  record LockGranted(Optional<String> re, BlockId asked, List<BlockLock> locks)
      implements ServerMessage {
    public LockGranted {
      locks = List.copyOf(locks);
    }
  }

  /**
   * {@code LOCK_QUEUED}: blocks will be the client's when its turn comes.
   *
   * @param position 1 for whoever comes next
   * @param owner who is in the way, if anybody is
   */
  record LockQueued(Optional<String> re, BlockId asked, int position, Optional<ClientId> owner)
      implements ServerMessage {}

  /**
   * {@code LOCK_WANTED}: somebody waits for a block that the client holds.
   *
   * @param waiting how many wait for it now
   */
  record LockWanted(BlockId block, ClientId by, int waiting) implements ServerMessage {}

  /**
   * {@code COMMIT_ACK}: the commit stands.
   *
   * @param isDuplicate whether it stood before it was offered
   */
  record CommitAcknowledged(
      Optional<String> re, Optional<CommitId> id, SequenceNumber seq, boolean isDuplicate)
      implements ServerMessage {}

  /**
   * {@code COMMIT_DENIED}: the commit does not stand.
   *
   * @param blocks those because of which it is refused
   * @param owner who holds one of them, if that is known
   * @param seq the room's last commit, if it is known
   */
  record CommitDenied(
      Optional<String> re,
      Optional<CommitId> id,
      ErrorCode code,
      Set<BlockId> blocks,
      Optional<ClientId> owner,
      Optional<SequenceNumber> seq)
      implements ServerMessage {
    public CommitDenied {
      blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
    }
  }

  /** {@code OK}: it is done. */
  record Done(Optional<String> re) implements ServerMessage {}

  /**
   * {@code ERROR}: it is not done.
   *
   * @param retryAfter when it may be tried again, if that is known
   */
  record Failed(Optional<String> re, ErrorCode code, Optional<Duration> retryAfter)
      implements ServerMessage {}

  /** {@code PRESENCE_UPDATE}: what some participants are doing now. */
  record PresenceUpdate(Map<ClientId, Presence> news) implements ServerMessage {
    public PresenceUpdate {
      news = Map.copyOf(news);
    }
  }

  /**
   * {@code GOING_AWAY}: the server stops serving.
   *
   * @param reconnectAfter how long the client shall wait before it connects anew
   */
  record GoingAway(Duration reconnectAfter) implements ServerMessage {}

  /** {@code SNAPSHOT_REQUEST}: a snapshot of that commit or a later one would be welcome. */
  record SnapshotRequest(SequenceNumber seq) implements ServerMessage {}
}
