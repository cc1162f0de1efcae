package io.blockroom.application.port.out;

import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Who is in which room, seen the same by all servers. A seat lives as long as the server that took
 * it: when that server dies its seats and their locks end by themselves, and this is broadcast.
 *
 * <p>Every method throws {@link CoordinationUnavailable} when there is no answer within 3 s.
 */
public interface Seats {
  /**
   * Takes a seat and broadcasts {@code ParticipantJoined}, in one step; never more than {@code
   * capacity} seats of a room are taken, however many callers race.
   */
  SeatOutcome take(RoomId room, Participant participant, int capacity);

  /**
   * Makes a seat this server's, whichever server holds it and whether or not that one still lives,
   * as long as the seat stands; its locks stay, its places in line end ({@code LineLeft}): they
   * were those of the former connection. Broadcasts {@code SeatTakenOver}, in the same step, with a
   * serial of one more than the last.
   *
   * @param serial of the token by which the holder shows who they are: that of a seat is 1 when it
   *     is taken. One that is higher than the last, or lower than what was {@linkplain #confirm
   *     confirmed}, is not good.
   */
  TakeOverOutcome takeOver(RoomId room, ClientId clientId, long serial);

  /**
   * Notes that the holder speaks under this serial: lower ones are good no more. Does nothing if
   * the seat is not this server's, or the serial is lower than one that was confirmed.
   */
  void confirm(RoomId room, ClientId clientId, long serial);

  /**
   * Leaves all seats of this server, which is about to end, to those who take them over. Seats that
   * nobody has taken over after the grace end, as if they had been given up then ({@code
   * DISCONNECTED}, {@code TIMEOUT}), if there is a server left to end them, else when there is one.
   */
  void leaveBehind(Duration grace);

  /**
   * Gives a seat back: broadcasts {@code BlockReleased} ({@code DISCONNECTED}) for every lock of
   * its holder, then {@code ParticipantLeft}, in one step. Does nothing but forget it if the seat
   * is not this server's.
   */
  void giveUp(RoomId room, ClientId clientId, LeaveReason reason);

  /** The room as it is now: seats and locks of one and the same moment. */
  RoomView look(RoomId room);

  /**
   * The present revision of each of these rooms that has seats, for less than a look into each. One
   * that is missing may have seats all the same, if it could not be asked for with the others.
   */
  Map<RoomId, Revision> revisions(Set<RoomId> rooms);

  /** How many seats of a room are taken. */
  int taken(RoomId room);

  /** What became of the wish for a seat. */
  sealed interface SeatOutcome {
    /**
     * The seat is taken.
     *
     * @param view the room right after the step; the newcomer is in it
     * @param hasTokens whether the room has tokens to grant locks with
     */
    record Taken(RoomView view, boolean hasTokens) implements SeatOutcome {}

    /** All seats are taken; nothing changed. */
    record Full() implements SeatOutcome {}
  }

  /** What became of the wish to take a seat over. */
  sealed interface TakeOverOutcome {
    /**
     * The seat is this server's.
     *
     * @param view the room right after the step
     * @param serial that of the next token
     */
    record TakenOver(RoomView view, long serial) implements TakeOverOutcome {}

    /** The seat does not stand any more; nothing changed. */
    record NotTaken() implements TakeOverOutcome {}

    /** The serial is not good; nothing changed. */
    record Refused() implements TakeOverOutcome {}
  }
}
