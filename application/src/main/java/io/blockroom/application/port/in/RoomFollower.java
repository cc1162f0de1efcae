package io.blockroom.application.port.in;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A participant's view into a room. Its methods are called one at a time, in the room's order, and
 * return at once.
 *
 * <p>Commits come in the order of their numbers, each once, from the number of the last state on; a
 * follower that reads XML only may be told its own commit again behind a state that has it.
 */
public interface RoomFollower {
  /** In which form the workspace is to be shown; always the same. */
  WorkspaceForm form();

  /** Whether the seat is kept for a while when the connection breaks; always the same. */
  boolean canResume();

  /**
   * The room as it is now. The first call; later ones replace all that was told before, when what
   * happened since cannot be told event by event.
   */
  void welcome(RoomState state, Occasion occasion);

  /** Something happened. The same object is handed to every follower of the room on this server. */
  void happened(RoomEvent event);

  /**
   * Somebody waits for a block that the participant holds.
   *
   * @param waiting how many wait for it now
   */
  void wanted(BlockId block, ClientId by, int waiting);

  /** A lock was given to the participant, who did not ask for it. */
  void handedOver(BlockLock lock);

  /**
   * Others are doing something else now; a hint. The same object is handed to every follower of the
   * room on this server.
   */
  void presenceChanged(Map<ClientId, Presence> news);

  /** A snapshot as of this number, or later, would keep the way for latecomers short. */
  void snapshotWanted(SequenceNumber seq);

  /** The seat is gone without the participant's doing; nothing further is told. */
  void seatLost();

  /** Another follower has the seat now; nothing further is told. */
  void replaced();

  /** Why the state is shown. */
  sealed interface Occasion {
    /** The participant came in. */
    record Joined() implements Occasion {}

    /**
     * The participant came back, and all that was missed is in the state's tail, behind the last
     * commit that they had seen; there is no snapshot in it.
     *
     * @param recovered whether the seat was still held
     * @param acked which of the participant's pending commits stand, and where
     * @param locksKept the blocks that the participant still holds
     */
    record Resumed(boolean recovered, Map<CommitId, SequenceNumber> acked, Set<BlockId> locksKept)
        implements Occasion {
      public Resumed {
        acked = Map.copyOf(acked);
        locksKept = Set.copyOf(locksKept);
      }
    }

    /**
     * The participant came back, but must begin anew.
     *
     * @param acked which of the participant's pending commits stand, and where
     */
    record Returned(Cause cause, Map<CommitId, SequenceNumber> acked) implements Occasion {
      public Returned {
        acked = Map.copyOf(acked);
      }
    }

    /** The participant is here already. */
    record Again(Cause cause) implements Occasion {}
  }

  /** Why what was told before does not hold any more. */
  enum Cause {
    /** Changes were missed. */
    GAP,
    /** The room's history is another one now. */
    EPOCH_CHANGED,
    /** The participant asked. */
    REQUESTED,
    /** The participant's screen shows an edit that does not stand. */
    REFUSED,
    /** The storage or the coordination was away. */
    OUTAGE,
    /** The participant's token is not good. */
    TOKEN_REFUSED
  }

  /**
   * All that a participant needs to be up to date.
   *
   * @param self the participant
   * @param others everybody else in the room
   * @param locks who holds which block
   * @param line who waits for blocks
   * @param presence what the others are doing, as far as that is known
   * @param workspace its snapshot and what came after it, in the follower's form
   * @param resumeToken shows, after a broken connection, whose seat it was; only for followers that
   *     can resume
   */
  record RoomState(
      Participant self,
      List<Participant> others,
      Map<BlockId, Grant> locks,
      WaitingLine line,
      Map<ClientId, Presence> presence,
      Room room,
      WorkspaceView workspace,
      Optional<String> resumeToken) {
    public RoomState {
      others = List.copyOf(others);
      locks = Map.copyOf(locks);
      presence = Map.copyOf(presence);
    }

    /** A room in which nobody waits, and of which nothing more is known. */
    public RoomState(
        Participant self,
        List<Participant> others,
        Map<BlockId, Grant> locks,
        Room room,
        WorkspaceView workspace,
        Optional<String> resumeToken) {
      this(self, others, locks, WaitingLine.EMPTY, Map.of(), room, workspace, resumeToken);
    }
  }
}
