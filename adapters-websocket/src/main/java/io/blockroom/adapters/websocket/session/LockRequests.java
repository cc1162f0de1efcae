package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.ClientMessage;
import io.blockroom.adapters.websocket.codec.ErrorCode;
import io.blockroom.adapters.websocket.connection.WebSocketSession;
import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.HandOverBlockLock;
import io.blockroom.application.port.in.QueueForBlockLock;
import io.blockroom.application.port.in.ReleaseBlockLocks;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomEvent;
import java.util.Optional;
import java.util.Set;

/** Carries out what a participant asks for about locks; confined to their connection's reader. */
final class LockRequests {
  private final RoomUseCases room;
  private final Seat mine;
  private final Voice voice;
  private final WebSocketSession connection;

  LockRequests(RoomUseCases room, Seat mine, Voice voice, WebSocketSession connection) {
    this.room = room;
    this.mine = mine;
    this.voice = voice;
    this.connection = connection;
  }

  void acquire(Optional<String> request, ClientMessage.LockAcquire acquire) {
    LockRequest wanted = acquire.request();
    try {
      if (acquire.patience().isPresent()) {
        room.queue()
            .queue(mine, wanted, acquire.patience().get(), new PlaceInLine(request, wanted));
      } else {
        room.lock().acquire(mine, wanted, outcome -> answer(request, wanted, outcome));
      }
    } catch (CoordinationUnavailable away) {
      voice.notLocked(request, wanted, ErrorCode.COORDINATION_UNAVAILABLE);
    } catch (StorageUnavailable away) {
      voice.notLocked(request, wanted, ErrorCode.STORAGE_UNAVAILABLE);
    }
  }

  private void answer(
      Optional<String> request, LockRequest wanted, AcquireBlockLock.Outcome outcome) {
    switch (outcome) {
      case AcquireBlockLock.Outcome.Granted granted -> {
        granted.locks().stream()
            .filter(lock -> granted.heldBefore().contains(lock.block()))
            .map(lock -> new RoomEvent.BlockLocked(lock.block(), lock.owner(), lock.token()))
            .forEach(voice::happenedToMe);
        voice.granted(request, wanted, granted.locks());
      }
      case AcquireBlockLock.Outcome.Denied denied ->
          voice.denied(request, wanted, denied.conflicts());
      case AcquireBlockLock.Outcome.LimitReached _ ->
          voice.notLocked(request, wanted, ErrorCode.LOCK_LIMIT);
      case AcquireBlockLock.Outcome.SeatLost _ -> CloseCode.SEAT_LOST.close(connection);
    }
  }

  /** Tells of a wish for locks that takes its time, always under its name. */
  private final class PlaceInLine implements QueueForBlockLock.Waiting {
    private final Optional<String> request;
    private final LockRequest wanted;

    private PlaceInLine(Optional<String> request, LockRequest wanted) {
      this.request = request;
      this.wanted = wanted;
    }

    @Override
    public void queued(int position, Optional<ClientId> owner) {
      voice.queued(request, wanted, position, owner);
    }

    @Override
    public void ended(QueueForBlockLock.Outcome outcome) {
      switch (outcome) {
        case QueueForBlockLock.Outcome.Granted granted -> answer(request, wanted, granted.grant());
        case QueueForBlockLock.Outcome.Denied denied ->
            voice.denied(request, wanted, denied.conflicts());
        case QueueForBlockLock.Outcome.LineFull _ -> voice.failed(request, ErrorCode.QUEUE_FULL);
        case QueueForBlockLock.Outcome.LimitReached _ ->
            voice.notLocked(request, wanted, ErrorCode.LOCK_LIMIT);
        case QueueForBlockLock.Outcome.GivenUp _ -> voice.failed(request, ErrorCode.QUEUE_TIMEOUT);
        case QueueForBlockLock.Outcome.Unavailable _ ->
            voice.notLocked(request, wanted, ErrorCode.COORDINATION_UNAVAILABLE);
        case QueueForBlockLock.Outcome.SeatLost _ -> CloseCode.SEAT_LOST.close(connection);
      }
    }
  }

  void cancel(Optional<String> request, BlockId block) {
    try {
      room.cancel().cancel(mine, block, () -> voice.done(request));
    } catch (CoordinationUnavailable away) {
      voice.failed(request, ErrorCode.COORDINATION_UNAVAILABLE);
    }
  }

  void handOver(Optional<String> request, ClientMessage.LockHandover handover) {
    try {
      room.handOver()
          .handOver(mine, handover.block(), handover.to(), outcome -> answer(request, outcome));
    } catch (CoordinationUnavailable away) {
      voice.failed(request, ErrorCode.COORDINATION_UNAVAILABLE);
    } catch (StorageUnavailable away) {
      voice.failed(request, ErrorCode.STORAGE_UNAVAILABLE);
    }
  }

  private void answer(Optional<String> request, HandOverBlockLock.Outcome outcome) {
    switch (outcome) {
      case HandOverBlockLock.Outcome.HandedOver _ -> voice.done(request);
      case HandOverBlockLock.Outcome.NotHeld _ -> voice.failed(request, ErrorCode.LOCK_NOT_HELD);
      case HandOverBlockLock.Outcome.NoSuchParticipant _ ->
          voice.failed(request, ErrorCode.FORBIDDEN);
      case HandOverBlockLock.Outcome.LimitReached _ -> voice.failed(request, ErrorCode.LOCK_LIMIT);
      case HandOverBlockLock.Outcome.SeatLost _ -> CloseCode.SEAT_LOST.close(connection);
    }
  }

  void release(Optional<String> request, Set<BlockId> blocks) {
    try {
      room.unlock().release(mine, blocks, outcome -> answer(request, outcome));
    } catch (CoordinationUnavailable away) {
      voice.failed(request, ErrorCode.COORDINATION_UNAVAILABLE);
    }
  }

  private void answer(Optional<String> request, ReleaseBlockLocks.Outcome outcome) {
    switch (outcome) {
      case ReleaseBlockLocks.Outcome.Released _ -> voice.done(request);
      case ReleaseBlockLocks.Outcome.NotHeld _ -> voice.failed(request, ErrorCode.LOCK_NOT_HELD);
      case ReleaseBlockLocks.Outcome.SeatLost _ -> CloseCode.SEAT_LOST.close(connection);
    }
  }
}
