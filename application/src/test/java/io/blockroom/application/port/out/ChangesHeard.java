package io.blockroom.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that remembers what it was told. */
public final class ChangesHeard implements RoomBroadcast.Listener {
  private final Map<RoomId, Queue<RoomChange>> changes = new ConcurrentHashMap<>();
  private final Map<RoomId, Map<ClientId, Presence>> presence = new ConcurrentHashMap<>();
  private final List<RoomId> lost = new CopyOnWriteArrayList<>();
  private final List<RoomId> doubtful = new CopyOnWriteArrayList<>();

  @Override
  public void changed(RoomChange change) {
    changes.computeIfAbsent(change.room(), room -> new ConcurrentLinkedQueue<>()).add(change);
  }

  @Override
  public void presenceChanged(RoomId room, Map<ClientId, Presence> news) {
    presence.computeIfAbsent(room, any -> new ConcurrentHashMap<>()).putAll(news);
  }

  /** What was heard last of what participants of a room are doing. */
  public Map<ClientId, Presence> presenceIn(RoomId room) {
    return Map.copyOf(presence.getOrDefault(room, Map.of()));
  }

  @Override
  public void seatsLost(RoomId room) {
    lost.add(room);
  }

  @Override
  public void outOfTouch(RoomId room) {
    doubtful.add(room);
  }

  /** The changes of a room so far, in the order of hearing. */
  public List<RoomChange> changesOf(RoomId room) {
    return List.copyOf(changes.getOrDefault(room, new ConcurrentLinkedQueue<>()));
  }

  /** All that happened in a room so far. */
  public List<RoomEvent> eventsOf(RoomId room) {
    return changesOf(room).stream().flatMap(change -> change.events().stream()).toList();
  }

  /** How often a room's seats were told lost. */
  public long timesLost(RoomId room) {
    return lost.stream().filter(room::equals).count();
  }

  /** How often a room was told out of touch. */
  public long timesOutOfTouch(RoomId room) {
    return doubtful.stream().filter(room::equals).count();
  }

  /** Waits until exactly these events were heard of a room, in this order. */
  public void awaitExactly(RoomId room, Duration within, RoomEvent... events) {
    await()
        .atMost(within)
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(() -> assertThat(eventsOf(room)).containsExactly(events));
  }

  /** Waits until these were the last events heard of a room, in this order. */
  public void awaitAtEnd(RoomId room, Duration within, RoomEvent... events) {
    await()
        .atMost(within)
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(() -> assertThat(eventsOf(room)).endsWith(events));
  }
}
