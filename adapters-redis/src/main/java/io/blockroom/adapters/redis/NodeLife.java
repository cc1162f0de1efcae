package io.blockroom.adapters.redis;

import io.blockroom.adapters.redis.RoomLeases.Tenancy;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RFuture;
import org.redisson.api.RLock;
import org.redisson.api.RSet;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * A node among the others: says that it lives, notices what it lost, and clears away after those
 * that died.
 */
final class NodeLife implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(NodeLife.class.getName());
  private static final String END_LEASE = "1";
  private static final String ENDED = "ENDED";

  /** How many rooms are ended at once; what others ask of Redis waits behind that. */
  private static final int CHUNK = 100;

  /** How long a leaving node waits for the first answer of a Redis that may be dead. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private static final ThreadFactory ENDER = Thread.ofVirtual().name("lease-end").factory();

  private final RedissonClient redisson;
  private final String node;
  private final RoomLeases leases;
  private final RoomScripts scripts;
  private final LostLeases lostLeases;
  private final LeaseRenewal renewal;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("node-life").factory());

  NodeLife(
      RedissonClient redisson,
      String node,
      RoomLeases leases,
      RoomScripts scripts,
      LostLeases lostLeases,
      LeaseRenewal renewal) {
    this.redisson = redisson;
    this.node = node;
    this.leases = leases;
    this.scripts = scripts;
    this.lostLeases = lostLeases;
    this.renewal = renewal;
  }

  /** Ends what an earlier run under the same id left behind, then begins to live. */
  void begin(Duration lockTtl) {
    RedisCalls.await(life(node).forceUnlockAsync());
    endRooms(node, END_LEASE);
    live();
    renewal.begin();
    long interval = Math.min(1000, lockTtl.toMillis() / 6);
    var _ = watch.scheduleWithFixedDelay(this::look, interval, interval, TimeUnit.MILLISECONDS);
  }

  /** Ends this node's seats, leases and life. */
  @Override
  public void close() {
    stopWatching();
    try {
      Deadline deadline = Deadline.after(CLOSE_PATIENCE);
      // Whoever took over this node's id has taken its rooms over, too.
      if (RedisCalls.await(life(node).isHeldByThreadAsync(RoomLeases.HOLDER), deadline)) {
        endRooms(node, END_LEASE);
        RedisCalls.await(nodes().removeAsync(node));
        RedisCalls.await(life(node).unlockAsync(RoomLeases.HOLDER));
      }
    } catch (CoordinationUnavailable away) {
      LOG.log(System.Logger.Level.INFO, "Redis is away; what this server held ends by itself");
    }
  }

  void stopWatching() {
    renewal.close();
    watch.shutdownNow();
  }

  private void look() {
    try {
      endLost();
      live();
      for (String other : RedisCalls.await(nodes().readAllAsync())) {
        if (!other.equals(node) && !RedisCalls.await(life(other).isLockedAsync())) {
          bury(other);
        }
      }
    } catch (CoordinationUnavailable away) {
      LOG.log(System.Logger.Level.DEBUG, "Redis is away");
    } catch (RuntimeException failure) {
      LOG.log(System.Logger.Level.WARNING, "watching failed: {0}", failure.getClass().getName());
    }
  }

  /** Many at once: one room that cannot be ended now must not keep the others waiting. */
  private void endLost() {
    List<Tenancy> lost = leases.lost();
    for (int i = 0; i < lost.size(); i += CHUNK) {
      try (ExecutorService enders = Executors.newThreadPerTaskExecutor(ENDER)) {
        for (Tenancy each : lost.subList(i, Math.min(i + CHUNK, lost.size()))) {
          var _ = enders.submit(() -> end(each));
        }
      }
    }
  }

  private void end(Tenancy lost) {
    try {
      lostLeases.accept(lost, Deadline.ofRequest());
    } catch (CoordinationUnavailable away) {
      LOG.log(System.Logger.Level.DEBUG, "the seats of a lost lease wait for the next look");
    }
  }

  private void live() {
    if (!RedisCalls.await(life(node).isHeldByThreadAsync(RoomLeases.HOLDER))
        && !RedisCalls.await(life(node).tryLockAsync(RoomLeases.HOLDER))) {
      LOG.log(System.Logger.Level.ERROR, "another server runs under the node id " + node);
    }
    // Each time: whoever cleared away after this node's predecessor may have been slow.
    RedisCalls.await(nodes().addAsync(node));
  }

  /**
   * Its leases end with its life, give or take a moment: what still stands waits for the next look.
   */
  private void bury(String dead) {
    List<String> rooms = endRooms(dead, RoomLeases.KEEP_LEASE);
    if (RedisCalls.await(life(dead).isLockedAsync())) {
      // A successor lives under its id, and may have come into these rooms in the meantime.
      RedisCalls.await(roomsOf(dead).addAllAsync(rooms));
    } else if (RedisCalls.await(roomsOf(dead).isExistsAsync())) {
      return;
    } else {
      RedisCalls.await(nodes().removeAsync(dead));
      if (RedisCalls.await(roomsOf(dead).isExistsAsync())) {
        // Somebody has just left seats behind under this name once more.
        RedisCalls.await(nodes().addAsync(dead));
      }
      LOG.log(System.Logger.Level.INFO, "a server died; its seats were ended");
    }
  }

  /** Ends a node's seats in all its rooms where no lease stands, and returns these rooms. */
  private List<String> endRooms(String ended, String lease) {
    List<String> rooms = List.copyOf(RedisCalls.await(roomsOf(ended).readAllAsync()));
    List<String> endedRooms = new ArrayList<>();
    for (int i = 0; i < rooms.size(); i += CHUNK) {
      List<String> some = rooms.subList(i, Math.min(i + CHUNK, rooms.size()));
      List<RFuture<List<String>>> outcomes =
          some.stream()
              .map(room ->
                  scripts.send(
                      RoomScript.END_NODE,
                      new RoomId(room),
                      List.of(ended, lease, ReleaseReason.NODE_DOWN.name())))
              .toList();
      for (int n = 0; n < some.size(); n++) {
        if (RedisCalls.await(outcomes.get(n)).getFirst().equals(ENDED)) {
          endedRooms.add(some.get(n));
        }
      }
    }
    if (!endedRooms.isEmpty()) {
      RedisCalls.await(roomsOf(ended).removeAllAsync(endedRooms));
    }
    return endedRooms;
  }

  private RSet<String> roomsOf(String of) {
    return redisson.getSet(RedisKeys.roomsOf(of), StringCodec.INSTANCE);
  }

  private RLock life(String of) {
    return redisson.getLock(RedisKeys.life(of));
  }

  private RSet<String> nodes() {
    return redisson.getSet(RedisKeys.NODES, StringCodec.INSTANCE);
  }
}
