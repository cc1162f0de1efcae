package io.blockroom.application.port.in;

import io.blockroom.domain.participant.Participant;

/** Takes a seat in a room and follows what happens there. */
public interface JoinRoom {
  /**
   * Enters the room. When this returns {@link Outcome.Joined}, the follower is sent the state of
   * the room first and every later change after it; this may begin before the method returns.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if nothing can be read or stored
   * @throws io.blockroom.application.port.out.CoordinationUnavailable if no seat can be taken
   */
  Outcome join(Command command);

  /**
   * @param room the name of the room as the client wrote it
   * @param nickname the nickname as the client wrote it; empty if none was given
   * @param follower who is told what happens in the room
   */
  record Command(String room, String nickname, RoomFollower follower) {}

  /** What became of the wish to join. */
  sealed interface Outcome {
    /** The newcomer is in the room. */
    record Joined(Seat seat, Participant participant) implements Outcome {}

    /** All seats are taken. */
    record RoomFull() implements Outcome {}

    /** Nobody may be in the room. */
    record RoomClosed() implements Outcome {}

    /** The room's name is ill-formed, or it does not exist and may not be created. */
    record NoSuchRoom() implements Outcome {}
  }
}
