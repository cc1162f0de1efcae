package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.HandOverBlockLock;
import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.KeepSnapshot;
import io.blockroom.application.port.in.LeaveRoom.Manner;
import io.blockroom.application.port.in.QueueForBlockLock;
import io.blockroom.application.port.in.QueueForBlockLock.Waiting;
import io.blockroom.application.port.in.ReleaseBlockLocks;
import io.blockroom.application.port.in.ResumeRoom;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.service.School.Server;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Somebody who acts and writes down all they are told, answers included. */
final class Pupil {
  private final Server server;
  private final RecordingFollower follower;
  private @Nullable Seat seat;

  private Pupil(Server server, RecordingFollower follower) {
    this.server = server;
    this.follower = follower;
  }

  /** Reads XML only, names no commits and cannot come back. */
  static Pupil ofSeed(Server server) {
    return new Pupil(server, RecordingFollower.ofSeed());
  }

  /** Reads any form, and can come back. */
  static Pupil ofV1(Server server) {
    return new Pupil(server, RecordingFollower.ofV1());
  }

  /** What they were told last of what others are doing. */
  Map<ClientId, Presence> sees() {
    return follower.presence();
  }

  // Coming and going

  void enters(String room, String nickname) {
    assertThat(triesToEnter(room, nickname)).isInstanceOf(JoinRoom.Outcome.Joined.class);
  }

  JoinRoom.Outcome triesToEnter(String room, String nickname) {
    return sits(server.presence.join(new JoinRoom.Command(room, nickname, follower)));
  }

  /** Comes back over another connection, perhaps changing what it says of itself. */
  JoinRoom.Outcome resumes(Pupil former, UnaryOperator<ResumeRoom.Command> change) {
    RoomState known = former.lastState();
    return sits(
        server.presence.resume(
            change.apply(
                new ResumeRoom.Command(
                    former.seat().room().value(),
                    known.self().nickname().value(),
                    known.resumeToken().orElseThrow(),
                    Optional.of(known.workspace().epoch()),
                    former.follower.last(),
                    Set.of(),
                    follower))));
  }

  /** Comes back to a server over a new connection. */
  Pupil comesBackTo(Server other) {
    return comesBackTo(other, command -> command);
  }

  Pupil comesBackTo(Server other, UnaryOperator<ResumeRoom.Command> change) {
    Pupil again = ofV1(other);
    assertThat(again.resumes(this, change)).isInstanceOf(JoinRoom.Outcome.Joined.class);
    return again;
  }

  private JoinRoom.Outcome sits(JoinRoom.Outcome outcome) {
    if (outcome instanceof JoinRoom.Outcome.Joined joined) {
      seat = joined.seat();
    }
    return outcome;
  }

  /** Speaks for the first time under the newest token. */
  void speaks() {
    server.presence.confirm(seat(), follower);
  }

  void leaves() {
    server.presence.leave(seat(), follower, Manner.LEFT);
  }

  void breaksOff() {
    server.presence.leave(seat(), follower, Manner.BROKEN);
  }

  Seat seat() {
    return Objects.requireNonNull(seat);
  }

  RoomId room() {
    return seat().room();
  }

  ClientId id() {
    return seat().clientId();
  }

  // Locks

  void asksFor(BlockId asked, BlockId... others) {
    server.locks.acquire(seat(), LockRequest.of(asked, List.of(others)), this::hear);
  }

  void releases(BlockId... blocks) {
    server.locks.release(seat(), new LinkedHashSet<>(Arrays.asList(blocks)), this::hear);
  }

  /** Asks for blocks, if need be in line. */
  void waitsFor(BlockId asked, BlockId... others) {
    waitsFor(Duration.ofSeconds(10), asked, others);
  }

  void waitsFor(Duration atMost, BlockId asked, BlockId... others) {
    server.locks.queue(
        seat(),
        LockRequest.of(asked, List.of(others)),
        atMost,
        new Waiting() {
          @Override
          public void queued(int position, Optional<ClientId> owner) {
            follower.note("waits at " + position + owner.map(id -> " behind " + id).orElse(""));
          }

          @Override
          public void ended(QueueForBlockLock.Outcome outcome) {
            hear(outcome);
          }
        });
  }

  void waitsNoMoreFor(BlockId block) {
    server.locks.cancel(seat(), block, () -> follower.note("waits no more"));
  }

  void handsOver(BlockId block, Pupil to) {
    server.locks.handOver(seat(), block, to.id(), this::hear);
  }

  /** The token under which the block was last told to be locked. */
  FencingToken token(BlockId block) {
    return follower.token(block).orElseThrow();
  }

  // Commits

  /** Commits an edit that touches the block and what else its events name. */
  void commits(BlockId block, String workspace, BlockId... touched) {
    offers(edit(block, touched).with(workspace));
  }

  /** Commits an edit without saying what the workspace looks like after it. */
  void commitsWithoutWorkspace(BlockId block) {
    offers(edit(block));
  }

  void letsGo(BlockId block) {
    offers(edit(block).saying(EditEvents.NONE));
  }

  /** An edit that touches the block and what else its events name, and lets go of the block. */
  Edit edit(BlockId block, BlockId... touched) {
    return new Edit(id(), block)
        .saying(EditEvents.of("[{}]", new LinkedHashSet<>(Arrays.asList(touched))));
  }

  void offers(Edit edit) {
    server.commits.commit(seat(), edit.commit(), this::hear);
  }

  KeepSnapshot.Outcome sends(WorkspaceSnapshot snapshot) {
    return server.snapshots.keep(seat(), snapshot);
  }

  /** As a session does it: the author of a refused commit is shown the room. */
  void isShownTheRoom() {
    server.feeds.show(seat(), Cause.REFUSED);
  }

  // What was heard

  private void hear(AcquireBlockLock.Outcome outcome) {
    follower.note(
        switch (outcome) {
          case AcquireBlockLock.Outcome.Granted granted ->
              "granted, held before " + granted.heldBefore();
          case AcquireBlockLock.Outcome.Denied denied -> "denied " + named(denied.conflicts());
          case AcquireBlockLock.Outcome.LimitReached() -> "too many";
          case AcquireBlockLock.Outcome.SeatLost() -> "no seat";
        });
  }

  private void hear(QueueForBlockLock.Outcome outcome) {
    follower.note(
        switch (outcome) {
          case QueueForBlockLock.Outcome.Granted(AcquireBlockLock.Outcome.Granted granted) ->
              "granted "
                  + granted.locks().stream().map(BlockLock::block).toList()
                  + ", held before "
                  + granted.heldBefore();
          case QueueForBlockLock.Outcome.Denied denied -> "denied " + named(denied.conflicts());
          case QueueForBlockLock.Outcome.LineFull() -> "line full";
          case QueueForBlockLock.Outcome.LimitReached() -> "too many";
          case QueueForBlockLock.Outcome.GivenUp() -> "given up";
          case QueueForBlockLock.Outcome.Unavailable() -> "unavailable";
          case QueueForBlockLock.Outcome.SeatLost() -> "no seat";
        });
  }

  private void hear(HandOverBlockLock.Outcome outcome) {
    follower.note(
        switch (outcome) {
          case HandOverBlockLock.Outcome.HandedOver() -> "gave it";
          case HandOverBlockLock.Outcome.NotHeld() -> "not held";
          case HandOverBlockLock.Outcome.NoSuchParticipant() -> "nobody there";
          case HandOverBlockLock.Outcome.LimitReached() -> "too many";
          case HandOverBlockLock.Outcome.SeatLost() -> "no seat";
        });
  }

  private void hear(ReleaseBlockLocks.Outcome outcome) {
    follower.note(
        switch (outcome) {
          case ReleaseBlockLocks.Outcome.Released() -> "let go";
          case ReleaseBlockLocks.Outcome.NotHeld notHeld -> "not held " + notHeld.blocks();
          case ReleaseBlockLocks.Outcome.SeatLost() -> "no seat";
        });
  }

  private void hear(CommitEdit.Outcome outcome) {
    follower.note(
        switch (outcome) {
          case CommitEdit.Outcome.Applied(SequenceNumber seq, boolean isDuplicate) ->
              (isDuplicate ? "applied before " : "applied ") + seq.value();
          case CommitEdit.Outcome.Refused refused -> "refused " + named(refused.conflicts());
          case CommitEdit.Outcome.Fenced fenced -> "fenced " + fenced.blocks();
          case CommitEdit.Outcome.NotHeld notHeld -> "must hold " + notHeld.blocks();
          case CommitEdit.Outcome.Frozen() -> "frozen";
          case CommitEdit.Outcome.Mismatch() -> "mismatch";
          case CommitEdit.Outcome.Unavailable away -> "unavailable " + named(away.locks());
          case CommitEdit.Outcome.SeatLost() -> "no seat";
        });
  }

  private static List<String> named(List<BlockLock> locks) {
    return locks.stream().map(lock -> lock.block() + " of " + lock.owner()).toList();
  }

  List<String> heard() {
    return follower.heard();
  }

  List<CommitApplied> commitsHeard() {
    return follower.commits();
  }

  RoomState lastState() {
    return follower.lastState();
  }

  void forgets() {
    follower.forget();
  }
}
