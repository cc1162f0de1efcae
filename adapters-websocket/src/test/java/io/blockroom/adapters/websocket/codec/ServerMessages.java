package io.blockroom.adapters.websocket.codec;

import io.blockroom.adapters.websocket.codec.ServerMessage.CommitAcknowledged;
import io.blockroom.adapters.websocket.codec.ServerMessage.CommitDenied;
import io.blockroom.adapters.websocket.codec.ServerMessage.Done;
import io.blockroom.adapters.websocket.codec.ServerMessage.Failed;
import io.blockroom.adapters.websocket.codec.ServerMessage.GoingAway;
import io.blockroom.adapters.websocket.codec.ServerMessage.InitState;
import io.blockroom.adapters.websocket.codec.ServerMessage.LockDenied;
import io.blockroom.adapters.websocket.codec.ServerMessage.LockGranted;
import io.blockroom.adapters.websocket.codec.ServerMessage.LockQueued;
import io.blockroom.adapters.websocket.codec.ServerMessage.LockWanted;
import io.blockroom.adapters.websocket.codec.ServerMessage.PresenceUpdate;
import io.blockroom.adapters.websocket.codec.ServerMessage.Resumed;
import io.blockroom.adapters.websocket.codec.ServerMessage.SnapshotRequest;
import io.blockroom.adapters.websocket.codec.ServerMessage.Sync;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.GrantReason;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Cursor;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.presence.Status;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.BlockLocked;
import io.blockroom.domain.room.RoomEvent.BlockReleased;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomEvent.HistoryReplaced;
import io.blockroom.domain.room.RoomEvent.LineJoined;
import io.blockroom.domain.room.RoomEvent.LineLeft;
import io.blockroom.domain.room.RoomEvent.ParticipantJoined;
import io.blockroom.domain.room.RoomEvent.ParticipantLeft;
import io.blockroom.domain.room.RoomEvent.RoomClosed;
import io.blockroom.domain.room.RoomEvent.RulesChanged;
import io.blockroom.domain.room.RoomEvent.SeatTakenOver;
import io.blockroom.domain.room.RoomEvent.TurnCame;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** What the server may have to say, by chance; one source for each kind. */
final class ServerMessages {
  static final SessionLimits LIMITS =
      new SessionLimits(
          1_048_576,
          300,
          200,
          Duration.ofSeconds(10),
          Duration.ofSeconds(15),
          Duration.ofSeconds(8));

  private static final List<String> TEXTS =
      List.of("b1", "01J…", "__proto__", "\"", "a b", "가나", "😀", "{x}:*", "\u2028", "0");

  private final Random random;

  ServerMessages(Random random) {
    this.random = random;
  }

  Map<Class<?>, Supplier<ServerMessage>> messages() {
    return Map.ofEntries(
        Map.entry(InitState.class, this::initState),
        Map.entry(
            Resumed.class, () -> new Resumed(maybe(this::text), state(Audience.V1), resumed())),
        Map.entry(
            Sync.class,
            () -> new Sync(maybe(this::text), state(Audience.V1), one(Cause.values()), acked())),
        Map.entry(LockGranted.class, this::lockGranted),
        Map.entry(
            LockDenied.class,
            () ->
                new LockDenied(
                    maybe(this::text), block(), one(ErrorCode.values()), locks(random.nextInt(3)))),
        Map.entry(
            LockQueued.class,
            () ->
                new LockQueued(
                    maybe(this::text), block(), 1 + random.nextInt(50), maybe(this::clientId))),
        Map.entry(LockWanted.class, () -> new LockWanted(block(), clientId(), random.nextInt(50))),
        Map.entry(
            CommitAcknowledged.class,
            () ->
                new CommitAcknowledged(
                    maybe(this::text), maybe(this::commitId), seq(), random.nextBoolean())),
        Map.entry(CommitDenied.class, this::commitDenied),
        Map.entry(Done.class, () -> new Done(maybe(this::text))),
        Map.entry(
            Failed.class,
            () ->
                new Failed(
                    maybe(this::text),
                    one(ErrorCode.values()),
                    maybe(() -> Duration.ofMillis(random.nextInt(5000))))),
        Map.entry(PresenceUpdate.class, () -> new PresenceUpdate(presence(clientIds()))),
        Map.entry(GoingAway.class, () -> new GoingAway(Duration.ofMillis(random.nextInt(5001)))),
        Map.entry(SnapshotRequest.class, () -> new SnapshotRequest(seq())));
  }

  private ServerMessage initState() {
    Audience audience = one(Audience.values());
    return new InitState(state(audience), audience);
  }

  private ServerMessage lockGranted() {
    List<BlockLock> locks = locks(1 + random.nextInt(3));
    return new LockGranted(maybe(this::text), locks.getFirst().block(), locks);
  }

  private ServerMessage commitDenied() {
    return new CommitDenied(
        maybe(this::text),
        maybe(this::commitId),
        one(
            ErrorCode.LOCKED,
            ErrorCode.FENCED,
            ErrorCode.LOCK_NOT_HELD,
            ErrorCode.ROOM_FROZEN,
            ErrorCode.CID_MISMATCH,
            ErrorCode.STORAGE_UNAVAILABLE,
            ErrorCode.COORDINATION_UNAVAILABLE),
        blocks(),
        maybe(this::clientId),
        maybe(this::seq));
  }

  Map<Class<?>, Supplier<RoomEvent>> events() {
    return Map.ofEntries(
        Map.entry(ParticipantJoined.class, () -> new ParticipantJoined(participant())),
        Map.entry(
            ParticipantLeft.class,
            () -> new ParticipantLeft(clientId(), one(LeaveReason.values()))),
        Map.entry(
            BlockLocked.class,
            () ->
                new BlockLocked(
                    block(), clientId(), token(), one(GrantReason.values()), random.nextInt(50))),
        Map.entry(
            BlockReleased.class,
            () -> new BlockReleased(block(), one(ReleaseReason.values()), random.nextInt(50))),
        Map.entry(LineJoined.class, () -> new LineJoined(waiter(block()))),
        Map.entry(LineLeft.class, () -> new LineLeft(ticket())),
        Map.entry(TurnCame.class, () -> new TurnCame(ticket())),
        Map.entry(SeatTakenOver.class, () -> new SeatTakenOver(clientId(), random.nextInt(9))),
        Map.entry(
            CommitApplied.class,
            () ->
                new CommitApplied(
                    seq(),
                    clientId(),
                    block(),
                    events(0),
                    at(),
                    maybe(this::commitId),
                    maybe(this::xml))),
        Map.entry(HistoryReplaced.class, () -> new HistoryReplaced(epoch(), seq())),
        Map.entry(
            RulesChanged.class,
            () ->
                new RulesChanged(
                    text(),
                    1 + random.nextInt(1000),
                    one(LockPolicy.values()),
                    random.nextBoolean())),
        Map.entry(RoomClosed.class, RoomClosed::new));
  }

  private RoomState state(Audience audience) {
    List<LoggedCommit> tail = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      tail.add(
          new LoggedCommit(
              new SequenceNumber(1 + tail.size()),
              clientId(),
              block(),
              events(1),
              at(),
              maybe(this::commitId)));
    }
    List<Participant> others = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      others.add(participant());
    }
    Map<BlockId, Grant> grants = new LinkedHashMap<>();
    blocks().forEach(block -> grants.put(block, new Grant(clientId(), token())));
    List<Waiter> waiters = grants.keySet().stream().map(this::waiter).toList();
    return new RoomState(
        participant(),
        others,
        grants,
        new WaitingLine(waiters),
        presence(others.stream().map(Participant::clientId).toList()),
        new Room(
            new RoomId("maze"),
            text(),
            1 + random.nextInt(1000),
            one(LockPolicy.values()),
            random.nextBoolean(),
            false,
            at()),
        new WorkspaceView(epoch(), seq(), snapshot(audience), tail),
        audience == Audience.V1 ? maybe(() -> "abc_-XYZ.09") : Optional.empty());
  }

  private Optional<WorkspaceSnapshot> snapshot(Audience audience) {
    return maybe(() ->
        audience == Audience.SEED || random.nextBoolean()
            ? WorkspaceSnapshot.of(seq(), xml())
            : WorkspaceSnapshot.of(seq(), new WorkspaceState("{ \"blocks\": {\"x\":[1]} }")));
  }

  private Occasion.Resumed resumed() {
    return new Occasion.Resumed(random.nextBoolean(), acked(), blocks());
  }

  private Map<CommitId, SequenceNumber> acked() {
    Map<CommitId, SequenceNumber> acked = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      acked.put(commitId(), seq());
    }
    return acked;
  }

  private List<BlockLock> locks(int number) {
    List<BlockLock> locks = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      locks.add(
          new BlockLock(block(), clientId(), token(), Duration.ofNanos(random.nextLong(1L << 40))));
    }
    return locks;
  }

  private String events(int atLeast) {
    return switch (atLeast + random.nextInt(3)) {
      case 0 -> "[]";
      case 1 -> "[ {\"type\":\"move\",\"blockId\":\"b\",\"newParentId\":null} ]";
      default -> "[{\"type\":\"create\",\"ids\":[\"a\"],\"json\":{\"x\":1e3}},{\"blockId\":\"\"}]";
    };
  }

  private Participant participant() {
    return new Participant(
        clientId(), Nickname.ofGuest(random.nextInt(9999)), Color.ofPalette(random.nextInt(20)));
  }

  private Set<BlockId> blocks() {
    Set<BlockId> blocks = new LinkedHashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      blocks.add(block());
    }
    return blocks;
  }

  private List<ClientId> clientIds() {
    return random.ints(random.nextInt(4), 0, 100).mapToObj(i -> new ClientId("c" + i)).toList();
  }

  private Map<ClientId, Presence> presence(List<ClientId> some) {
    Map<ClientId, Presence> presence = new LinkedHashMap<>();
    some.stream()
        .filter(_ -> random.nextBoolean())
        .forEach(each ->
            presence.put(
                each,
                new Presence(one(Status.values()), List.copyOf(blocks()), maybe(this::cursor))));
    return presence;
  }

  private Cursor cursor() {
    return new Cursor(
        random.nextInt(5) - 2, random.nextGaussian() * Math.pow(10, random.nextInt(300)));
  }

  private Waiter waiter(BlockId block) {
    return new Waiter(ticket(), clientId(), LockRequest.of(block, blocks()));
  }

  private Ticket ticket() {
    return new Ticket("t" + random.nextInt(1000));
  }

  private BlockId block() {
    return new BlockId(text());
  }

  private CommitId commitId() {
    return new CommitId(text());
  }

  private ClientId clientId() {
    return new ClientId("c" + random.nextInt(100));
  }

  private Epoch epoch() {
    return new Epoch("e-" + random.nextInt(100));
  }

  private FencingToken token() {
    return new FencingToken(random.nextBoolean() ? FencingToken.MAX : 1 + random.nextInt(1000));
  }

  private SequenceNumber seq() {
    return new SequenceNumber(random.nextInt(3));
  }

  private WorkspaceXml xml() {
    return new WorkspaceXml("<xml a=\"" + random.nextInt() + "\"/>");
  }

  private Instant at() {
    return Instant.ofEpochSecond(1_700_000_000L + random.nextInt(), random.nextInt(3) * 1000L);
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private <T> Optional<T> maybe(Supplier<T> some) {
    return random.nextBoolean() ? Optional.of(some.get()) : Optional.empty();
  }

  @SafeVarargs
  private <T> T one(T... some) {
    return some[random.nextInt(some.length)];
  }
}
