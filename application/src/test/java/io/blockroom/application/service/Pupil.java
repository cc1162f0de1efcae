package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.service.School.Server;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Somebody who acts and writes down all they are told, answers included. */
final class Pupil {
  private final Server server;
  private final RecordingFollower follower = new RecordingFollower();
  private @Nullable Seat seat;

  Pupil(Server server) {
    this.server = server;
  }

  void enters(String room, String nickname) {
    assertThat(triesToEnter(room, nickname)).isInstanceOf(JoinRoom.Outcome.Joined.class);
  }

  JoinRoom.Outcome triesToEnter(String room, String nickname) {
    JoinRoom.Outcome outcome = server.presence.join(new JoinRoom.Command(room, nickname, follower));
    if (outcome instanceof JoinRoom.Outcome.Joined joined) {
      seat = joined.seat();
    }
    return outcome;
  }

  Seat seat() {
    return Objects.requireNonNull(seat);
  }

  ClientId id() {
    return seat().clientId();
  }

  void leaves() {
    server.presence.leave(seat());
  }

  void asksFor(BlockId asked, BlockId... others) {
    server.locks.acquire(seat(), LockRequest.of(asked, List.of(others)), this::hear);
  }

  /** Commits an edit that touches the block and what else its events name. */
  void commits(BlockId block, String workspace, BlockId... touched) {
    offers(
        block,
        new EditEvents("[{}]", new LinkedHashSet<>(Arrays.asList(touched)), false),
        Optional.of(new WorkspaceXml(workspace)));
  }

  /** Commits an edit without saying what the workspace looks like after it. */
  void commitsWithoutWorkspace(BlockId block) {
    offers(block, new EditEvents("[{}]", Set.of(), false), Optional.empty());
  }

  void letsGo(BlockId block) {
    offers(block, EditEvents.NONE, Optional.empty());
  }

  private void offers(BlockId block, EditEvents events, Optional<WorkspaceXml> workspace) {
    server.commits.commit(
        seat(), new Commit(id(), block, events, workspace, Set.of(block)), this::hear);
  }

  /** As a session does it: the author of a refused commit is shown the room. */
  void isShownTheRoom() {
    server.feeds.show(seat());
  }

  private void hear(AcquireBlockLock.Outcome outcome) {
    follower.note(
        switch (outcome) {
          case AcquireBlockLock.Outcome.Granted granted ->
              "granted, held before " + granted.heldBefore();
          case AcquireBlockLock.Outcome.Denied denied -> "denied " + named(denied.conflicts());
          case AcquireBlockLock.Outcome.SeatLost lost -> "no seat";
        });
  }

  private void hear(CommitEdit.Outcome outcome) {
    follower.note(
        switch (outcome) {
          case CommitEdit.Outcome.Applied applied -> "applied " + applied.seq().value();
          case CommitEdit.Outcome.Refused refused -> "refused " + named(refused.conflicts());
          case CommitEdit.Outcome.Unavailable away -> "unavailable " + named(away.locks());
          case CommitEdit.Outcome.SeatLost lost -> "no seat";
        });
  }

  private static List<String> named(List<BlockLock> locks) {
    return locks.stream().map(lock -> lock.block() + " of " + lock.owner()).toList();
  }

  List<String> heard() {
    return follower.heard();
  }

  RoomState lastState() {
    return follower.lastState();
  }

  void forgets() {
    follower.forget();
  }
}
