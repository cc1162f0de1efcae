package io.blockroom.application.service;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who is in a room and who holds what, as its followers on this server have been told. Guarded by
 * the room's feed.
 */
final class LiveRoom {
  private final Map<ClientId, Participant> participants = new LinkedHashMap<>();
  private final Map<BlockId, Grant> locks = new LinkedHashMap<>();

  LiveRoom(RoomView view) {
    view.participants().forEach(each -> participants.put(each.clientId(), each));
    locks.putAll(view.locks());
  }

  List<Participant> others(ClientId self) {
    return participants.values().stream().filter(each -> !each.clientId().equals(self)).toList();
  }

  Map<BlockId, Grant> locks() {
    return locks;
  }

  void apply(RoomEvent event) {
    switch (event) {
      case RoomEvent.ParticipantJoined joined ->
          participants.put(joined.participant().clientId(), joined.participant());
      case RoomEvent.ParticipantLeft left -> participants.remove(left.clientId());
      case RoomEvent.BlockLocked locked ->
          locks.put(locked.block(), new Grant(locked.owner(), locked.token()));
      case RoomEvent.BlockReleased released -> locks.remove(released.block());
      case RoomEvent.CommitApplied _,
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
        events.add(new RoomEvent.BlockReleased(block, ReleaseReason.RELEASED));
      }
    });
    participants.keySet().stream()
        .filter(each -> !present.containsKey(each))
        .forEach(each -> events.add(new RoomEvent.ParticipantLeft(each, LeaveReason.LEFT)));
    view.participants().stream()
        .filter(each -> !participants.containsKey(each.clientId()))
        .forEach(each -> events.add(new RoomEvent.ParticipantJoined(each)));
    view.locks()
        .forEach((block, grant) -> {
          if (!grant.equals(locks.get(block))) {
            events.add(new RoomEvent.BlockLocked(block, grant.owner(), grant.token()));
          }
        });
    return events;
  }
}
