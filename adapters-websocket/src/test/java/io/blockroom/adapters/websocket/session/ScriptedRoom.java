package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.MessageReader;
import io.blockroom.adapters.websocket.codec.MessageWriter;
import io.blockroom.adapters.websocket.codec.SessionLimits;
import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.CancelWaiting;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.HandOverBlockLock;
import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.KeepPresence;
import io.blockroom.application.port.in.KeepSnapshot;
import io.blockroom.application.port.in.LeaveRoom;
import io.blockroom.application.port.in.QueueForBlockLock;
import io.blockroom.application.port.in.ReleaseBlockLocks;
import io.blockroom.application.port.in.ResumeRoom;
import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.in.ShowRoom;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Use cases that write down what is asked of them and answer as the test wants. */
final class ScriptedRoom
    implements JoinRoom,
        ResumeRoom,
        LeaveRoom,
        KeepPresence,
        AcquireBlockLock,
        ReleaseBlockLocks,
        QueueForBlockLock,
        CancelWaiting,
        HandOverBlockLock,
        CommitEdit,
        KeepSnapshot,
        ShowRoom {
  static final SessionLimits LIMITS =
      new SessionLimits(
          1_048_576,
          300,
          200,
          Duration.ofSeconds(10),
          Duration.ofSeconds(15),
          Duration.ofSeconds(8));

  static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  static final Participant ADA =
      new Participant(new ClientId("c1"), new Nickname("Ada"), new Color("#F7DC6F"));
  static final Seat SEAT = new Seat(new RoomId("maze"), ADA.clientId());

  /** What was asked, in order. */
  final List<Object> asked = new CopyOnWriteArrayList<>();

  /** Who waits for what became of a commit, in order. */
  final List<Consumer<CommitEdit.Outcome>> commits = new CopyOnWriteArrayList<>();

  // What is answered; a supplier may throw instead.
  Supplier<JoinRoom.Outcome> entrance = () -> new JoinRoom.Outcome.Joined(SEAT, ADA);
  Supplier<Optional<AcquireBlockLock.Outcome>> locking = Optional::empty;
  Supplier<Optional<ReleaseBlockLocks.Outcome>> releasing = Optional::empty;
  Supplier<Optional<HandOverBlockLock.Outcome>> handingOver = Optional::empty;
  Supplier<Optional<CommitEdit.Outcome>> committing = Optional::empty;
  Supplier<KeepSnapshot.Outcome> keeping = () -> KeepSnapshot.Outcome.KEPT;

  /** Does something to whoever comes into the line; may throw instead. */
  Consumer<Waiting> queueing = waiting -> {};

  /** Does something before the waiting counts as cancelled. */
  Runnable cancelling = () -> {};

  /** As what the room is shown on entrance; not at all if it is not known. */
  Optional<Occasion> firstSight = Optional.of(new Occasion.Joined());

  final HandAlarm alarm = new HandAlarm();
  final WorkspaceEndpoint endpoint;
  private @Nullable RoomFollower follower;
  private Instant now = NOW;

  /** Something that a follower was told of without an argument. */
  enum Call {
    KEEP,
    KEEP_AWAY,
    CONFIRM
  }

  ScriptedRoom() {
    endpoint =
        new WorkspaceEndpoint(
            new RoomUseCases(
                this, this, this, this, this, this, this, this, this, this, this, this),
            new MessageReader(),
            new MessageWriter(LIMITS),
            () -> now,
            alarm);
  }

  Visitor connect(String... offers) {
    return new Visitor(endpoint, "/ws/workspace/maze/?nickname=Ada", offers);
  }

  RoomFollower follower() {
    return Objects.requireNonNull(follower);
  }

  void pass(Duration time) {
    now = now.plus(time);
    alarm.pass(time);
  }

  /** A room with one commit behind the snapshot. */
  static RoomState state() {
    return state(Optional.of("token-1"));
  }

  static RoomState state(Optional<String> resumeToken) {
    return new RoomState(
        ADA,
        List.of(),
        Map.of(),
        new Room(SEAT.room(), "Maze", 10, LockPolicy.ADVISORY, false, false, NOW),
        new WorkspaceView(
            new Epoch("e1"),
            new SequenceNumber(2),
            Optional.of(WorkspaceSnapshot.of(new SequenceNumber(1), new WorkspaceXml("<xml/>"))),
            List.of(
                new LoggedCommit(
                    new SequenceNumber(2),
                    new ClientId("c9"),
                    new BlockId("b9"),
                    "[{}]",
                    NOW,
                    Optional.empty()))),
        resumeToken);
  }

  @Override
  public JoinRoom.Outcome join(JoinRoom.Command command) {
    return enter(command, command.follower());
  }

  @Override
  public JoinRoom.Outcome resume(ResumeRoom.Command command) {
    return enter(command, command.follower());
  }

  private JoinRoom.Outcome enter(Object command, RoomFollower newcomer) {
    asked.add(command);
    follower = newcomer;
    JoinRoom.Outcome outcome = entrance.get();
    if (outcome instanceof JoinRoom.Outcome.Joined) {
      Optional<String> token = newcomer.canResume() ? Optional.of("token-1") : Optional.empty();
      firstSight.ifPresent(occasion -> newcomer.welcome(state(token), occasion));
    }
    return outcome;
  }

  @Override
  public void confirm(Seat seat, RoomFollower somebody) {
    asked.add(Call.CONFIRM);
  }

  @Override
  public void leave(Seat seat, RoomFollower somebody, Manner manner) {
    asked.add(manner);
  }

  @Override
  public void keep(Seat seat, boolean isVisible) {
    asked.add(isVisible ? Call.KEEP : Call.KEEP_AWAY);
  }

  @Override
  public void show(Seat seat, Presence presence) {
    asked.add(presence);
  }

  /** A wish for locks that can wait. */
  record Queued(LockRequest request, Duration maxWait) {}

  /** A wish to give a lock away. */
  record GivenAway(BlockId block, ClientId to) {}

  @Override
  public void queue(Seat seat, LockRequest request, Duration maxWait, Waiting waiting) {
    asked.add(new Queued(request, maxWait));
    queueing.accept(waiting);
  }

  @Override
  public void cancel(Seat seat, BlockId block, Runnable reply) {
    asked.add(block);
    cancelling.run();
    reply.run();
  }

  @Override
  public void handOver(
      Seat seat, BlockId block, ClientId to, Consumer<HandOverBlockLock.Outcome> reply) {
    asked.add(new GivenAway(block, to));
    handingOver.get().ifPresent(reply);
  }

  @Override
  public void acquire(Seat seat, LockRequest request, Consumer<AcquireBlockLock.Outcome> reply) {
    asked.add(request);
    locking.get().ifPresent(reply);
  }

  @Override
  public void release(Seat seat, Set<BlockId> blocks, Consumer<ReleaseBlockLocks.Outcome> reply) {
    asked.add(blocks);
    releasing.get().ifPresent(reply);
  }

  @Override
  public void commit(Seat seat, Commit commit, Consumer<CommitEdit.Outcome> reply) {
    asked.add(commit);
    commits.add(reply);
    committing.get().ifPresent(reply);
  }

  @Override
  public KeepSnapshot.Outcome keep(Seat seat, WorkspaceSnapshot snapshot) {
    asked.add(snapshot);
    return keeping.get();
  }

  @Override
  public void show(Seat seat, Cause cause) {
    asked.add(cause);
  }
}
