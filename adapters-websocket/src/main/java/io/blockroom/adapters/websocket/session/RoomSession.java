package io.blockroom.adapters.websocket.session;

import static java.lang.System.Logger.Level.WARNING;

import io.blockroom.adapters.websocket.codec.ClientMessage;
import io.blockroom.adapters.websocket.codec.MessageReader;
import io.blockroom.adapters.websocket.codec.Reading;
import io.blockroom.adapters.websocket.connection.WebSocketSession;
import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.room.RoomEvent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One participant of the seed protocol: from the accepted connection to its end.
 *
 * <p>The connection's reader calls {@link #begin}, {@link #receive} and {@link #end}, one after the
 * other; the room's feed calls the follower's methods at any time between.
 */
final class RoomSession implements RoomFollower {
  private static final System.Logger LOG = System.getLogger(RoomSession.class.getName());

  private final RoomUseCases room;
  private final MessageReader reader;
  private final FrameCache frames;
  private final BadMessageCount badMessages;
  private final WebSocketSession connection;
  private @Nullable Seat seat;

  RoomSession(
      RoomUseCases room,
      MessageReader reader,
      FrameCache frames,
      BadMessageCount badMessages,
      WebSocketSession connection) {
    this.room = room;
    this.reader = reader;
    this.frames = frames;
    this.badMessages = badMessages;
    this.connection = connection;
  }

  // What the participant does

  void begin(String roomName, String nickname) {
    try {
      switch (room.join().join(new JoinRoom.Command(roomName, nickname, this))) {
        case JoinRoom.Outcome.Joined joined -> seat = joined.seat();
        case JoinRoom.Outcome.RoomFull full -> CloseCode.ROOM_FULL.close(connection);
        case JoinRoom.Outcome.NoSuchRoom none -> CloseCode.ROOM_NOT_FOUND.close(connection);
      }
    } catch (StorageUnavailable | CoordinationUnavailable away) {
      CloseCode.TRY_LATER.close(connection);
    }
  }

  void receive(String text) {
    if (seat == null) {
      return; // refused at the door; the connection is closing
    }
    switch (reader.read(text)) {
      case Reading.Understood understood -> obey(seat, understood.message());
      case Reading.Malformed malformed -> reject();
    }
  }

  /** A message that nothing can be made of: it changes nothing. */
  void reject() {
    if (badMessages.reachesLimit()) {
      CloseCode.FLOODED.close(connection);
    }
  }

  void end() {
    if (seat != null) {
      room.leave().leave(seat);
    }
  }

  private void obey(Seat mine, ClientMessage message) {
    switch (message) {
      case ClientMessage.LockAcquire acquire -> acquire(mine, acquire.request());
      case ClientMessage.CommitOffer offered -> commit(mine, offered.by(mine.clientId()));
      case ClientMessage.Heartbeat heartbeat -> room.keep().keep(mine);
    }
  }

  private void acquire(Seat mine, LockRequest request) {
    try {
      room.lock().acquire(mine, request, outcome -> answer(mine, request, outcome));
    } catch (CoordinationUnavailable away) {
      deny(request.asked(), Optional.empty());
    }
  }

  private void answer(Seat mine, LockRequest request, AcquireBlockLock.Outcome outcome) {
    switch (outcome) {
      case AcquireBlockLock.Outcome.Granted granted ->
          request.blocks().stream()
              .filter(granted.heldBefore()::contains)
              .forEach(block -> happened(new RoomEvent.BlockLocked(block, mine.clientId())));
      case AcquireBlockLock.Outcome.Denied denied ->
          deny(request.asked(), obstacle(request.asked(), denied.conflicts()));
      case AcquireBlockLock.Outcome.SeatLost lost -> seatLost();
    }
  }

  private void commit(Seat mine, Commit commit) {
    room.commit().commit(mine, commit, outcome -> answer(mine, commit, outcome));
  }

  private void answer(Seat mine, Commit commit, CommitEdit.Outcome outcome) {
    switch (outcome) {
      case CommitEdit.Outcome.Applied applied -> {} // told by the broadcast
      case CommitEdit.Outcome.Refused refused -> {
        refused.conflicts().forEach(lock -> deny(lock.block(), Optional.of(lock)));
        // The answer is given under the feed's monitor; fetching the room's state must not be.
        Thread.ofVirtual().name("show-" + mine.clientId()).start(() -> show(mine));
      }
      case CommitEdit.Outcome.Unavailable away ->
          deny(commit.block(), lockOn(commit.block(), away.locks()));
      case CommitEdit.Outcome.SeatLost lost -> seatLost();
    }
  }

  private void show(Seat mine) {
    try {
      room.show().show(mine);
    } catch (RuntimeException failure) {
      // Nothing of it may get out but its class: the text may hold anything.
      LOG.log(WARNING, "a room could not be shown: {0}", failure.getClass().getName());
      CloseCode.INTERNAL.close(connection);
    }
  }

  private void deny(BlockId block, Optional<BlockLock> obstacle) {
    connection.send(frames.lockDenied(block, obstacle));
  }

  /** The lock that a denial names: that on the asked block, else the first in the way. */
  private static Optional<BlockLock> obstacle(BlockId asked, List<BlockLock> conflicts) {
    return lockOn(asked, conflicts).or(() -> conflicts.stream().findFirst());
  }

  private static Optional<BlockLock> lockOn(BlockId block, List<BlockLock> locks) {
    return locks.stream().filter(lock -> lock.block().equals(block)).findFirst();
  }

  // What the room says

  @Override
  public void welcome(RoomState state) {
    connection.sendState(frames.initState(state));
  }

  @Override
  public void happened(RoomEvent event) {
    connection.send(frames.of(event));
  }

  @Override
  public void seatLost() {
    CloseCode.SEAT_LOST.close(connection);
  }
}
