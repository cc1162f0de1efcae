package io.blockroom.adapters.websocket.session;

import static java.lang.System.Logger.Level.WARNING;

import io.blockroom.adapters.websocket.codec.ClientMessage;
import io.blockroom.adapters.websocket.codec.ErrorCode;
import io.blockroom.adapters.websocket.connection.WebSocketSession;
import io.blockroom.adapters.websocket.session.Voice.StateRequest;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Carries out what a participant asks for; confined to the reader of their connection. */
final class Requests {
  private static final System.Logger LOG = System.getLogger(Requests.class.getName());

  /** A whole state is much to send for a short request. */
  private static final Duration BETWEEN_STATES = Duration.ofSeconds(1);

  /** So that the answer comes within 5 s. */
  private static final Duration STATE_WAIT = Duration.ofSeconds(4);

  private final RoomUseCases room;
  private final Seat mine;
  private final Voice voice;
  private final WebSocketSession connection;
  private final InstantSource clock;
  private final Alarm alarm;
  private final LockRequests locks;
  private final OpenCommits commits = new OpenCommits();
  private Instant nextState = Instant.MIN;

  Requests(
      RoomUseCases room,
      Seat mine,
      Voice voice,
      WebSocketSession connection,
      InstantSource clock,
      Alarm alarm) {
    this.room = room;
    this.mine = mine;
    this.voice = voice;
    this.connection = connection;
    this.clock = clock;
    this.alarm = alarm;
    this.locks = new LockRequests(room, mine, voice, connection);
  }

  void carryOut(ClientMessage message, Optional<String> request) {
    switch (message) {
      case ClientMessage.LockAcquire acquire -> locks.acquire(request, acquire);
      case ClientMessage.LockCancel cancel -> locks.cancel(request, cancel.block());
      case ClientMessage.LockHandover handover -> locks.handOver(request, handover);
      case ClientMessage.LockRelease release -> locks.release(request, release.blocks());
      case ClientMessage.CommitOffer offered -> commit(request, offered.by(mine.clientId()));
      case ClientMessage.SnapshotOffer offered -> keep(request, offered.snapshot());
      case ClientMessage.SyncRequest _ -> synchronize(request);
      case ClientMessage.Resume _ -> voice.failed(request, ErrorCode.BAD_MESSAGE);
      case ClientMessage.RoomControl _ -> voice.failed(request, ErrorCode.FORBIDDEN);
      case ClientMessage.Heartbeat beat -> room.keep().keep(mine, beat.isVisible());
      case ClientMessage.PresenceHint hint -> room.keep().show(mine, hint.presence());
    }
  }

  private void commit(Optional<String> request, Commit commit) {
    if (commits.begin()) {
      room.commit()
          .commit(
              mine,
              commit,
              outcome -> {
                answer(request, commit, outcome);
                commits.end();
              });
    }
  }

  /** Takes no more commits, and does that when those under way are answered. */
  void endWith(Runnable last) {
    commits.endWith(last);
  }

  private void answer(Optional<String> request, Commit commit, CommitEdit.Outcome outcome) {
    switch (outcome) {
      case CommitEdit.Outcome.Applied applied -> voice.stands(request, commit, applied);
      case CommitEdit.Outcome.Refused refused -> refuse(request, commit, Refusal.of(refused));
      case CommitEdit.Outcome.Fenced fenced -> refuse(request, commit, Refusal.of(fenced));
      case CommitEdit.Outcome.NotHeld notHeld -> refuse(request, commit, Refusal.of(notHeld));
      case CommitEdit.Outcome.Frozen _ ->
          refuse(request, commit, Refusal.of(ErrorCode.ROOM_FROZEN));
      case CommitEdit.Outcome.Mismatch _ ->
          refuse(request, commit, Refusal.of(ErrorCode.CID_MISMATCH));
      // When it is back, the participant is shown what became of the commit.
      case CommitEdit.Outcome.Unavailable away -> voice.refused(request, commit, Refusal.of(away));
      case CommitEdit.Outcome.SeatLost _ -> CloseCode.SEAT_LOST.close(connection);
    }
  }

  private void refuse(Optional<String> request, Commit commit, Refusal refusal) {
    voice.refused(request, commit, refusal);
    if (!voice.undoesRefusedEdits()) {
      // The answer is given under the feed's monitor; fetching the room's state must not be.
      Thread.ofVirtual().name("show-" + mine.clientId()).start(this::showTheTruth);
    }
  }

  private void showTheTruth() {
    try {
      room.show().show(mine, Cause.REFUSED);
    } catch (RuntimeException failure) {
      // Nothing of it may get out but its class: the text may hold anything.
      LOG.log(WARNING, "a room could not be shown: {0}", failure.getClass().getName());
      CloseCode.INTERNAL.close(connection);
    }
  }

  private void keep(Optional<String> request, WorkspaceSnapshot snapshot) {
    try {
      switch (room.snapshot().keep(mine, snapshot)) {
        case KEPT -> voice.done(request);
        case STALE -> voice.failed(request, ErrorCode.STALE_SNAPSHOT);
        case NO_SUCH_ROOM -> voice.failed(request, ErrorCode.ROOM_NOT_FOUND);
      }
    } catch (StorageUnavailable away) {
      voice.failed(request, ErrorCode.STORAGE_UNAVAILABLE);
    }
  }

  private void synchronize(Optional<String> request) {
    Instant now = clock.instant();
    StateRequest awaited = new StateRequest(request);
    if (now.isBefore(nextState) || !voice.answersByState(awaited)) {
      voice.tooSoon(request, BETWEEN_STATES);
      return;
    }
    nextState = now.plus(BETWEEN_STATES);
    alarm.after(STATE_WAIT, () -> voice.giveUp(awaited));
    room.show().show(mine, Cause.REQUESTED);
  }
}
