package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.redisson.api.RFuture;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * This node's leases: one per room in which it has seats, a Redisson lock that the watchdog renews
 * while this process lives (docs/adr/0005).
 */
final class RoomLeases {
  /** Locks are taken in the name of the node, not of whichever thread asks. */
  static final long HOLDER = 1;

  private final RedissonClient redisson;
  private final String node;
  private final Map<RoomId, Tenancy> tenancies = new ConcurrentHashMap<>();

  /** This node's seats in a room, those under way included, and the lease that they hang on. */
  private static final class Tenancy {
    final ReentrantLock turn = new ReentrantLock();
    final Set<ClientId> seats = new HashSet<>();
    volatile boolean isLeased;
    boolean isOver;
  }

  RoomLeases(RedissonClient redisson, String node) {
    this.redisson = redisson;
    this.node = node;
  }

  /** Notes a seat that is about to be taken; the first in a room takes the lease. */
  void enter(RoomId room, ClientId clientId) {
    while (!tryEnter(room, clientId)) {
      // The last one there has just left and let go of the lease: begin anew.
      Thread.onSpinWait();
    }
  }

  private boolean tryEnter(RoomId room, ClientId clientId) {
    Tenancy tenancy = tenancies.computeIfAbsent(room, id -> new Tenancy());
    tenancy.turn.lock();
    try {
      if (tenancy.isOver) {
        return false;
      }
      if (!tenancy.isLeased) {
        take(room);
        tenancy.isLeased = true;
      }
      tenancy.seats.add(clientId);
      return true;
    } finally {
      if (!tenancy.isLeased) {
        end(room, tenancy);
      }
      tenancy.turn.unlock();
    }
  }

  /** Forgets a seat that is given up; the last in a room lets go of the lease. */
  void leave(RoomId room, ClientId clientId) {
    Tenancy tenancy = tenancies.get(room);
    if (tenancy == null) {
      return;
    }
    tenancy.turn.lock();
    try {
      if (!tenancy.isOver && tenancy.seats.remove(clientId) && tenancy.seats.isEmpty()) {
        end(room, tenancy);
        letGo(room);
      }
    } finally {
      tenancy.turn.unlock();
    }
  }

  /** Forgets a lease that is lost; true if it was not forgotten before. */
  boolean forget(RoomId room) {
    Tenancy tenancy = tenancies.get(room);
    if (tenancy == null) {
      return false;
    }
    tenancy.turn.lock();
    try {
      if (tenancy.isOver) {
        return false;
      }
      end(room, tenancy);
      // Also stops the watchdog, which would renew a lease that somebody gave back to us.
      var _ = lock(room).unlockAsync(HOLDER);
      return true;
    } finally {
      tenancy.turn.unlock();
    }
  }

  /** The rooms in which this node has a lease. */
  Set<RoomId> rooms() {
    return Set.copyOf(tenancies.keySet());
  }

  /** The rooms whose lease was this node's and is not any more. */
  List<RoomId> lost() {
    Map<RoomId, RFuture<Boolean>> held = new LinkedHashMap<>();
    tenancies.forEach((room, tenancy) -> {
      if (tenancy.isLeased) {
        held.put(room, lock(room).isHeldByThreadAsync(HOLDER));
      }
    });
    return held.entrySet().stream()
        .filter(each -> !RedisCalls.await(each.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private void take(RoomId room) {
    // Registered first: what a crash leaves behind must be found by whoever clears it away.
    RedisCalls.await(
        redisson.getSet(RedisKeys.roomsOf(node), StringCodec.INSTANCE).addAsync(room.value()));
    if (!RedisCalls.await(lock(room).tryLockAsync(HOLDER))) {
      throw new CoordinationUnavailable(
          new IllegalStateException("another server runs under the node id " + node));
    }
  }

  private void letGo(RoomId room) {
    RedisCalls.await(lock(room).unlockAsync(HOLDER));
    RedisCalls.await(
        redisson.getSet(RedisKeys.roomsOf(node), StringCodec.INSTANCE).removeAsync(room.value()));
  }

  private void end(RoomId room, Tenancy tenancy) {
    tenancy.isOver = true;
    tenancies.remove(room, tenancy);
  }

  private RLock lock(RoomId room) {
    return redisson.getLock(RedisKeys.lease(room, node));
  }
}
