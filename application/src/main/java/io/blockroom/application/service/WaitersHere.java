package io.blockroom.application.service;

import io.blockroom.application.port.in.QueueForBlockLock.Outcome;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.participant.ClientId;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Those who are connected here and wait in line in a room. Guarded by the room's feed. */
final class WaitersHere {
  private final Duration lockLife;

  /** Gives somebody an answer. */
  private final BiConsumer<ClientId, Runnable> give;

  private final Map<Ticket, PlaceInLine> places = new LinkedHashMap<>();

  /** What came free in the change that is being told, and is waited for here. */
  private final Set<BlockId> freed = new HashSet<>();

  WaitersHere(Duration lockLife, BiConsumer<ClientId, Runnable> give) {
    this.lockLife = lockLife;
    this.give = give;
  }

  void add(PlaceInLine place) {
    places.put(place.ticket(), place);
  }

  @Nullable PlaceInLine find(Ticket ticket) {
    return places.get(ticket);
  }

  @Nullable PlaceInLine remove(Ticket ticket) {
    return places.remove(ticket);
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  Set<Ticket> tickets(Predicate<PlaceInLine> which) {
    return places.values().stream()
        .filter(which)
        .map(PlaceInLine::ticket)
        .collect(Collectors.toUnmodifiableSet());
  }

  void release(BlockId block) {
    if (places.values().stream().anyMatch(each -> each.wants(block))) {
      freed.add(block);
    }
  }

  /**
   * At the end of a change: tells those who have come nearer, and those whose waiting is over.
   *
   * @return whether somebody's turn may have come but could not be granted yet
   */
  boolean settle(LiveRoom live) {
    for (PlaceInLine place : List.copyOf(places.values())) {
      if (live.line().positionOf(place.ticket()).isPresent()) {
        give.accept(place.client(), () -> place.approach(live));
      } else if (place.isTaken()) {
        places.remove(place.ticket());
        Outcome outcome = place.outcome(live, lockLife);
        give.accept(place.client(), () -> place.end(outcome));
      }
    }
    freed.removeAll(live.locks().keySet());
    boolean isTurnDue = !freed.isEmpty();
    freed.clear();
    return isTurnDue;
  }

  /** Ends the waiting of some; whoever has not been told yet that they wait is told nothing. */
  void end(Predicate<PlaceInLine> which, Outcome outcome) {
    for (PlaceInLine place : places.values().stream().filter(which).toList()) {
      places.remove(place.ticket());
      if (place.isTaken()) {
        give.accept(place.client(), () -> place.end(outcome));
      }
    }
  }
}
