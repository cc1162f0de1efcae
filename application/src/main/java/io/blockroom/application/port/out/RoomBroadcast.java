package io.blockroom.application.port.out;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
   * Broadcasts commits that stand, in one change: each is followed by the releases that come with
   * it ({@code COMMITTED}), and its reservation ends. A released block that somebody else holds, or
   * that its author has locked anew since, keeps its lock and is not mentioned; one that nobody
   * holds is told free all the same. Authors need not have a seat any more.
   *
   * @return the room's revision after that
   * @throws CoordinationUnavailable when there is no answer within 3 s; the broadcast may then have
   *     happened all the same
   */
  Revision announce(RoomId room, List<Announcement> announcements);

  /**
   * Broadcasts what happened to the room as a whole.
   *
   * @throws CoordinationUnavailable when there is no answer within 3 s
   */
  void tell(RoomId room, RoomEvent event);

  /**
   * Tells what participants of this server are doing, and keeps it for those who look at the rooms
   * later. A hint: it has no place in the rooms' order and may be lost. Participants whose seats
   * are not this server's are passed over.
   *
   * @throws CoordinationUnavailable when there is no answer within 3 s
   */
  void showPresence(Map<RoomId, Map<ClientId, Presence>> news);

  /** Sends all further changes to the listener; there is one listener. */
  void listen(Listener listener);

  /**
   * A commit that stands.
   *
   * @param releases the blocks whose locks end with it
   * @param grants all that its reservation told
   * @param reserved those of them that were not locked
   */
  record Announcement(
      CommitApplied commit,
      Set<BlockId> releases,
      Map<BlockId, FencingToken> grants,
      Set<BlockId> reserved) {
    public Announcement {
      releases = Collections.unmodifiableSet(new LinkedHashSet<>(releases));
      grants = Collections.unmodifiableMap(new LinkedHashMap<>(grants));
      reserved = Set.copyOf(reserved);
    }
  }

  /** Hears of the rooms in which this server has seats. Its methods return at once. */
  interface Listener {
    /** A room changed. Called in the room's order, never concurrently for one room. */
    void changed(RoomChange change);

    /**
     * Participants are doing something else now. Called at any time, and concurrently with what a
     * room's changes call.
     */
    void presenceChanged(RoomId room, Map<ClientId, Presence> news);

    /** All seats that this server had in a room are gone without its doing. */
    void seatsLost(RoomId room);

    /**
     * This server has not been able to renew its seats in a room for so long that others may have
     * ended them, or may soon. Told once per such spell, without asking the coordination. What of
     * them is not given up by then is told lost when that answers again.
     */
    void outOfTouch(RoomId room);
  }
}
