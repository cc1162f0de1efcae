package io.blockroom.adapters.redis;

import io.blockroom.adapters.redis.RoomLeases.Entry;
import io.blockroom.adapters.redis.RoomLeases.Tenancy;
import io.blockroom.application.port.out.Seats;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;

/** Seats as fields of a hash per room, hanging on the lease of the node that has them. */
final class RedissonSeats implements Seats {
  /** So many that those who share one hardly ever come at the same time. */
  private static final int TURNS = 4096;

  private final RoomScripts scripts;
  private final RoomLeases leases;
  private final LostLeases lostLeases;
  private final RoomRevisions revisions;
  private final List<ReentrantLock> turns =
      Stream.generate(ReentrantLock::new).limit(TURNS).toList();

  RedissonSeats(
      RoomScripts scripts, RoomLeases leases, LostLeases lostLeases, RoomRevisions revisions) {
    this.scripts = scripts;
    this.leases = leases;
    this.lostLeases = lostLeases;
    this.revisions = revisions;
  }

  @Override
  public SeatOutcome take(RoomId room, Participant participant, int capacity) {
    return inTurn(participant.clientId(), deadline -> take(room, participant, capacity, deadline));
  }

  private SeatOutcome take(RoomId room, Participant participant, int capacity, Deadline deadline) {
    ClientId clientId = participant.clientId();
    Tenancy tenancy = leases.enter(room, clientId, deadline).tenancy();
    if (tenancy.isLost()) {
      lostLeases.accept(tenancy, deadline);
      return take(room, participant, capacity, deadline);
    }
    List<String> wish =
        List.of(
            clientId.value(),
            participant.nickname().value(),
            participant.color().value(),
            Integer.toString(capacity));
    Answer answer = scripts.run(RoomScript.TAKE_SEAT, room, wish, deadline);
    return switch (answer.text()) {
      case "TAKEN" -> {
        boolean hasTokens = answer.isYes();
        yield new SeatOutcome.Taken(view(answer), hasTokens);
      }
      case "FULL" -> {
        leases.leave(room, clientId, deadline);
        yield new SeatOutcome.Full();
      }
      default -> {
        lostLeases.accept(tenancy, deadline);
        yield take(room, participant, capacity, deadline);
      }
    };
  }

  @Override
  public void giveUp(RoomId room, ClientId clientId, LeaveReason reason) {
    List<String> wish = List.of(clientId.value(), reason.name());
    var _ =
        inTurn(
            clientId,
            deadline -> {
              Answer answer = scripts.run(RoomScript.GIVE_UP_SEAT, room, wish, deadline);
              leases.leave(room, clientId, deadline);
              return answer;
            });
  }

  @Override
  public RoomView look(RoomId room) {
    return view(scripts.run(RoomScript.LOOK, room));
  }

  @Override
  public Map<RoomId, Revision> revisions(Set<RoomId> rooms) {
    return revisions.of(rooms);
  }

  @Override
  public int taken(RoomId room) {
    return scripts.run(RoomScript.COUNT_SEATS, room).number();
  }

  @Override
  public TakeOverOutcome takeOver(RoomId room, ClientId clientId, long serial) {
    return inTurn(clientId, deadline -> takeOver(room, clientId, serial, deadline));
  }

  private TakeOverOutcome takeOver(RoomId room, ClientId clientId, long serial, Deadline deadline) {
    Entry entry = leases.enter(room, clientId, deadline);
    if (entry.tenancy().isLost()) {
      lostLeases.accept(entry.tenancy(), deadline);
      return takeOver(room, clientId, serial, deadline);
    }
    List<String> wish = List.of(clientId.value(), Long.toString(serial));
    Answer answer = scripts.run(RoomScript.TAKE_OVER_SEAT, room, wish, deadline);
    return switch (answer.text()) {
      case "TAKEN" -> {
        long next = Long.parseLong(answer.text());
        yield new TakeOverOutcome.TakenOver(view(answer), next);
      }
      case "REFUSED" -> {
        leaveIfNew(entry, clientId, deadline);
        yield new TakeOverOutcome.Refused();
      }
      case "GONE" -> {
        leaveIfNew(entry, clientId, deadline);
        yield new TakeOverOutcome.NotTaken();
      }
      default -> {
        lostLeases.accept(entry.tenancy(), deadline);
        yield takeOver(room, clientId, serial, deadline);
      }
    };
  }

  private void leaveIfNew(Entry entry, ClientId clientId, Deadline deadline) {
    if (entry.isNew()) {
      leases.leave(entry.tenancy().room(), clientId, deadline);
    }
  }

  @Override
  public void confirm(RoomId room, ClientId clientId, long serial) {
    scripts.run(RoomScript.CONFIRM_SEAT, room, clientId.value(), Long.toString(serial));
  }

  @Override
  public void leaveBehind(Duration grace) {
    leases.leaveBehind(grace, Deadline.ofRequest());
  }

  /** What is done about one person here is done in turn: it is about one place at the lease. */
  private <T> T inTurn(ClientId clientId, Function<Deadline, T> step) {
    Deadline deadline = Deadline.ofRequest();
    ReentrantLock turn = turns.get(Math.floorMod(clientId.hashCode(), TURNS));
    deadline.lock(turn);
    try {
      return step.apply(deadline);
    } finally {
      turn.unlock();
    }
  }

  /** Reads what {@code view} of {@code room.lua} returns. */
  private static RoomView view(Answer answer) {
    Revision revision = answer.revision();
    int members = answer.number();
    List<Participant> participants = new ArrayList<>();
    Map<ClientId, Presence> presence = new HashMap<>();
    for (int n = 0; n < members; n++) {
      ClientId clientId = answer.clientId();
      participants.add(participant(clientId, answer.text()));
      String doing = answer.text();
      if (!doing.isEmpty()) {
        presence.put(clientId, Texts.presence(doing));
      }
    }
    int locked = answer.number();
    Map<BlockId, Grant> locks = new HashMap<>();
    for (int n = 0; n < locked; n++) {
      locks.put(answer.block(), new Grant(answer.clientId(), answer.token()));
    }
    List<Waiter> waiters = new ArrayList<>();
    while (answer.hasMore()) {
      waiters.add(Texts.waiter(answer.text()));
    }
    return new RoomView(revision, participants, locks, new WaitingLine(waiters), presence);
  }

  private static Participant participant(ClientId clientId, String member) {
    String[] parts = member.split("\n", 5);
    return new Participant(clientId, new Nickname(parts[4]), new Color(parts[3]));
  }
}
