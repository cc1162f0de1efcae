package io.blockroom.application.service;

import io.blockroom.application.port.in.KeepPresence;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.presence.Status;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the participants of this server are doing: what they say of themselves, and what their
 * silence says. Of what somebody says in quick succession only the last is told.
 */
public final class WhereaboutsService implements KeepPresence {
  private final Attendances attendances;
  private final RoomBroadcast broadcast;
  private final Duration idleAfter;
  private final Map<Seat, Whereabouts> known = new ConcurrentHashMap<>();
  private final Set<Seat> changed = ConcurrentHashMap.newKeySet();

  /**
   * @param idleAfter how long somebody does nothing before they are shown as idle
   */
  public WhereaboutsService(Attendances attendances, RoomBroadcast broadcast, Duration idleAfter) {
    this.attendances = attendances;
    this.broadcast = broadcast;
    this.idleAfter = idleAfter;
  }

  /**
   * @param declared what they said last
   * @param told what the others were told last; empty if that is not known here
   */
  private record Whereabouts(Presence declared, boolean isVisible, Optional<Presence> told) {
    Whereabouts declaring(Presence news) {
      return new Whereabouts(news, isVisible, told);
    }

    Whereabouts visible(boolean now) {
      return new Whereabouts(declared, now, told);
    }

    Whereabouts told(Presence news) {
      return new Whereabouts(declared, isVisible, Optional.of(news));
    }

    /** The less present of what they say and what the clock says. */
    Presence asOf(Status byTheClock) {
      Status seen = isVisible ? byTheClock : Status.AWAY;
      return declared.withStatus(seen.compareTo(declared.status()) > 0 ? seen : declared.status());
    }
  }

  @Override
  public void show(Seat seat, Presence presence) {
    Whereabouts before = known.get(seat);
    // Saying the same again and again is no deed.
    if (presence.status() == Status.ACTIVE
        && (before == null || !before.declared().equals(presence))) {
      attendances.acted(seat);
    }
    known.compute(seat, (same, present) -> orNew(same, present).declaring(presence));
    changed.add(seat);
  }

  @Override
  public void keep(Seat seat, boolean isVisible) {
    known.compute(seat, (same, present) -> orNew(same, present).visible(isVisible));
    changed.add(seat);
  }

  /**
   * Tells the news, each participant's last. To be called about 15 times a second, by one thread.
   */
  public void tell() {
    Map<RoomId, Map<ClientId, Presence>> news = new HashMap<>();
    for (Seat seat : Set.copyOf(changed)) {
      changed.remove(seat);
      newsOf(seat)
          .ifPresent(presence ->
              news.computeIfAbsent(seat.room(), room -> new HashMap<>())
                  .put(seat.clientId(), presence));
    }
    if (news.isEmpty()) {
      return;
    }
    try {
      broadcast.showPresence(news);
      news.forEach((room, inRoom) ->
          inRoom.forEach((clientId, presence) ->
              known.computeIfPresent(
                  new Seat(room, clientId), (same, present) -> present.told(presence))));
    } catch (CoordinationUnavailable away) {
      return; // what still holds then is found by the next look
    }
  }

  /**
   * Finds those who have become idle, or have left or come back. To be called about twice a second.
   */
  public void tend() {
    Set<Seat> present = attendances.seats();
    known.keySet().retainAll(present);
    for (Seat seat : present) {
      known.computeIfAbsent(seat, this::unknown);
      if (newsOf(seat).isPresent()) {
        changed.add(seat);
      }
    }
  }

  /** What the others do not know yet of somebody who is here. */
  private Optional<Presence> newsOf(Seat seat) {
    Whereabouts whereabouts = known.get(seat);
    if (whereabouts == null) {
      return Optional.empty();
    }
    Presence now = whereabouts.asOf(attendances.statusOf(seat, idleAfter));
    return whereabouts.told().filter(now::equals).isPresent() ? Optional.empty() : Optional.of(now);
  }

  private Whereabouts orNew(Seat seat, @Nullable Whereabouts present) {
    return present == null ? unknown(seat) : present;
  }

  /** Of a newcomer the others assume the usual; of somebody who came back it may be otherwise. */
  private Whereabouts unknown(Seat seat) {
    return new Whereabouts(
        Presence.UNKNOWN,
        true,
        attendances.isFirstStay(seat) ? Optional.of(Presence.UNKNOWN) : Optional.empty());
  }
}
