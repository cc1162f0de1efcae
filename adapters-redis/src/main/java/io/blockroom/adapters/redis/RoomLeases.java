package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.redisson.api.BatchResult;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RLock;
import org.redisson.api.RSet;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * This node's leases: one per room in which it has seats, a Redisson lock that the watchdog renews
 * while this process lives (docs/adr/0005).
 *
 * <p>Redisson counts how often a holder took a lock. That is what lets a command that is carried
 * out late, after its caller gave up, do no harm to a later lease: it takes back one, not all.
 */
final class RoomLeases {
  /** Locks are taken in the name of the node, not of whichever thread asks. */
  static final long HOLDER = 1;

  /** To {@code end_node.lua}: end only what no lease stands for. */
  static final String KEEP_LEASE = "0";

  /** How many leases are asked for at once; what others ask waits behind that. */
  private static final int CHUNK = 500;

  private final RedissonClient redisson;
  private final String node;
  private final RoomScripts scripts;
  private final Map<RoomId, Tenancy> tenancies = new ConcurrentHashMap<>();

  /**
   * From this node's taking of a room's lease to its end, with the seats that hang on it, those
   * under way included. There is another for the same room after it, never the same again.
   */
  static final class Tenancy {
    private final RoomId room;
    private final ReentrantLock turn = new ReentrantLock();
    private final Set<ClientId> seats = new HashSet<>();
    private volatile boolean isLeased;
    private boolean isOver;

    private Tenancy(RoomId room) {
      this.room = room;
    }

    RoomId room() {
      return room;
    }
  }

  RoomLeases(RedissonClient redisson, String node, RoomScripts scripts) {
    this.redisson = redisson;
    this.node = node;
    this.scripts = scripts;
  }

  /** Notes a seat that is about to be taken; the first in a room takes the lease. */
  Tenancy enter(RoomId room, ClientId clientId, Deadline deadline) {
    while (true) {
      Tenancy tenancy = tenancies.computeIfAbsent(room, Tenancy::new);
      if (tryEnter(tenancy, clientId, deadline)) {
        return tenancy;
      }
      // The last one there has just left and let go of the lease: begin anew.
    }
  }

  private boolean tryEnter(Tenancy tenancy, ClientId clientId, Deadline deadline) {
    deadline.lock(tenancy.turn);
    try {
      if (tenancy.isOver) {
        return false;
      }
      if (!tenancy.isLeased) {
        take(tenancy.room, deadline);
        tenancy.isLeased = true;
      }
      tenancy.seats.add(clientId);
      return true;
    } finally {
      if (!tenancy.isLeased) {
        end(tenancy);
      }
      tenancy.turn.unlock();
    }
  }

  /** Forgets a seat that is given up; the last in a room lets go of the lease. */
  void leave(RoomId room, ClientId clientId, Deadline deadline) {
    Tenancy tenancy = tenancies.get(room);
    if (tenancy == null) {
      return;
    }
    deadline.lock(tenancy.turn);
    try {
      if (!tenancy.isOver && tenancy.seats.remove(clientId) && tenancy.seats.isEmpty()) {
        try {
          RedisCalls.await(letGo(room), deadline);
          RedisCalls.await(rooms().removeAsync(room.value()), deadline);
        } finally {
          // Last: who enters meanwhile waits for the turn, and then registers the room anew.
          end(tenancy);
        }
      }
    } finally {
      tenancy.turn.unlock();
    }
  }

  /**
   * Ends what hung on a lease that is lost; true if that was not done before. Nobody enters
   * meanwhile: seats of the lost lease must not come to hang on a new one.
   *
   * @throws CoordinationUnavailable if it could not be done; the lease is still to be ended then
   */
  boolean lose(Tenancy tenancy, Deadline deadline) {
    deadline.lock(tenancy.turn);
    try {
      if (tenancy.isOver) {
        return false;
      }
      RedisCalls.await(letGo(tenancy.room), deadline);
      scripts.run(
          RoomScript.END_NODE,
          tenancy.room,
          List.of(node, KEEP_LEASE, ReleaseReason.EXPIRED.name()),
          deadline);
      end(tenancy);
      return true;
    } finally {
      tenancy.turn.unlock();
    }
  }

  /** The tenancies whose lease was this node's and is not any more. */
  List<Tenancy> lost() {
    List<Tenancy> leased = tenancies.values().stream().filter(each -> each.isLeased).toList();
    List<Tenancy> lost = new ArrayList<>();
    for (int i = 0; i < leased.size(); i += CHUNK) {
      List<Tenancy> some = leased.subList(i, Math.min(i + CHUNK, leased.size()));
      List<?> held = RedisCalls.await(areHeld(some)).getResponses();
      for (int n = 0; n < some.size(); n++) {
        if (held.get(n).equals(false)) {
          lost.add(some.get(n));
        }
      }
    }
    return lost;
  }

  private RFuture<BatchResult<?>> areHeld(List<Tenancy> some) {
    RBatch batch = redisson.createBatch();
    for (Tenancy each : some) {
      var _ =
          batch
              .getMap(RedisKeys.lease(each.room, node), StringCodec.INSTANCE)
              .containsKeyAsync(scripts.holder());
    }
    return batch.executeAsync();
  }

  private void take(RoomId room, Deadline deadline) {
    // Registered first: what a crash leaves behind must be found by whoever clears it away.
    RedisCalls.await(rooms().addAsync(room.value()), deadline);
    RFuture<Boolean> taking = lock(room).tryLockAsync(HOLDER);
    boolean isTaken = false;
    try {
      isTaken = RedisCalls.await(taking, deadline);
    } finally {
      if (!isTaken) {
        // The watchdog would renew for ever what is granted after all, too late.
        var _ = taking.thenAccept(isLate -> giveBack(room, isLate));
      }
    }
    if (!isTaken) {
      throw new CoordinationUnavailable(
          new IllegalStateException("another server runs under the node id " + node));
    }
  }

  private void giveBack(RoomId room, boolean isTaken) {
    if (isTaken) {
      var _ = letGo(room);
    }
  }

  /** Gives the lease back and stops its watchdog; well if there is no lease any more. */
  private CompletionStage<Boolean> letGo(RoomId room) {
    return lock(room)
        .unlockAsync(HOLDER)
        .thenApply(done -> true)
        .exceptionally(failure -> {
          if (failure.getCause() instanceof IllegalMonitorStateException) {
            return false;
          }
          throw new CompletionException(failure);
        });
  }

  private void end(Tenancy tenancy) {
    tenancy.isOver = true;
    tenancies.remove(tenancy.room, tenancy);
  }

  private RSet<String> rooms() {
    return redisson.getSet(RedisKeys.roomsOf(node), StringCodec.INSTANCE);
  }

  private RLock lock(RoomId room) {
    return redisson.getLock(RedisKeys.lease(room, node));
  }
}
