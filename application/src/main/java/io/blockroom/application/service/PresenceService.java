package io.blockroom.application.service;

import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.LeaveRoom;
import io.blockroom.application.port.in.ResumeRoom;
import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.CommitLog;
import io.blockroom.application.port.out.CommitLog.Excerpt;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.ResumeTokens.Claim;
import io.blockroom.application.port.out.Seats;
import io.blockroom.application.port.out.Seats.SeatOutcome;
import io.blockroom.application.port.out.Seats.TakeOverOutcome;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.port.out.Workspaces;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who comes, who comes back, who goes. */
public final class PresenceService implements JoinRoom, ResumeRoom, LeaveRoom {
  private static final long FIRST_SERIAL = 1;

  /** So many that those who share one hardly ever come at the same time. */
  private static final int TURNS = 4096;

  private static final Duration PATIENCE = Duration.ofMillis(2500);

  private final RoomDirectory directory;
  private final Seats seats;
  private final Fencing fencing;
  private final CommitLog log;
  private final Workspaces workspaces;
  private final RoomFeeds feeds;
  private final Attendances attendances;
  private final Identities identities;

  /** Seats whose holders are gone but that could not be given up yet, and why. */
  private final Map<Seat, LeaveReason> abandoned = new ConcurrentHashMap<>();

  /** Seats that may be taken after they were given up: then they are given up once more. */
  private final Map<Seat, LeaveReason> doubtful = new ConcurrentHashMap<>();

  private final Doorway newcomers = new Doorway();

  /** Their seats do not wait for long: they do not wait behind newcomers. */
  private final Doorway returning = new Doorway();

  private final List<ReentrantLock> turns =
      Stream.generate(ReentrantLock::new).limit(TURNS).toList();

  public PresenceService(
      RoomDirectory directory,
      Seats seats,
      Fencing fencing,
      CommitLog log,
      Workspaces workspaces,
      RoomFeeds feeds,
      Attendances attendances,
      Identities identities) {
    this.directory = directory;
    this.seats = seats;
    this.fencing = fencing;
    this.log = log;
    this.workspaces = workspaces;
    this.feeds = feeds;
    this.attendances = attendances;
    this.identities = identities;
  }

  /** What somebody is shown first. */
  private record FirstSight(WorkspaceView workspace, Occasion occasion) {}

  /** Finds out what to show when the follower has begun to note what happens. */
  private interface Looking {
    FirstSight look(RoomView view);
  }

  @Override
  public JoinRoom.Outcome join(JoinRoom.Command command) {
    return newcomers.pass(() -> joinNow(command));
  }

  private JoinRoom.Outcome joinNow(JoinRoom.Command command) {
    Optional<Room> room = directory.enter(command.room());
    if (room.isEmpty()) {
      return new JoinRoom.Outcome.NoSuchRoom();
    }
    RoomFollower follower = command.follower();
    return takeSeat(
        room.get(),
        command.nickname(),
        follower,
        view -> new FirstSight(whole(room.get().id(), follower), new Occasion.Joined()));
  }

  @Override
  public JoinRoom.Outcome resume(ResumeRoom.Command command) {
    boolean hasSeat =
        attendances
            .verify(command.token())
            .filter(claim -> RoomId.of(command.room()).filter(claim.room()::equals).isPresent())
            .isPresent();
    return (hasSeat ? returning : newcomers).pass(() -> resumeNow(command));
  }

  private JoinRoom.Outcome resumeNow(ResumeRoom.Command command) {
    Optional<Room> found = directory.enter(command.room());
    if (found.isEmpty()) {
      return new JoinRoom.Outcome.NoSuchRoom();
    }
    Room room = found.get();
    Optional<Claim> claim =
        attendances.verify(command.token()).filter(each -> each.room().equals(room.id()));
    if (claim.isEmpty() || room.isClosed()) {
      return takeSeat(room, command, Optional.of(Cause.TOKEN_REFUSED));
    }
    Seat seat = new Seat(room.id(), claim.get().clientId());
    long serial = claim.get().serial();
    return switch (inTurn(seat, () -> takeOver(seat, serial, command.follower()))) {
      case TakeOverOutcome.TakenOver _ -> showSeat(room, seat, command);
      case TakeOverOutcome.NotTaken _ -> takeSeat(room, command, Optional.empty());
      // Whoever holds the seat has spoken under a later token: this one is used up.
      case TakeOverOutcome.Refused _ -> takeSeat(room, command, Optional.of(Cause.TOKEN_REFUSED));
    };
  }

  private TakeOverOutcome takeOver(Seat seat, long serial, RoomFollower follower) {
    boolean isAnswered = false;
    try {
      TakeOverOutcome outcome = seats.takeOver(seat.room(), seat.clientId(), serial);
      isAnswered = true;
      if (outcome instanceof TakeOverOutcome.TakenOver taken) {
        abandoned.remove(seat);
        attendances.begin(seat, follower, taken.serial());
        feeds.leaveLines(seat); // they were the former connection's
        feeds.enter(
            seat.room(), holder(seat, taken.view()).orElseThrow(), follower, taken.serial());
      }
      return outcome;
    } finally {
      if (!isAnswered) {
        attendances.suspect(seat, follower);
      }
    }
  }

  @Override
  public void confirm(Seat seat, RoomFollower follower) {
    attendances
        .unconfirmed(seat, follower)
        .ifPresent(serial -> {
          try {
            seats.confirm(seat.room(), seat.clientId(), serial);
            attendances.confirmed(seat, follower);
          } catch (CoordinationUnavailable away) {
            return; // with the next state
          }
        });
  }

  @Override
  public void leave(Seat seat, RoomFollower follower, Manner manner) {
    if (manner == Manner.BROKEN && follower.canResume()) {
      if (attendances.breakOff(seat, follower)) {
        feeds.leaveLines(seat); // a place in line ends with the connection
        feeds.detach(seat, follower);
      }
    } else {
      leaveNow(seat, follower);
    }
  }

  private void leaveNow(Seat seat, RoomFollower follower) {
    try {
      inTurn(
          seat,
          () -> {
            if (attendances.end(seat, follower)) {
              giveUp(seat, LeaveReason.LEFT);
            }
          });
    } catch (CoordinationUnavailable away) {
      if (attendances.end(seat, follower)) {
        abandon(seat, LeaveReason.LEFT);
      }
    }
  }

  /** Leaves all seats to those who come back to other servers: this one is about to end. */
  public void depart() {
    seats.leaveBehind(attendances.grace());
  }

  /**
   * Gives up seats that nobody came back to, and forgets those that were taken over elsewhere. To
   * be called about twice a second, by one thread.
   */
  public void tend() {
    try {
      for (Seat seat : attendances.overdue()) {
        inTurn(seat, () -> endOverdue(seat));
      }
      feeds.takeMoved().forEach((seat, serial) -> inTurn(seat, () -> endMoved(seat, serial)));
      Map<Seat, LeaveReason> again = Map.copyOf(doubtful);
      for (Seat seat : abandoned.keySet()) {
        inTurn(seat, () -> giveUpAbandoned(seat));
      }
      abandoned.putAll(again);
      doubtful.keySet().removeAll(again.keySet());
    } catch (CoordinationUnavailable away) {
      return; // next time
    }
  }

  private void endOverdue(Seat seat) {
    if (attendances.endOverdue(seat)) {
      abandon(seat, LeaveReason.TIMEOUT);
    }
  }

  private void endMoved(Seat seat, long serial) {
    if (attendances.endBefore(seat, serial)) {
      abandon(seat, LeaveReason.LEFT); // it is another server's
    }
  }

  /** Has a seat given up by the next round: one after the other, until one cannot be. */
  private void abandon(Seat seat, LeaveReason reason) {
    feeds.leave(seat);
    abandoned.put(seat, reason);
  }

  private void giveUpAbandoned(Seat seat) {
    LeaveReason reason = abandoned.get(seat);
    if (reason != null) {
      seats.giveUp(seat.room(), seat.clientId(), reason);
      abandoned.remove(seat);
    }
  }

  private void inTurn(Seat seat, Runnable step) {
    var _ =
        inTurn(
            seat,
            () -> {
              step.run();
              return seat;
            });
  }

  /** What happens to one seat happens one after the other: it may leave and come back at once. */
  private <T> T inTurn(Seat seat, Supplier<T> step) {
    ReentrantLock turn = turns.get(Math.floorMod(seat.hashCode(), TURNS));
    lock(turn);
    try {
      return step.get();
    } finally {
      turn.unlock();
    }
  }

  /** Who is before us waits for the coordination, perhaps; nobody waits for ever. */
  private static void lock(ReentrantLock turn) {
    try {
      if (!turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new CoordinationUnavailable(new TimeoutException("others are still waiting"));
      }
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
      throw new CoordinationUnavailable(leaving);
    }
  }

  private JoinRoom.Outcome takeSeat(
      Room room, ResumeRoom.Command command, Optional<Cause> refusal) {
    return takeSeat(
        room,
        command.nickname(),
        command.follower(),
        view ->
            refusal
                .map(cause -> anew(room.id(), command, cause))
                .orElseGet(() -> missed(room.id(), command, false, Set.of())));
  }

  private JoinRoom.Outcome takeSeat(
      Room room, String nickname, RoomFollower follower, Looking looking) {
    if (room.isClosed()) {
      return new JoinRoom.Outcome.RoomClosed();
    }
    Participant newcomer =
        new Participant(
            identities.newClientId(),
            Nickname.of(nickname).orElseGet(() -> Nickname.ofGuest(identities.draw())),
            Color.ofPalette(identities.draw()));
    Seat seat = new Seat(room.id(), newcomer.clientId());
    boolean isDecided = false;
    // Following comes first: whatever happens from the taking of the seat on is noted.
    feeds.enter(room.id(), newcomer, follower, FIRST_SERIAL);
    try {
      JoinRoom.Outcome outcome =
          switch (seats.take(room.id(), newcomer, room.maxUsers())) {
            case SeatOutcome.Taken taken -> {
              if (!taken.hasTokens()) {
                fencing.stock(room.id());
              }
              attendances.begin(seat, follower, FIRST_SERIAL);
              welcome(room, seat, follower, taken.view(), looking.look(taken.view()));
              yield new JoinRoom.Outcome.Joined(seat, newcomer);
            }
            case SeatOutcome.Full full -> {
              feeds.leave(seat);
              yield new JoinRoom.Outcome.RoomFull();
            }
          };
      isDecided = true;
      return outcome;
    } catch (CoordinationUnavailable away) {
      isDecided = true;
      attendances.end(seat, follower);
      abandon(seat, LeaveReason.LEFT); // it may have been taken; to ask now would take as long
      doubtful.put(seat, LeaveReason.LEFT); // or may yet be: giving up may overtake taking
      throw away;
    } finally {
      if (!isDecided) {
        attendances.end(seat, follower);
        giveUp(seat, LeaveReason.LEFT); // it may have been taken
        abandoned.put(seat, LeaveReason.LEFT); // or may yet be: giving up may overtake taking
      }
    }
  }

  private JoinRoom.Outcome showSeat(Room room, Seat seat, ResumeRoom.Command command) {
    RoomFollower follower = command.follower();
    boolean isShown = false;
    try {
      // Looked at when the follower has begun to note what happens, so that nothing is missed.
      RoomView view = seats.look(room.id());
      Optional<Participant> holder = holder(seat, view);
      if (holder.isEmpty()) {
        attendances.end(seat, follower); // lost at this very moment
        feeds.leave(seat);
        return takeSeat(room, command, Optional.empty());
      }
      FirstSight sight = missed(room.id(), command, true, locksOf(seat.clientId(), view));
      welcome(room, seat, follower, view, sight);
      isShown = true;
      return new JoinRoom.Outcome.Joined(seat, holder.get());
    } finally {
      if (!isShown && attendances.breakOff(seat, follower)) {
        feeds.detach(seat, follower); // it may come again within the grace
      }
    }
  }

  private static Optional<Participant> holder(Seat seat, RoomView view) {
    return view.participants().stream()
        .filter(each -> each.clientId().equals(seat.clientId()))
        .findFirst();
  }

  private void welcome(
      Room room, Seat seat, RoomFollower follower, RoomView view, FirstSight sight) {
    feeds.welcome(seat, follower, room, view, sight.workspace(), sight.occasion());
  }

  /** What was missed since the client's last commit, or the whole where that cannot be told. */
  private FirstSight missed(
      RoomId room, ResumeRoom.Command command, boolean recovered, Set<BlockId> locksKept) {
    Excerpt excerpt = log.read(room, command.last(), RoomFeed.MOST_MISSED);
    if (command.epoch().isEmpty() || !command.epoch().equals(excerpt.epoch())) {
      return anew(room, command, Cause.EPOCH_CHANGED);
    }
    long known = command.last().value() + excerpt.commits().size();
    if (!excerpt.isComplete() || known != excerpt.last().value()) {
      return anew(room, command, Cause.GAP);
    }
    return new FirstSight(
        new WorkspaceView(
            command.epoch().get(), excerpt.last(), Optional.empty(), excerpt.commits()),
        new Occasion.Resumed(recovered, acked(room, command), locksKept));
  }

  private FirstSight anew(RoomId room, ResumeRoom.Command command, Cause cause) {
    return new FirstSight(
        whole(room, command.follower()), new Occasion.Returned(cause, acked(room, command)));
  }

  private WorkspaceView whole(RoomId room, RoomFollower follower) {
    return workspaces
        .view(room, follower.form())
        .orElseThrow(() -> new StorageUnavailable(new IllegalStateException("room was deleted")));
  }

  private Map<CommitId, SequenceNumber> acked(RoomId room, ResumeRoom.Command command) {
    return command.pending().isEmpty()
        ? Map.of()
        : log.find(room, command.pending()).entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().seq()));
  }

  private static Set<BlockId> locksOf(ClientId owner, RoomView view) {
    return view.locks().entrySet().stream()
        .filter(each -> each.getValue().owner().equals(owner))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void giveUp(Seat seat, LeaveReason reason) {
    feeds.leave(seat);
    try {
      seats.giveUp(seat.room(), seat.clientId(), reason);
    } catch (CoordinationUnavailable away) {
      abandoned.put(seat, reason);
    }
  }
}
