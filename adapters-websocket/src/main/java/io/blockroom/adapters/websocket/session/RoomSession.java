package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.Audience;
import io.blockroom.adapters.websocket.codec.ClientMessage;
import io.blockroom.adapters.websocket.codec.ErrorCode;
import io.blockroom.adapters.websocket.codec.MessageReader;
import io.blockroom.adapters.websocket.codec.Reading;
import io.blockroom.adapters.websocket.connection.WebSocketSession;
import io.blockroom.adapters.websocket.session.Voice.StateRequest;
import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.LeaveRoom.Manner;
import io.blockroom.application.port.in.ResumeRoom;
import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.snapshot.WorkspaceForm;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One participant, from the accepted connection to its end: at the door, in the room, gone.
 *
 * <p>The connection's reader calls {@link #begin}, {@link #receive} and {@link #end}, one after the
 * other; the room's feed calls the follower's methods at any time between, and the server's
 * departure {@link #goAway} and {@link #restart}.
 */
final class RoomSession implements RoomFollower {
  private static final Duration RESUME_WAIT = Duration.ofSeconds(5);

  private final RoomUseCases room;
  private final MessageReader reader;
  private final Voice voice;
  private final WebSocketSession connection;
  private final InstantSource clock;
  private final Alarm alarm;
  private final BadMessageCount badMessages;

  /** Somebody who says that they were here before; until they have said where they stopped. */
  private final AtomicReference<@Nullable Newcomer> atTheDoor = new AtomicReference<>();

  /** Whether a resume token was sent under which nothing has been said yet. */
  private final AtomicBoolean hasUnusedToken = new AtomicBoolean();

  /** Who this is, as the first state says. */
  private Optional<ClientId> self = Optional.empty();

  private @Nullable Seat seat;
  private volatile @Nullable Requests requests;

  /** Whether the room has been shown, before which nothing else may be said. */
  private volatile boolean isIn;

  /** What the address and the handshake say. */
  record Newcomer(String room, String nickname, Optional<String> resumeToken) {
    @Override
    public String toString() {
      return "newcomer";
    }
  }

  RoomSession(
      RoomUseCases room,
      MessageReader reader,
      Voice voice,
      WebSocketSession connection,
      InstantSource clock,
      Alarm alarm) {
    this.room = room;
    this.reader = reader;
    this.voice = voice;
    this.connection = connection;
    this.clock = clock;
    this.alarm = alarm;
    this.badMessages = new BadMessageCount(clock);
  }

  // What the participant does

  void begin(Newcomer newcomer) {
    if (newcomer.resumeToken().isEmpty()) {
      enter(
          () -> room.join().join(new JoinRoom.Command(newcomer.room(), newcomer.nickname(), this)));
      return;
    }
    atTheDoor.set(newcomer);
    alarm.after(RESUME_WAIT, () -> leaveTheDoor().ifPresent(_ -> turnAway()));
  }

  void receive(String text) {
    Requests carrying = requests;
    if (carrying == null) {
      leaveTheDoor().ifPresent(newcomer -> resume(newcomer, reader.read(text, voice.audience())));
      return;
    }
    if (hasUnusedToken.compareAndSet(true, false) && seat != null) {
      room.resume().confirm(seat, this);
    }
    switch (reader.read(text, voice.audience())) {
      case Reading.Understood(ClientMessage message, Optional<String> id) ->
          carrying.carryOut(message, id);
      case Reading.Malformed(ErrorCode code, Optional<String> id) -> reject(id, code);
    }
  }

  /** Bytes are no message of either protocol. */
  void receiveBytes() {
    if (requests == null) {
      leaveTheDoor().ifPresent(_ -> refuseAtTheDoor(Optional.empty()));
      return;
    }
    reject(Optional.empty(), ErrorCode.BAD_MESSAGE);
  }

  void end(int status) {
    leaveTheDoor();
    if (seat != null) {
      room.leave().leave(seat, this, mannerOf(status));
    }
  }

  /** A message that nothing can be made of: it changes nothing. */
  private void reject(Optional<String> id, ErrorCode code) {
    voice.failed(id, code);
    if (badMessages.reachesLimit()) {
      CloseCode.FLOODED.close(connection);
    }
  }

  private void resume(Newcomer newcomer, Reading reading) {
    if (reading instanceof Reading.Understood(ClientMessage.Resume resume, Optional<String> id)) {
      var _ = voice.answersByState(new StateRequest(id));
      enter(() -> room.resume().resume(commandOf(newcomer, resume)));
    } else {
      refuseAtTheDoor(reading.id());
    }
  }

  private ResumeRoom.Command commandOf(Newcomer newcomer, ClientMessage.Resume resume) {
    return new ResumeRoom.Command(
        newcomer.room(),
        newcomer.nickname(),
        newcomer.resumeToken().orElse(""),
        resume.epoch(),
        resume.last(),
        resume.pending(),
        this);
  }

  private void refuseAtTheDoor(Optional<String> id) {
    voice.failed(id, ErrorCode.BAD_MESSAGE);
    turnAway();
  }

  private void turnAway() {
    CloseCode.RESUME_EXPECTED.close(connection);
  }

  /** Somebody leaves the door once: whoever gets them decides where they go. */
  private Optional<Newcomer> leaveTheDoor() {
    return Optional.ofNullable(atTheDoor.getAndSet(null));
  }

  private void enter(Supplier<JoinRoom.Outcome> entrance) {
    try {
      switch (entrance.get()) {
        case JoinRoom.Outcome.Joined joined -> {
          seat = joined.seat();
          requests = new Requests(room, joined.seat(), voice, connection, clock, alarm);
        }
        case JoinRoom.Outcome.RoomFull _ -> CloseCode.ROOM_FULL.close(connection);
        case JoinRoom.Outcome.RoomClosed _ -> CloseCode.ROOM_CLOSED.close(connection);
        case JoinRoom.Outcome.NoSuchRoom _ -> CloseCode.ROOM_NOT_FOUND.close(connection);
      }
    } catch (StorageUnavailable | CoordinationUnavailable away) {
      CloseCode.TRY_LATER.close(connection);
    }
  }

  /** Lost (1006), restarting, too slow or silent: the client did not mean it. */
  private Manner mannerOf(int status) {
    return switch (status) {
      case 1006 -> Manner.BROKEN;
      case 1012, 4009, 4010 -> connection.isEndedByPeer() ? Manner.LEFT : Manner.BROKEN;
      default -> Manner.LEFT;
    };
  }

  // What the server does

  /** Says that this server stops serving; to nobody who has not yet been shown the room. */
  void goAway(Duration reconnectAfter) {
    if (isIn) {
      voice.goingAway(reconnectAfter);
    }
  }

  /** Closes behind the answers to commits that are under way; none is taken any more. */
  void restart() {
    Requests underWay = requests;
    if (underWay == null) {
      CloseCode.RESTARTING.close(connection);
    } else {
      underWay.endWith(() -> CloseCode.RESTARTING.close(connection));
    }
  }

  // What the room says

  @Override
  public WorkspaceForm form() {
    return switch (voice.audience()) {
      case SEED -> WorkspaceForm.XML;
      case V1 -> WorkspaceForm.ANY;
    };
  }

  @Override
  public boolean canResume() {
    return voice.audience() == Audience.V1;
  }

  @Override
  public void welcome(RoomState state, Occasion occasion) {
    self = Optional.of(state.self().clientId());
    voice.welcome(state, occasion);
    isIn = true;
    if (state.resumeToken().isPresent()) {
      hasUnusedToken.set(true);
    }
  }

  @Override
  public void happened(RoomEvent event) {
    voice.happened(event);
    if (event instanceof RoomEvent.RoomClosed) {
      CloseCode.ROOM_CLOSED.close(connection);
    }
  }

  @Override
  public void wanted(BlockId block, ClientId by, int waiting) {
    voice.wanted(block, by, waiting);
  }

  @Override
  public void handedOver(BlockLock lock) {
    voice.handedOver(lock);
  }

  @Override
  public void presenceChanged(Map<ClientId, Presence> news) {
    if (self.filter(me -> news.keySet().equals(Set.of(me))).isEmpty()) {
      voice.presenceChanged(news);
    }
  }

  @Override
  public void snapshotWanted(SequenceNumber seq) {
    voice.snapshotWanted(seq);
  }

  @Override
  public void seatLost() {
    CloseCode.SEAT_LOST.close(connection);
  }

  @Override
  public void replaced() {
    CloseCode.REPLACED.close(connection);
  }
}
