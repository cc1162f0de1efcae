package io.blockroom.application.port.out;

import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;

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
   * Gives a seat back: broadcasts {@code BlockReleased} ({@code DISCONNECTED}) for every lock of
   * its holder, then {@code ParticipantLeft}, in one step. Does nothing if the seat is not taken.
   */
  void giveUp(RoomId room, ClientId clientId, LeaveReason reason);

  /** The room as it is now: seats and locks of one and the same moment. */
  RoomView look(RoomId room);

  /** How many seats of a room are taken. */
  int taken(RoomId room);

  /** Notes that a participant gave a sign of life. Does nothing if the seat is not taken. */
  void refresh(RoomId room, ClientId clientId);

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
}
