package io.blockroom.application.service;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.GrantReason;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who is in a room and who holds what, as its followers on this server have been told. Guarded by
 * the room's feed.
 */
final class LiveRoom {
  private final Map<ClientId, Participant> participants = new LinkedHashMap<>();
  private final Map<BlockId, Grant> locks = new LinkedHashMap<>();
  private final Map<ClientId, Presence> presence = new LinkedHashMap<>();
  private WaitingLine line;

  LiveRoom(RoomView view) {
    view.participants().forEach(each -> participants.put(each.clientId(), each));
    locks.putAll(view.locks());
    presence.putAll(view.presence());
    line = view.line();
  }

  List<Participant> others(ClientId self) {
    return participants.values().stream().filter(each -> !each.clientId().equals(self)).toList();
  }

  Map<BlockId, Grant> locks() {
    return locks;
  }

  WaitingLine line() {
    return line;
  }

  /** Which of the blocks that somebody waits for are theirs already. */
  Set<BlockId> heldOf(Waiter waiter) {
    Set<BlockId> held = new LinkedHashSet<>(waiter.request().blocks());
    held.removeIf(block -> !isHeldBy(waiter.client(), block));
    return held;
  }

  /** Which of the blocks that somebody waits for are not theirs. */
  Set<BlockId> notHeldOf(Waiter waiter) {
    Set<BlockId> missing = new LinkedHashSet<>(waiter.request().blocks());
    missing.removeIf(block -> isHeldBy(waiter.client(), block));
    return missing;
  }

  private boolean isHeldBy(ClientId client, BlockId block) {
    Grant grant = locks.get(block);
    return grant != null && grant.owner().equals(client);
  }

  /** The locks on what somebody waited for, in the order of the request. */
  List<BlockLock> locksOf(Waiter waiter, Duration remaining) {
    List<BlockLock> found = new ArrayList<>();
    for (BlockId block : waiter.request().blocks()) {
      Grant grant = locks.get(block);
      if (grant != null) {
        found.add(new BlockLock(block, grant, remaining));
      }
    }
    return found;
  }

  /** Who is in somebody's way: on the asked block if anybody is, else on another one. */
  Optional<ClientId> inTheWayOf(Waiter waiter) {
    return Stream.concat(Stream.of(waiter.request().asked()), waiter.request().blocks().stream())
        .filter(block -> !isHeldBy(waiter.client(), block))
        .flatMap(block -> firstOn(block, waiter).stream())
        .findFirst();
  }

  private Optional<ClientId> firstOn(BlockId block, Waiter waiter) {
    Grant grant = locks.get(block);
    return grant != null
        ? Optional.of(grant.owner())
        : line.firstFor(block, waiter.client())
            .filter(first -> line.waiters().indexOf(first) < line.waiters().indexOf(waiter))
            .map(Waiter::client);
  }

  Optional<Waiter> waiter(Ticket ticket) {
    return line.waiters().stream().filter(each -> each.ticket().equals(ticket)).findFirst();
  }

  Map<ClientId, Presence> presence() {
    return presence;
  }

  /** Notes what participants are doing, if they are here. */
  void apply(Map<ClientId, Presence> news) {
    news.forEach((clientId, now) -> {
      if (participants.containsKey(clientId)) {
        presence.put(clientId, now);
      }
    });
  }

  /** What is not known yet of what participants are doing. */
  Map<ClientId, Presence> newsIn(Map<ClientId, Presence> view) {
    return view.entrySet().stream()
        .filter(each -> !each.getValue().equals(presence.get(each.getKey())))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  void apply(RoomEvent event) {
    switch (event) {
      case RoomEvent.ParticipantJoined joined ->
          participants.put(joined.participant().clientId(), joined.participant());
      case RoomEvent.ParticipantLeft left -> {
        participants.remove(left.clientId());
        presence.remove(left.clientId());
      }
      case RoomEvent.BlockLocked locked ->
          locks.put(locked.block(), new Grant(locked.owner(), locked.token()));
      case RoomEvent.BlockReleased released -> locks.remove(released.block());
      case RoomEvent.LineJoined joined -> line = line.with(joined.waiter());
      case RoomEvent.LineLeft left -> line = line.without(left.ticket());
      case RoomEvent.TurnCame turn -> line = line.without(turn.ticket());
      case RoomEvent.SeatTakenOver _,
          RoomEvent.CommitApplied _,
          RoomEvent.HistoryReplaced _,
          RoomEvent.RulesChanged _,
          RoomEvent.RoomClosed _ -> {}
    }
  }

  /** What must be told so that followers see the room as it is, releases before anything else. */
  List<RoomEvent> differencesTo(RoomView view) {
    Map<ClientId, Participant> present =
        view.participants().stream()
            .collect(Collectors.toMap(Participant::clientId, Function.identity()));
    List<RoomEvent> events = new ArrayList<>();
    locks.forEach((block, grant) -> {
      Grant now = view.locks().get(block);
      if (now == null || !now.owner().equals(grant.owner())) {
        events.add(
            new RoomEvent.BlockReleased(
                block, ReleaseReason.RELEASED, view.line().waitingFor(block)));
      }
    });
    line.waiters().stream()
        .filter(each -> view.line().positionOf(each.ticket()).isEmpty())
        .forEach(each -> events.add(endOf(each, view)));
    participants.keySet().stream()
        .filter(each -> !present.containsKey(each))
        .forEach(each -> events.add(new RoomEvent.ParticipantLeft(each, LeaveReason.LEFT)));
    view.participants().stream()
        .filter(each -> !participants.containsKey(each.clientId()))
        .forEach(each -> events.add(new RoomEvent.ParticipantJoined(each)));
    view.line().waiters().stream()
        .filter(each -> line.positionOf(each.ticket()).isEmpty())
        .forEach(each -> events.add(new RoomEvent.LineJoined(each)));
    view.locks()
        .forEach((block, grant) -> {
          if (!grant.equals(locks.get(block))) {
            events.add(
                new RoomEvent.BlockLocked(
                    block,
                    grant.owner(),
                    grant.token(),
                    GrantReason.ACQUIRED,
                    view.line().waitingFor(block)));
          }
        });
    return events;
  }

  /** Whoever is in line no more either has all that they waited for or has given up. */
  private static RoomEvent endOf(Waiter waiter, RoomView view) {
    boolean hasAll =
        waiter.request().blocks().stream()
            .map(view.locks()::get)
            .allMatch(grant -> grant != null && grant.owner().equals(waiter.client()));
    return hasAll
        ? new RoomEvent.TurnCame(waiter.ticket())
        : new RoomEvent.LineLeft(waiter.ticket());
  }
}
