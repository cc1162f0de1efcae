package io.blockroom.application.port.out;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.GrantReason;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches the changes of a room, from its first on, and notes what must never happen: two owners,
 * somebody who goes past the line, half of a group, a wrong count, a token that goes back.
 */
public final class LineWatch {
  private final Map<BlockId, ClientId> owners = new HashMap<>();
  private final Map<BlockId, FencingToken> tokens = new HashMap<>();
  private final List<String> violations = new ArrayList<>();
  private WaitingLine line = WaitingLine.EMPTY;

  /** What a change must go on with. */
  private final Deque<Expected> expected = new ArrayDeque<>();

  private record Expected(BlockId block, @Nullable ClientId owner, GrantReason reason) {}

  /** Watches one more change. */
  public void see(RoomChange change) {
    for (RoomEvent event : change.events()) {
      see(event, change);
    }
    require(expected.isEmpty(), "half of a step", change);
    expected.clear();
  }

  /** What must not have happened. */
  public List<String> violations() {
    return List.copyOf(violations);
  }

  /** Who has locked which block now. */
  public Map<BlockId, ClientId> owners() {
    return Map.copyOf(owners);
  }

  /** Who waits now. */
  public WaitingLine line() {
    return line;
  }

  private void see(RoomEvent event, RoomChange change) {
    switch (event) {
      case RoomEvent.BlockLocked locked -> lock(locked, change);
      case RoomEvent.BlockReleased released -> release(released, change);
      case RoomEvent.LineJoined joined -> line = line.with(joined.waiter());
      case RoomEvent.LineLeft left -> {
        require(line.positionOf(left.ticket()).isPresent(), "left without having waited", change);
        line = line.without(left.ticket());
      }
      case RoomEvent.TurnCame turn -> come(turn, change);
      case RoomEvent.ParticipantLeft left -> {
        require(!owners.containsValue(left.clientId()), "left with a lock", change);
        require(line.equals(line.without(left.clientId())), "left while waiting", change);
      }
      case RoomEvent.ParticipantJoined _,
          RoomEvent.SeatTakenOver _,
          RoomEvent.CommitApplied _,
          RoomEvent.HistoryReplaced _,
          RoomEvent.RulesChanged _,
          RoomEvent.RoomClosed _ -> {}
    }
  }

  private void come(RoomEvent.TurnCame turn, RoomChange change) {
    Optional<Waiter> waiting =
        line.waiters().stream().filter(each -> each.ticket().equals(turn.ticket())).findFirst();
    require(waiting.isPresent(), "the turn of nobody", change);
    require(expected.isEmpty(), "a turn within a turn", change);
    waiting.ifPresent(waiter -> {
      for (BlockId block : waiter.request().blocks()) {
        ClientId owner = owners.get(block);
        if (!waiter.client().equals(owner)) {
          require(owner == null, "the turn came too early", change);
          require(isFirstFor(block, waiter), "went past the line", change);
          expected.add(new Expected(block, waiter.client(), GrantReason.ACQUIRED));
        }
      }
      line = line.without(turn.ticket());
    });
  }

  private boolean isFirstFor(BlockId block, Waiter waiter) {
    return line.waiters().stream()
        .filter(each -> each.wants(block))
        .findFirst()
        .filter(waiter::equals)
        .isPresent();
  }

  private void lock(RoomEvent.BlockLocked locked, RoomChange change) {
    ClientId before = owners.put(locked.block(), locked.owner());
    FencingToken former = tokens.put(locked.block(), locked.token());
    require(former == null || former.isOlderThan(locked.token()), "a token went back", change);
    require(locked.waiting() == line.waitingFor(locked.block()), "a wrong count", change);
    if (!expected.isEmpty()) {
      Expected next = expected.remove();
      boolean isIt =
          next.block().equals(locked.block())
              && (next.owner() == null || next.owner().equals(locked.owner()))
              && next.reason() == locked.reason();
      require(isIt && before == null, "not the lock that was to come", change);
    } else if (before == null) {
      require(locked.reason() == GrantReason.ACQUIRED, "handed over by nobody", change);
      require(
          line.firstFor(locked.block(), locked.owner()).isEmpty(), "went past the line", change);
    } else {
      require(before.equals(locked.owner()), "two owners", change);
    }
  }

  private void release(RoomEvent.BlockReleased released, RoomChange change) {
    require(expected.isEmpty(), "a release within a turn", change);
    boolean wasLocked = owners.remove(released.block()) != null;
    require(
        wasLocked || released.reason() == ReleaseReason.COMMITTED,
        "released what was free",
        change);
    require(released.waiting() == line.waitingFor(released.block()), "a wrong count", change);
    if (released.reason() == ReleaseReason.HANDOVER) {
      expected.add(new Expected(released.block(), null, GrantReason.HANDOVER));
    }
  }

  private void require(boolean holds, String otherwise, RoomChange change) {
    if (!holds) {
      violations.add(otherwise + ": " + change);
    }
  }
}
