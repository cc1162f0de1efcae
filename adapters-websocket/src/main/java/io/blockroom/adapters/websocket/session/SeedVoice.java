package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.Audience;
import io.blockroom.adapters.websocket.codec.ErrorCode;
import io.blockroom.adapters.websocket.codec.ServerMessage;
import io.blockroom.adapters.websocket.connection.WebSocketSession;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The seed protocol. It has one word for every refusal, {@code LOCK_DENIED}, one for every state,
 * {@code INIT_STATE}, and none for what is done: that is heard as everybody hears it.
 */
record SeedVoice(FrameCache frames, WebSocketSession connection) implements Voice {
  @Override
  public Audience audience() {
    return Audience.SEED;
  }

  @Override
  public boolean undoesRefusedEdits() {
    return false;
  }

  @Override
  public void welcome(RoomState state, Occasion occasion) {
    connection.sendState(frames.of(new ServerMessage.InitState(state, Audience.SEED)));
    state.workspace().tail().stream()
        .map(CommitApplied::of)
        .flatMap(commit -> frames.ofSingle(commit, Audience.SEED).stream())
        .forEach(connection::sendState);
  }

  @Override
  public void presenceChanged(Map<ClientId, Presence> news) {}

  @Override
  public void goingAway(Duration reconnectAfter) {}

  @Override
  public void snapshotWanted(SequenceNumber seq) {}

  @Override
  public void granted(Optional<String> request, LockRequest wanted, List<BlockLock> locks) {}

  @Override
  public void denied(Optional<String> request, LockRequest wanted, List<BlockLock> obstacles) {
    deny(wanted.asked(), ErrorCode.LOCKED, obstacles);
  }

  @Override
  public void queued(
      Optional<String> request, LockRequest wanted, int position, Optional<ClientId> owner) {}

  @Override
  public void wanted(BlockId block, ClientId by, int waiting) {}

  @Override
  public void handedOver(BlockLock lock) {}

  @Override
  public void notLocked(Optional<String> request, LockRequest wanted, ErrorCode code) {
    deny(wanted.asked(), code, List.of());
  }

  @Override
  public void stands(Optional<String> request, Commit commit, CommitEdit.Outcome.Applied applied) {}

  /** One denial for each block that another holds; one for the asked block if there is none. */
  @Override
  public void refused(Optional<String> request, Commit commit, Refusal refusal) {
    List<BlockLock> obstacles = refusal.obstaclesFor(commit.by());
    obstacles.forEach(lock -> deny(lock.block(), refusal.code(), List.of(lock)));
    if (obstacles.isEmpty()) {
      List<BlockLock> onAsked =
          refusal.locks().stream().filter(lock -> lock.block().equals(commit.block())).toList();
      deny(commit.block(), refusal.code(), onAsked);
    }
  }

  @Override
  public void done(Optional<String> request) {}

  @Override
  public void failed(Optional<String> request, ErrorCode code) {}

  @Override
  public void tooSoon(Optional<String> request, Duration wait) {}

  @Override
  public boolean answersByState(StateRequest request) {
    return false;
  }

  @Override
  public void giveUp(StateRequest request) {}

  private void deny(BlockId block, ErrorCode code, List<BlockLock> obstacles) {
    connection.send(
        frames.of(new ServerMessage.LockDenied(Optional.empty(), block, code, obstacles)));
  }
}
