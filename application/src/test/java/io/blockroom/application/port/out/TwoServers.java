package io.blockroom.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.Seats.SeatOutcome;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Two servers that share their rooms: where the contracts of the coordination are tried. */
public interface TwoServers {
  Participant ADA = participant("ada-1", "Ada");
  Participant BOB = participant("bob-2", "Bob");
  Participant CAT = participant("cat-3", "Cat");
  BlockId INTRO = new BlockId("intro:{*}");
  BlockId LOOP = new BlockId("loop[%]");
  BlockId END = new BlockId("끝🙂");

  /** How soon a change is told, at the latest, while everything is well. */
  Duration SOON = Duration.ofSeconds(5);

  /** The server that most tests talk to. */
  Server here();

  /** Another one. */
  Server there();

  /** Ends the other server as a crash does: it gives nothing back. */
  void crashThere();

  /** How soon after a crash everybody is told, at the latest. */
  Duration crashIsToldWithin();

  /** From now on nothing that is asked of the coordination is answered. */
  void cutOff();

  /** The coordination answers again; it has kept everything. */
  void reconnect();

  /** A room that no other test uses. */
  RoomId room();

  /** One server's view of the coordination, and what it was told. */
  interface Server {
    Seats seats();

    BlockLocks locks();

    RoomBroadcast broadcast();

    /** Listens to {@link #broadcast()} since the server started. */
    ChangesHeard heard();
  }

  /** Somebody with that id and name. */
  static Participant participant(String id, String nickname) {
    return new Participant(new ClientId(id), new Nickname(nickname), Color.ofPalette(1));
  }

  /** Seats somebody, who must find a place. */
  default RoomView seat(Server server, Participant participant) {
    SeatOutcome outcome = server.seats().take(room(), participant, 10);
    assertThat(outcome).isInstanceOf(SeatOutcome.Taken.class);
    return ((SeatOutcome.Taken) outcome).view();
  }

  /** Asks for blocks. */
  default LockOutcome ask(Server server, Participant asker, BlockId asked, BlockId... others) {
    return server.locks().acquire(room(), asker.clientId(), LockRequest.of(asked, List.of(others)));
  }

  /** Locks blocks, which must be granted. */
  default LockOutcome.Granted lock(
      Server server, Participant asker, BlockId asked, BlockId... others) {
    LockOutcome outcome = ask(server, asker, asked, others);
    assertThat(outcome).isInstanceOf(LockOutcome.Granted.class);
    return (LockOutcome.Granted) outcome;
  }

  /** An edit of the introduction. */
  static CommitApplied edit(Participant by) {
    return new CommitApplied(
        new SequenceNumber(7),
        by.clientId(),
        INTRO,
        "[{\"type\":\"move\",\"blockId\":\"intro:{*}\"}]",
        Optional.of(new WorkspaceXml("<xml>글</xml>")));
  }

  static RoomEvent joined(Participant who) {
    return new RoomEvent.ParticipantJoined(who);
  }

  static RoomEvent left(Participant who) {
    return new RoomEvent.ParticipantLeft(who.clientId());
  }

  static RoomEvent locked(BlockId block, Participant by) {
    return new RoomEvent.BlockLocked(block, by.clientId());
  }

  static RoomEvent released(BlockId block) {
    return new RoomEvent.BlockReleased(block);
  }

  static Set<BlockId> blocks(BlockId... ids) {
    return new LinkedHashSet<>(Arrays.asList(ids));
  }

  /** Tries something while the coordination does not answer. */
  default void assertRefusedWithin3Seconds(ThrowingCallable call) {
    cutOff();
    try {
      long asked = System.nanoTime();
      assertThatThrownBy(call).isInstanceOf(CoordinationUnavailable.class);
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
    } finally {
      reconnect();
    }
  }
}
