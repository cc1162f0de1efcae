package io.blockroom.application.port.in;

import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.SequenceNumber;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Lets a participant whose connection broke go on. */
public interface ResumeRoom {
  /**
   * Takes the seat again if it is still held, else a new one, and sends the follower what was
   * missed since the last commit it knows ({@code Resumed}), or the whole state if that cannot be
   * done ({@code Returned}). A connection that still has the seat is told that it is replaced. A
   * token that is forged, of another room, expired or used up never gives another's identity.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if nothing can be read
   * @throws io.blockroom.application.port.out.CoordinationUnavailable if no seat can be taken
   */
  JoinRoom.Outcome resume(Command command);

  /**
   * Notes that the participant speaks under the newest token: earlier ones are good no more. To be
   * called once, at the first message after each state that brought a token.
   */
  void confirm(Seat seat, RoomFollower follower);

  /**
   * @param room the name of the room as the client wrote it
   * @param nickname the nickname as the client wrote it, for a new seat; empty if none was given
   * @param token the resume token as the client sent it
   * @param epoch the epoch that the client knows; empty if it is none
   * @param last the last commit that the client knows
   * @param pending commits of the client that it has no answer to
   */
  record Command(
      String room,
      String nickname,
      String token,
      Optional<Epoch> epoch,
      SequenceNumber last,
      Set<CommitId> pending,
      RoomFollower follower) {
    /** Commits that one resumption may ask about. */
    public static final int MAX_PENDING = 200;

    public Command {
      pending = Collections.unmodifiableSet(new LinkedHashSet<>(pending));
    }
  }
}
