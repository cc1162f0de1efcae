package io.blockroom.application.service;

import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.BlockLocks.Unprepared;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.Fences;
import io.blockroom.domain.room.RoomId;
import java.util.function.Supplier;

/**
 * Makes rooms ready to grant blocks: draws tokens where there are none, and bars former holders who
 * did not give their blocks back, before anybody hears of a new one.
 */
public final class Fencing {
  /** Others may be at the same room; each round somebody gets on. */
  private static final int MOST_ROUNDS = 20;

  private final BlockLocks locks;
  private final Fences fences;

  public Fencing(BlockLocks locks, Fences fences) {
    this.locks = locks;
    this.fences = fences;
  }

  /**
   * Asks until nothing is missing.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if nothing can be drawn or barred
   */
  <T> T prepared(RoomId room, Supplier<T> request) {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      T answer = request.get();
      if (!(answer instanceof Unprepared missing)) {
        return answer;
      }
      prepare(room, missing);
    }
    throw new CoordinationUnavailable(new IllegalStateException("others are always faster"));
  }

  /** Does what is missing before blocks can be granted. */
  void prepare(RoomId room, Unprepared missing) {
    switch (missing) {
      case Unprepared.NeedsTokens none -> stock(room);
      case Unprepared.NeedsFence abandoned -> {
        fences.bar(room, abandoned.former());
        locks.barred(room, abandoned.former());
      }
    }
  }

  /** Gives a room new tokens; those from before are refused from now on. */
  void stock(RoomId room) {
    locks.stock(room, fences.draw(room));
  }
}
