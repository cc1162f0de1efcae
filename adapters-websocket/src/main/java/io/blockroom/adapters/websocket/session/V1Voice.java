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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code blockroom.v1}: every request has one reply that names it. */
final class V1Voice implements Voice {
  private final FrameCache frames;
  private final WebSocketSession connection;

  /** The request that the next state answers. */
  private final AtomicReference<@Nullable StateRequest> awaiting = new AtomicReference<>();

  V1Voice(FrameCache frames, WebSocketSession connection) {
    this.frames = frames;
    this.connection = connection;
  }

  @Override
  public Audience audience() {
    return Audience.V1;
  }

  @Override
  public FrameCache frames() {
    return frames;
  }

  @Override
  public WebSocketSession connection() {
    return connection;
  }

  @Override
  public boolean undoesRefusedEdits() {
    return true;
  }

  @Override
  public void welcome(RoomState state, Occasion occasion) {
    connection.sendState(
        frames.of(
            switch (occasion) {
              case Occasion.Joined _ -> new ServerMessage.InitState(state, Audience.V1);
              case Occasion.Resumed how -> new ServerMessage.Resumed(answered(), state, how);
              case Occasion.Returned back ->
                  new ServerMessage.Sync(answered(), state, back.cause(), back.acked());
              case Occasion.Again again ->
                  new ServerMessage.Sync(answered(), state, again.cause(), Map.of());
            }));
  }

  @Override
  public void presenceChanged(Map<ClientId, Presence> news) {
    frames.of(news).ifPresent(connection::sendHint);
  }

  @Override
  public void goingAway(Duration reconnectAfter) {
    say(new ServerMessage.GoingAway(reconnectAfter));
  }

  @Override
  public void snapshotWanted(SequenceNumber seq) {
    say(new ServerMessage.SnapshotRequest(seq));
  }

  @Override
  public void granted(Optional<String> request, LockRequest wanted, List<BlockLock> locks) {
    say(new ServerMessage.LockGranted(request, wanted.asked(), locks));
  }

  @Override
  public void denied(Optional<String> request, LockRequest wanted, List<BlockLock> obstacles) {
    say(new ServerMessage.LockDenied(request, wanted.asked(), ErrorCode.LOCKED, obstacles));
  }

  @Override
  public void queued(
      Optional<String> request, LockRequest wanted, int position, Optional<ClientId> owner) {
    say(new ServerMessage.LockQueued(request, wanted.asked(), position, owner));
  }

  @Override
  public void wanted(BlockId block, ClientId by, int waiting) {
    // A hint: whoever is behind is told of more important things.
    connection.sendHint(frames.of(new ServerMessage.LockWanted(block, by, waiting)));
  }

  @Override
  public void handedOver(BlockLock lock) {
    say(new ServerMessage.LockGranted(Optional.empty(), lock.block(), List.of(lock)));
  }

  @Override
  public void notLocked(Optional<String> request, LockRequest wanted, ErrorCode code) {
    failed(request, code);
  }

  @Override
  public void stands(Optional<String> request, Commit commit, CommitEdit.Outcome.Applied applied) {
    say(
        new ServerMessage.CommitAcknowledged(
            request, commit.id(), applied.seq(), applied.isDuplicate()));
  }

  @Override
  public void refused(Optional<String> request, Commit commit, Refusal refusal) {
    say(
        new ServerMessage.CommitDenied(
            request,
            commit.id(),
            refusal.code(),
            refusal.blocks(),
            refusal.obstaclesFor(commit.by()).stream().map(BlockLock::owner).findFirst(),
            refusal.last()));
  }

  @Override
  public void done(Optional<String> request) {
    say(new ServerMessage.Done(request));
  }

  @Override
  public void failed(Optional<String> request, ErrorCode code) {
    say(new ServerMessage.Failed(request, code, Optional.empty()));
  }

  @Override
  public void tooSoon(Optional<String> request, Duration wait) {
    say(new ServerMessage.Failed(request, ErrorCode.RATE_LIMITED, Optional.of(wait)));
  }

  @Override
  public boolean answersByState(StateRequest request) {
    return awaiting.compareAndSet(null, request);
  }

  @Override
  public void giveUp(StateRequest request) {
    if (awaiting.compareAndSet(request, null)) {
      failed(request.id(), ErrorCode.STORAGE_UNAVAILABLE);
    }
  }

  private Optional<String> answered() {
    StateRequest request = awaiting.getAndSet(null);
    return request == null ? Optional.empty() : request.id();
  }

  private void say(ServerMessage message) {
    connection.send(frames.of(message));
  }
}
