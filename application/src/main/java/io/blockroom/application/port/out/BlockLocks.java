package io.blockroom.application.port.out;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The locks on blocks, seen the same by all servers. A lock lives as long as its owner's seat; it
 * does not expire under a live owner.
 *
 * <p>Each grant, for a lock or for the length of a commit, has a token, higher than those of all
 * grants before it in its room. Before a block whose last holder did not give it back is granted to
 * somebody else, that holder's grant must be barred in the storage; and before a room grants
 * anything, it must have tokens. Where either is missing nothing is changed, and the answer is
 * {@link Unprepared}: do what it says and ask again.
 *
 * <p>Every method throws {@link CoordinationUnavailable} when there is no answer within 3 s; what
 * was asked may then have happened all the same, and is broadcast if it has.
 */
public interface BlockLocks {
  /**
   * Locks all blocks of the request or none, in one step that also broadcasts {@code BlockLocked}
   * for each block that was free, in the order of the request. A block that the asker holds already
   * stays theirs under its token and is not broadcast again; the others get one token, a new one.
   *
   * <p>A lock whose owner's server is dead is no obstacle: its end is broadcast first. A block that
   * is reserved for somebody's commit is denied as if that one held it; one that is reserved for
   * the asker's own becomes their lock, under its token. Whoever else waits in line for a block
   * comes before the asker, unless they have locked it already.
   *
   * <p>Nobody gets more than {@link BlockLock#MOST_PER_CLIENT}: what they have, reservations
   * included, what they wait for and what they ask for together. That is looked at first.
   */
  LockOutcome acquire(RoomId room, ClientId asker, LockRequest request);

  /**
   * The same, but where {@link #acquire} would be denied the asker waits in line, if there is room
   * for them and their turn can come ({@link WaitingLine#hasRoomFor}, then {@link
   * WaitingLine#wouldDeadlock}); this is broadcast as {@code LineJoined}. Their turn comes in the
   * very step in which the last obstacle goes, whatever it is, and is broadcast in the same change:
   * the release, {@code TurnCame}, then {@code BlockLocked} for each block that was not theirs
   * before. Only if grants must be barred or tokens drawn first it waits, ahead of all who want one
   * of its blocks, for that ({@link #barred}, {@link #stock}): see {@link #advance}. {@code
   * waiting} of an event counts those in line at that point of the change.
   *
   * <p>Whoever waits has a seat; with the seat their places in line end ({@code LineLeft}, before
   * the releases).
   *
   * @param mostPerBlock how many may wait for one block
   */
  LineOutcome queue(RoomId room, Waiter waiter, int mostPerBlock);

  /**
   * Ends places in line, in one step that also broadcasts {@code LineLeft} for each; those that are
   * not in the line are passed over.
   *
   * @return the room's revision after the step
   */
  Revision leaveLine(RoomId room, Set<Ticket> tickets);

  /**
   * Grants all turns that have come, those for which something is missing excepted: of them what is
   * missing for the first is named, and if that is to bar grants, all that are to be barred. To be
   * called where something was missing, and now and then, for a server may die before it has called
   * it.
   */
  AdvanceOutcome advance(RoomId room);

  /**
   * Gives a lock to another participant, past the line, under a new token, in one step that also
   * broadcasts {@code BlockReleased} and {@code BlockLocked}, both for {@code HANDOVER}. If the
   * recipient waits for nothing else any more, this is their turn. They may not get more than
   * {@link #acquire} would let them have.
   */
  HandOverOutcome handOver(RoomId room, ClientId owner, BlockId block, ClientId to);

  /**
   * Ends all locks of a participant who does nothing, in one step that also broadcasts {@code
   * BlockReleased} ({@code IDLE}) for each. They count as not given back: the owner may think
   * otherwise. Reservations and the seat stay. Does nothing if the seat is not this server's.
   */
  void endIdle(RoomId room, ClientId owner);

  /**
   * Ends the lock on a block, whoever has it, in one step that also broadcasts {@code
   * BlockReleased} ({@code FORCED}). It counts as not given back.
   *
   * @return whether there was one
   */
  boolean force(RoomId room, BlockId block);

  /**
   * Lets go of all these locks or of none, in one step that also broadcasts {@code BlockReleased}
   * ({@code RELEASED}) for each.
   */
  ReleaseOutcome release(RoomId room, ClientId owner, Set<BlockId> blocks);

  /**
   * Makes sure, for the length of a commit, that nobody else holds the blocks that it touches, and
   * tells under which tokens the author has them. Blocks that nobody holds are reserved for the
   * author, each under a new token; nobody is told. Until the reservation ends, by {@link
   * RoomBroadcast#announce} or {@link #endReservation}, all blocks count as not given back,
   * whatever happens to the server or the author.
   *
   * @return one outcome for each claim, in their order; each claim is a step of its own
   */
  List<ReserveOutcome> reserve(RoomId room, List<Claim> claims);

  /**
   * Frees what was reserved for a commit that is not announced.
   *
   * @param grants all that the reservation told; empty if it told nothing, for want of an answer:
   *     then the author's reservations of the blocks are freed whatever their tokens
   * @param reserved those of the blocks that were not locked; all that are touched if that is not
   *     known
   * @param isUnknown whether the commit may yet be stored: then the blocks go on counting as not
   *     given back
   */
  void endReservation(
      RoomId room,
      ClientId author,
      Map<BlockId, FencingToken> grants,
      Set<BlockId> reserved,
      boolean isUnknown);

  /**
   * Gives a room tokens, of a range that was just drawn. Ignored unless the range is later than any
   * that the room remembers, and if nobody is in the room. Locks that stand get new tokens, which
   * is broadcast as {@code BlockLocked}; reservations end, and no block counts as not given back
   * any more: the draw has barred all grants before it.
   */
  void stock(RoomId room, TokenRange range);

  /**
   * Notes that former grants of blocks are barred; one that is newer than what is given is not. A
   * lock that stands under such a grant gets a new token, which is broadcast as {@code
   * BlockLocked}.
   */
  void barred(RoomId room, Map<BlockId, FencingToken> former);

  /** What is missing before blocks can be granted. */
  sealed interface Unprepared extends LockOutcome, ReserveOutcome, AdvanceOutcome, HandOverOutcome {
    /** The room has no tokens: draw some, then {@link BlockLocks#stock} it. */
    record NeedsTokens() implements Unprepared {}

    /**
     * Blocks were not given back: bar these grants, then tell {@link BlockLocks#barred}.
     *
     * @param former the newest grant of each such block
     */
    record NeedsFence(Map<BlockId, FencingToken> former) implements Unprepared {
      public NeedsFence {
        former = Collections.unmodifiableMap(new LinkedHashMap<>(former));
      }
    }
  }

  /** What became of the wish for locks, if need be after waiting. */
  sealed interface LineOutcome {
    /**
     * The asker waits.
     *
     * @param asOf the room's revision after the step
     * @param position 1 for the first of those who want one of the blocks
     * @param obstacle what is in the way, on the asked block if anything is; as in {@link
     *     LockOutcome.Denied}
     */
    record Queued(Revision asOf, int position, BlockLock obstacle) implements LineOutcome {}

    /** Too many wait already, or the asker at too many places; nothing changed. */
    record LineFull(Revision asOf) implements LineOutcome {}
  }

  /** What became of the wish for locks. */
  sealed interface LockOutcome extends LineOutcome {
    /**
     * All wanted blocks are the asker's.
     *
     * @param asOf the room's revision after the step
     * @param locks of all wanted blocks, in the order of the request
     * @param heldBefore those that had been theirs before
     */
    record Granted(Revision asOf, List<BlockLock> locks, Set<BlockId> heldBefore)
        implements LockOutcome {
      public Granted {
        locks = List.copyOf(locks);
        heldBefore = Set.copyOf(heldBefore);
      }
    }

    /**
     * Somebody else has a wanted block, or comes first in line for it; nothing changed for the
     * asker. Where waiting was asked for: it would have no end, for somebody in the way waits for
     * the asker.
     *
     * @param asOf the room's revision after the step
     * @param conflicts the locks in the way, in the order of the request; not empty. A free block
     *     counts as held by the first in line for it, under the newest token of the room.
     */
    record Denied(Revision asOf, List<BlockLock> conflicts) implements LockOutcome {
      public Denied {
        conflicts = List.copyOf(conflicts);
      }
    }

    /**
     * It would be more than the asker may have; nothing changed.
     *
     * @param asOf the room's revision after the step
     */
    record LimitReached(Revision asOf) implements LockOutcome {}

    /** The asker has no seat any more; nothing changed. */
    record SeatLost() implements LockOutcome {}
  }

  /** What became of the wish to let go. */
  sealed interface ReleaseOutcome {
    /** All are free. */
    record Released(Revision asOf) implements ReleaseOutcome {}

    /**
     * Nothing changed.
     *
     * @param blocks those that the asker does not hold; not empty
     */
    record NotHeld(Revision asOf, Set<BlockId> blocks) implements ReleaseOutcome {
      public NotHeld {
        blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
      }
    }

    /** The asker has no seat any more; nothing changed. */
    record SeatLost() implements ReleaseOutcome {}
  }

  /** What became of the wish to grant turns. */
  sealed interface AdvanceOutcome {
    /** Nothing is left to do. */
    record Advanced(Revision asOf) implements AdvanceOutcome {}
  }

  /** What became of the wish to hand a lock over. */
  sealed interface HandOverOutcome {
    /**
     * It is the other's.
     *
     * @param asOf the room's revision after the step
     */
    record HandedOver(Revision asOf) implements HandOverOutcome {}

    /** The asker does not hold the block; nothing changed. */
    record NotHeld(Revision asOf) implements HandOverOutcome {}

    /** The other one is not in the room; nothing changed. */
    record NoSuchParticipant(Revision asOf) implements HandOverOutcome {}

    /** It would be more than the other one may have; nothing changed. */
    record LimitReached(Revision asOf) implements HandOverOutcome {}

    /** The asker has no seat any more; nothing changed. */
    record SeatLost() implements HandOverOutcome {}
  }

  /** A commit's author and the blocks that it touches. */
  record Claim(ClientId author, Set<BlockId> blocks) {
    public Claim {
      blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
    }
  }

  /** What became of a claim. */
  sealed interface ReserveOutcome {
    /**
     * Nobody else has any of the blocks.
     *
     * @param asOf the room's revision at that moment
     * @param held the author's locks on the blocks
     * @param reserved the other blocks, with their tokens
     */
    record Reserved(Revision asOf, List<BlockLock> held, Map<BlockId, FencingToken> reserved)
        implements ReserveOutcome {
      public Reserved {
        held = List.copyOf(held);
        reserved = Collections.unmodifiableMap(new LinkedHashMap<>(reserved));
      }
    }

    /**
     * Somebody else has locked a block; nothing changed.
     *
     * @param locks all locks in force on the blocks, the author's own among them
     */
    record Conflicting(Revision asOf, List<BlockLock> locks) implements ReserveOutcome {
      public Conflicting {
        locks = List.copyOf(locks);
      }
    }

    /**
     * Another commit, which may be the author's own, is under way on a block that nobody has
     * locked; nothing changed. It will not take long.
     *
     * @param reservations those in the way
     */
    record Busy(Revision asOf, List<BlockLock> reservations) implements ReserveOutcome {
      public Busy {
        reservations = List.copyOf(reservations);
      }
    }

    /** The author has no seat any more; nothing changed. */
    record SeatLost() implements ReserveOutcome {}
  }

  /** How long a lock outlives its owner's server, at the most. */
  Duration ttl();
}
