package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
  private static final String KEEP_LEASE = "0";
  private static final String END_LEASE = "1";
  private static final String ENDED = "ENDED";

  private final RedissonClient redisson;
  private final String node;
  private final RoomLeases leases;
  private final RoomScripts scripts;
  private final LostLeases lostLeases;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("node-life").factory());

  NodeLife(
      RedissonClient redisson,
      String node,
      RoomLeases leases,
      RoomScripts scripts,
      LostLeases lostLeases) {
    this.redisson = redisson;
    this.node = node;
    this.leases = leases;
    this.scripts = scripts;
    this.lostLeases = lostLeases;
  }

  /** Ends what an earlier run under the same id left behind, then begins to live. */
  void begin(Duration lockTtl) {
    RedisCalls.await(life(node).forceUnlockAsync());
    endRooms(node, END_LEASE);
    live();
    long interval = Math.min(1000, lockTtl.toMillis() / 3);
    var _ = watch.scheduleWithFixedDelay(this::look, interval, interval, TimeUnit.MILLISECONDS);
  }

  /** Ends this node's seats, leases and life. */
  @Override
  public void close() {
    stopWatching();
    try {
      endRooms(node, END_LEASE);
      RedisCalls.await(life(node).forceUnlockAsync());
      RedisCalls.await(nodes().removeAsync(node));
    } catch (CoordinationUnavailable away) {
      LOG.log(System.Logger.Level.INFO, "Redis is away; what this server held ends by itself");
    }
  }

  void stopWatching() {
    watch.shutdownNow();
  }

  private void look() {
    try {
      live();
      leases.lost().forEach(lostLeases::accept);
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

  private void live() {
    if (!RedisCalls.await(life(node).isHeldByThreadAsync(RoomLeases.HOLDER))) {
      if (!RedisCalls.await(life(node).tryLockAsync(RoomLeases.HOLDER))) {
        LOG.log(System.Logger.Level.ERROR, "another server runs under the node id " + node);
      }
      RedisCalls.await(nodes().addAsync(node));
    }
  }

  /**
   * Its leases end with its life, give or take a moment: what still stands waits for the next look.
   */
  private void bury(String dead) {
    if (endRooms(dead, KEEP_LEASE)) {
      RedisCalls.await(nodes().removeAsync(dead));
      LOG.log(System.Logger.Level.INFO, "a server died; its seats were ended");
    }
  }

  /** Ends a node's seats in all its rooms; false if a lease of it stands. */
  private boolean endRooms(String ended, String lease) {
    RSet<String> rooms = redisson.getSet(RedisKeys.roomsOf(ended), StringCodec.INSTANCE);
    Set<String> names = RedisCalls.await(rooms.readAllAsync());
    boolean isAllEnded = true;
    for (String name : names) {
      String outcome = scripts.run(RoomScript.END_NODE, new RoomId(name), ended, lease).getFirst();
      if (outcome.equals(ENDED)) {
        RedisCalls.await(rooms.removeAsync(name));
      } else {
        isAllEnded = false;
      }
    }
    return isAllEnded;
  }

  private RLock life(String of) {
    return redisson.getLock(RedisKeys.life(of));
  }

  private RSet<String> nodes() {
    return redisson.getSet(RedisKeys.NODES, StringCodec.INSTANCE);
  }
}
