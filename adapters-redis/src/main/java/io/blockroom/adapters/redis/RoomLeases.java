package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.redisson.api.RFuture;
import org.redisson.api.RLock;
import org.redisson.api.RSet;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * This node's leases: one per room in which it has seats, a Redisson lock that {@link LeaseRenewal}
 * renews while this process lives (docs/adr/0014).
 *
 * <p>Redisson counts how often a holder took a lock. That is what lets a command that is carried
 * out late, after its caller gave up, do no harm to a later lease: it takes back one, not all.
 */
final class RoomLeases {
  /** Locks are taken in the name of the node, not of whichever thread asks. */
  static final long HOLDER = 1;

  /** To {@code end_node.lua}: end only what no lease stands for. */
  static final String KEEP_LEASE = "0";

  /** How many leases are left at once; what others ask of Redis waits behind that. */
  private static final int CHUNK = 100;

  private final RedissonClient redisson;
  private final String node;
  private final RoomScripts scripts;
  private final Duration lockTtl;
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

    /** Whether others may have ended the lease, or have. */
    private volatile boolean isLost;

    /** When the last renewal was asked for that was granted, on the monotonic clock. */
    private volatile long renewedAt;

    private boolean isOver;

    private Tenancy(RoomId room) {
      this.room = room;
    }

    boolean isLost() {
      return isLost;
    }

    void noteLoss() {
      isLost = true;
    }

    /** Answers may come in another order than they were asked for. */
    void noteRenewal(long askedAt) {
      if (askedAt - renewedAt > 0) {
        renewedAt = askedAt;
      }
    }

    boolean isOlderThan(Duration age) {
      return System.nanoTime() - renewedAt > age.toNanos();
    }

    RoomId room() {
      return room;
    }
  }

  RoomLeases(RedissonClient redisson, String node, RoomScripts scripts, Duration lockTtl) {
    this.redisson = redisson;
    this.node = node;
    this.scripts = scripts;
    this.lockTtl = lockTtl;
  }

  /**
   * A seat that hangs on a lease.
   *
   * @param isNew whether it did not do so before
   */
  record Entry(Tenancy tenancy, boolean isNew) {}

  /** Notes a seat that is about to be taken; the first in a room takes the lease. */
  Entry enter(RoomId room, ClientId clientId, Deadline deadline) {
    while (true) {
      Optional<Entry> entry =
          tryEnter(tenancies.computeIfAbsent(room, Tenancy::new), clientId, deadline);
      if (entry.isPresent()) {
        return entry.get();
      }
      // The last one there has just left and let go of the lease: begin anew.
    }
  }

  private Optional<Entry> tryEnter(Tenancy tenancy, ClientId clientId, Deadline deadline) {
    deadline.lock(tenancy.turn);
    try {
      if (tenancy.isOver) {
        return Optional.empty();
      }
      if (!tenancy.isLeased) {
        tenancy.renewedAt = System.nanoTime();
        take(tenancy.room, deadline);
        tenancy.isLeased = true;
      }
      return Optional.of(new Entry(tenancy, tenancy.seats.add(clientId)));
    } finally {
      if (!tenancy.isLeased) {
        end(tenancy);
      }
      tenancy.turn.unlock();
    }
  }

  /** Forgets a seat that is not this node's any more; the last in a room lets go of the lease. */
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
   * meanwhile: seats of the lost lease must not come to hang on a new one. Seats that another node
   * has taken over hang on its lease, and stay.
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

  /**
   * Hangs all seats on leases that end by themselves after the grace, and lets go of this node's.
   * Its rooms stay registered: what could not be left behind is ended with the node.
   */
  void leaveBehind(Duration grace, Deadline deadline) {
    List<Tenancy> all = List.copyOf(tenancies.values());
    if (all.isEmpty() || !grace.isPositive()) {
      return; // they end with the node
    }
    String heir = RedisKeys.heirOf(node);
    // Registered first, as everything is; the sign of life keeps the others from looking in vain.
    RedisCalls.await(
        redisson.getBucket(RedisKeys.life(heir), StringCodec.INSTANCE).setAsync(node, grace),
        deadline);
    RedisCalls.await(
        redisson
            .<String>getSet(RedisKeys.roomsOf(heir), StringCodec.INSTANCE)
            .addAllAsync(all.stream().map(each -> each.room.value()).toList()),
        deadline);
    RedisCalls.await(
        redisson.<String>getSet(RedisKeys.NODES, StringCodec.INSTANCE).addAsync(heir), deadline);
    for (int i = 0; i < all.size(); i += CHUNK) {
      leaveBehind(all.subList(i, Math.min(i + CHUNK, all.size())), grace, deadline);
    }
  }

  private void leaveBehind(List<Tenancy> some, Duration grace, Deadline deadline) {
    List<Tenancy> waitedFor = new ArrayList<>();
    try {
      for (Tenancy each : some) {
        deadline.lock(each.turn);
        waitedFor.add(each);
      }
      List<Tenancy> leased = some.stream().filter(each -> each.isLeased && !each.isOver).toList();
      List<String> arguments = List.of(Long.toString(grace.toMillis()));
      awaitAll(
          leased.stream()
              .map(each -> scripts.send(RoomScript.LEAVE_BEHIND, each.room, arguments))
              .toList(),
          deadline);
      awaitAll(leased.stream().map(each -> letGo(each.room)).toList(), deadline);
      leased.forEach(this::end);
    } finally {
      waitedFor.forEach(each -> each.turn.unlock());
    }
  }

  private static void awaitAll(List<? extends CompletionStage<?>> calls, Deadline deadline) {
    calls.forEach(call -> RedisCalls.await(call, deadline));
  }

  /** The tenancies whose lease is to be renewed. */
  List<Tenancy> standing() {
    return tenancies.values().stream().filter(each -> each.isLeased && !each.isLost).toList();
  }

  /** The tenancies that are to be ended: their lease is lost, or not trusted any more. */
  List<Tenancy> lost() {
    return tenancies.values().stream().filter(each -> each.isLost).toList();
  }

  String key(Tenancy tenancy) {
    return RedisKeys.lease(tenancy.room, node);
  }

  /** The name under which the leases are held. */
  String holder() {
    return scripts.holder();
  }

  private void take(RoomId room, Deadline deadline) {
    // Registered first: what a crash leaves behind must be found by whoever clears it away.
    RedisCalls.await(rooms().addAsync(room.value()), deadline);
    // And this node with it: after a silence the others may have cleared it away as dead.
    RedisCalls.await(
        redisson.<String>getSet(RedisKeys.NODES, StringCodec.INSTANCE).addAsync(node), deadline);
    RFuture<Boolean> taking =
        lock(room).tryLockAsync(0, lockTtl.toMillis(), TimeUnit.MILLISECONDS, HOLDER);
    boolean isTaken = false;
    try {
      isTaken = RedisCalls.await(taking, deadline);
    } finally {
      if (!isTaken) {
        // What is granted after all, too late, must not stand in the way of whoever comes next.
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

  /** Gives the lease back; well if there is no lease any more. */
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
