package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.Audience;
import io.blockroom.adapters.websocket.codec.ErrorCode;
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
import io.blockroom.domain.room.RoomEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says in one client's protocol what became of its requests and what happens in its room. A request
 * is named by the id that the client gave it. May be used by many threads.
 */
sealed interface Voice permits SeedVoice, V1Voice {
  Audience audience();

  FrameCache frames();

  WebSocketSession connection();

  /** Whether the client takes back an edit that is refused, and so need not be shown the room. */
  boolean undoesRefusedEdits();

  void welcome(RoomState state, Occasion occasion);

  default void happened(RoomEvent event) {
    frames().of(event, audience()).ifPresent(connection()::send);
  }

  /** An event that is told to this client alone. */
  default void happenedToMe(RoomEvent event) {
    frames().ofSingle(event, audience()).ifPresent(connection()::send);
  }

  /** A hint at what others are doing, which need not arrive. */
  void presenceChanged(Map<ClientId, Presence> news);

  /** The server stops serving; the client shall connect anew after that time. */
  void goingAway(Duration reconnectAfter);

  void snapshotWanted(SequenceNumber seq);

  /** All wanted blocks are the client's. */
  void granted(Optional<String> request, LockRequest wanted, List<BlockLock> locks);

  /** Somebody else holds a wanted block. */
  void denied(Optional<String> request, LockRequest wanted, List<BlockLock> obstacles);

  /**
   * Their turn has not come yet.
   *
   * @param owner who is in the way, if anybody is
   */
  void queued(Optional<String> request, LockRequest wanted, int position, Optional<ClientId> owner);

  /** Somebody waits for a block that the client holds. */
  void wanted(BlockId block, ClientId by, int waiting);

  /** A lock was given to the client, which did not ask for it. */
  void handedOver(BlockLock lock);

  /** The wish for locks is not fulfilled, though nobody is in the way. */
  void notLocked(Optional<String> request, LockRequest wanted, ErrorCode code);

  void stands(Optional<String> request, Commit commit, CommitEdit.Outcome.Applied applied);

  void refused(Optional<String> request, Commit commit, Refusal refusal);

  void done(Optional<String> request);

  void failed(Optional<String> request, ErrorCode code);

  void tooSoon(Optional<String> request, Duration wait);

  /** The next state is the answer to this request; false if it is one to another already. */
  boolean answersByState(StateRequest request);

  /** No state came in time: the storage is away. */
  void giveUp(StateRequest request);

  /** A request that is answered by a state; each is one of its own. */
  final class StateRequest {
    private final Optional<String> id;

    StateRequest(Optional<String> id) {
      this.id = id;
    }

    Optional<String> id() {
      return id;
    }
  }
}
