package io.blockroom.application.port.out;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import java.util.Set;

/**
 * Tells every server that has seats in a room what happens in it.
 *
 * <p>All listeners get the changes of a room in one order, that of their revisions, which grow by
 * one from change to change. A change may be lost or come twice when the connection to the other
 * servers breaks: the revisions show it.
 */
public interface RoomBroadcast {
  /**
   * Broadcasts a stored commit and, behind it in the same change, the release of blocks. A block in
   * {@code releases} that somebody else holds keeps its lock and is not mentioned; one that nobody
   * holds is told free all the same.
   *
   * @throws CoordinationUnavailable when there is no answer within 3 s; the broadcast may then have
   *     happened all the same
   */
  AnnounceOutcome announce(RoomId room, CommitApplied commit, Set<BlockId> releases);

  /** Sends all further changes to the listener; there is one listener. */
  void listen(Listener listener);

  /** What became of an announcement. */
  sealed interface AnnounceOutcome {
    /** Everybody is being told. */
    record Announced(Revision asOf) implements AnnounceOutcome {}

    /** The author has no seat any more; nobody is told. */
    record SeatLost() implements AnnounceOutcome {}
  }

  /** Hears of the rooms in which this server has seats. Its methods return at once. */
  interface Listener {
    /** A room changed. Called in the room's order, never concurrently for one room. */
    void changed(RoomChange change);

    /** All seats that this server had in a room are gone without its doing. */
    void seatsLost(RoomId room);
  }
}
