package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Block locks as fields of a hash per room; each stands as long as its owner's seat. */
final class RedissonBlockLocks implements BlockLocks {
  private final RoomScripts scripts;

  RedissonBlockLocks(RoomScripts scripts) {
    this.scripts = scripts;
  }

  @Override
  public LockOutcome acquire(RoomId room, ClientId asker, LockRequest request) {
    List<String> answer =
        scripts.run(RoomScript.ACQUIRE_LOCKS, room, arguments(asker, request.blocks()));
    return switch (answer.getFirst()) {
      case "GRANTED" -> new LockOutcome.Granted(revision(answer), heldBefore(answer));
      case "DENIED" -> new LockOutcome.Denied(revision(answer), locks(answer));
      default -> new LockOutcome.SeatLost();
    };
  }

  @Override
  public Inspection inspect(RoomId room, ClientId asker, Set<BlockId> blocks) {
    List<String> answer = scripts.run(RoomScript.INSPECT_LOCKS, room, arguments(asker, blocks));
    return answer.getFirst().equals("LOCKS")
        ? new Inspection.Locks(revision(answer), locks(answer))
        : new Inspection.SeatLost();
  }

  private static List<String> arguments(ClientId asker, Collection<BlockId> blocks) {
    List<String> arguments = new ArrayList<>(1 + blocks.size());
    arguments.add(asker.value());
    blocks.forEach(block -> arguments.add(block.value()));
    return arguments;
  }

  private static Revision revision(List<String> answer) {
    return new Revision(Long.parseLong(answer.get(1)));
  }

  private static Set<BlockId> heldBefore(List<String> answer) {
    return answer.stream().skip(2).map(BlockId::new).collect(Collectors.toUnmodifiableSet());
  }

  private static List<BlockLock> locks(List<String> answer) {
    List<BlockLock> locks = new ArrayList<>();
    for (int i = 2; i < answer.size(); i += 3) {
      locks.add(
          new BlockLock(
              new BlockId(answer.get(i)),
              new ClientId(answer.get(i + 1)),
              Duration.ofMillis(Long.parseLong(answer.get(i + 2)))));
    }
    return locks;
  }
}
