package io.blockroom.application.service;

import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomId;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;

/**
 * What could not be told to the coordination, and must be when it is back: stored commits, ended
 * reservations. While it is away no new commits come in, so this does not grow for long.
 */
final class Untold {
  private final BlockLocks locks;
  private final Deque<Runnable> tellings = new ConcurrentLinkedDeque<>();

  /** What may have been reserved without an answer; the same may be asked for again and again. */
  private final Set<Claim> unanswered = ConcurrentHashMap.newKeySet();

  Untold(BlockLocks locks) {
    this.locks = locks;
  }

  private record Claim(RoomId room, ClientId author, Set<BlockId> blocks) {
    Claim {
      blocks = Set.copyOf(blocks);
    }
  }

  /** Tells it later. */
  void add(Runnable telling) {
    tellings.add(telling);
  }

  /** Tells it now, or later if there is no answer. */
  void tell(Runnable telling) {
    try {
      telling.run();
    } catch (CoordinationUnavailable away) {
      add(telling);
    }
  }

  /** Frees later what the author may have reserved. */
  void free(RoomId room, ClientId author, Set<BlockId> blocks) {
    unanswered.add(new Claim(room, author, blocks));
  }

  /**
   * Tells what can be told.
   *
   * @throws CoordinationUnavailable if there is no answer yet
   */
  void settle() {
    for (Runnable telling = tellings.poll(); telling != null; telling = tellings.poll()) {
      settle(telling, tellings::addFirst);
    }
    for (Claim claim : Set.copyOf(unanswered)) {
      unanswered.remove(claim);
      settle(
          () -> locks.endReservation(claim.room(), claim.author(), Map.of(), claim.blocks(), true),
          telling -> unanswered.add(claim));
    }
  }

  private static void settle(Runnable telling, Consumer<Runnable> keeping) {
    try {
      telling.run();
    } catch (CoordinationUnavailable away) {
      keeping.accept(telling);
      throw away;
    }
  }
}
