package io.blockroom.adapters.redis;

import io.blockroom.adapters.redis.RoomLeases.Tenancy;
import io.blockroom.application.port.out.Seats;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Seats as fields of a hash per room, hanging on the lease of the node that took them. */
final class RedissonSeats implements Seats {
  private final RoomScripts scripts;
  private final RoomLeases leases;
  private final LostLeases lostLeases;
  private final String node;

  RedissonSeats(RoomScripts scripts, RoomLeases leases, LostLeases lostLeases, String node) {
    this.scripts = scripts;
    this.leases = leases;
    this.lostLeases = lostLeases;
    this.node = node;
  }

  @Override
  public SeatOutcome take(RoomId room, Participant participant, int capacity) {
    return take(room, participant, capacity, Deadline.ofRequest());
  }

  private SeatOutcome take(RoomId room, Participant participant, int capacity, Deadline deadline) {
    ClientId clientId = participant.clientId();
    String nickname = participant.nickname().value();
    String color = participant.color().value();
    Tenancy tenancy = leases.enter(room, clientId, deadline);
    List<String> member =
        List.of(
            clientId.value(),
            String.join("\n", node, color, nickname),
            nickname,
            color,
            Integer.toString(capacity));
    Answer answer = scripts.run(RoomScript.TAKE_SEAT, room, member, deadline);
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
    Deadline deadline = Deadline.ofRequest();
    scripts.run(RoomScript.GIVE_UP_SEAT, room, List.of(clientId.value(), reason.name()), deadline);
    leases.leave(room, clientId, deadline);
  }

  @Override
  public RoomView look(RoomId room) {
    return view(scripts.run(RoomScript.LOOK, room));
  }

  @Override
  public int taken(RoomId room) {
    return scripts.run(RoomScript.COUNT_SEATS, room).number();
  }

  @Override
  public void refresh(RoomId room, ClientId clientId) {
    scripts.run(RoomScript.REFRESH_SEAT, room, clientId.value());
  }

  /** Reads revision, number of members, the members and the locks. */
  private static RoomView view(Answer answer) {
    Revision revision = answer.revision();
    int members = answer.number();
    List<Participant> participants = new ArrayList<>();
    for (int n = 0; n < members; n++) {
      participants.add(participant(answer.clientId(), answer.text()));
    }
    Map<BlockId, Grant> locks = new HashMap<>();
    while (answer.hasMore()) {
      locks.put(answer.block(), new Grant(answer.clientId(), answer.token()));
    }
    return new RoomView(revision, participants, locks);
  }

  private static Participant participant(ClientId clientId, String member) {
    String[] parts = member.split("\n", 3);
    return new Participant(clientId, new Nickname(parts[2]), new Color(parts[1]));
  }
}
