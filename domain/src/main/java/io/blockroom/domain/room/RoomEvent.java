package io.blockroom.domain.room;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.GrantReason;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import java.time.Instant;
import java.util.Optional;

/** Something that happened in a room and that everybody in it is told. */
public sealed interface RoomEvent {
  /** Somebody took a seat. */
  record ParticipantJoined(Participant participant) implements RoomEvent {}

  /** Somebody's seat is free again; their locks were released before. */
  record ParticipantLeft(ClientId clientId, LeaveReason reason) implements RoomEvent {}

  /**
   * A block has a new owner, and was free before; or its owner has a new token, because the
   * coordination lost its memory.
   *
   * @param waiting how many wait for the block now
   */
  record BlockLocked(
      BlockId block, ClientId owner, FencingToken token, GrantReason reason, int waiting)
      implements RoomEvent {
    /** A block that was asked for, and for which nobody waits. */
    public BlockLocked(BlockId block, ClientId owner, FencingToken token) {
      this(block, owner, token, GrantReason.ACQUIRED, 0);
    }
  }

  /**
   * A block is free.
   *
   * @param waiting how many wait for the block now
   */
  record BlockReleased(BlockId block, ReleaseReason reason, int waiting) implements RoomEvent {
    /** A block for which nobody waits. */
    public BlockReleased(BlockId block, ReleaseReason reason) {
      this(block, reason, 0);
    }
  }

  /** Somebody waits in line from now on. */
  record LineJoined(Waiter waiter) implements RoomEvent {}

  /** Somebody waits no more, without having got what they waited for. */
  record LineLeft(Ticket ticket) implements RoomEvent {}

  /**
   * Somebody's turn has come: all that they waited for is theirs by the end of the change. Comes
   * before the locks, so that these do not count them as waiting.
   */
  record TurnCame(Ticket ticket) implements RoomEvent {}

  /**
   * Somebody came back and has their seat again, perhaps through another server.
   *
   * @param serial counts how often that happened; whoever spoke for the seat under a lower one is
   *     replaced
   */
  record SeatTakenOver(ClientId clientId, long serial) implements RoomEvent {}

  /**
   * An edit stands.
   *
   * @param seq its place in the history; {@link SequenceNumber#NONE} if it has no events
   * @param events the array of Blockly events, verbatim
   * @param at when it was stored; when it was announced if it was not
   */
  record CommitApplied(
      SequenceNumber seq,
      ClientId by,
      BlockId block,
      String events,
      Instant at,
      Optional<CommitId> id,
      Optional<WorkspaceXml> workspace)
      implements RoomEvent {
    /** What the log tells of a commit: all but the workspace that came with it. */
    public static CommitApplied of(LoggedCommit commit) {
      return new CommitApplied(
          commit.seq(),
          commit.by(),
          commit.block(),
          commit.events(),
          commit.at(),
          commit.id(),
          Optional.empty());
    }
  }

  /**
   * The room's history is another one now: what was known of the workspace is void.
   *
   * @param last the last commit of the new history at that moment
   */
  record HistoryReplaced(Epoch epoch, SequenceNumber last) implements RoomEvent {}

  /** The room's rules are these now. */
  record RulesChanged(String title, int maxUsers, LockPolicy lockPolicy, boolean isFrozen)
      implements RoomEvent {}

  /** The room is closed or deleted: everybody must leave. */
  record RoomClosed() implements RoomEvent {}
}
