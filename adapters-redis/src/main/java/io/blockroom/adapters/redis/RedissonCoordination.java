package io.blockroom.adapters.redis;

import io.blockroom.adapters.redis.RedisSettings.Topology;
import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.Chores;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.Seats;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNodeAsync;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.protocol.Time;

/** The coordination between servers in one Redis, from its start to its close. */
public final class RedissonCoordination implements AutoCloseable {
  private static final int SHUTDOWN_MILLIS = 500;

  /**
   * Keys of rooms that are asked for in one step where they lie on one server; what others ask
   * waits behind it. In a cluster no step may ask for two.
   */
  private static final int KEYS_AT_ONCE = 500;

  private static final Duration PING_LIMIT = Duration.ofSeconds(1);

  private final RedissonClient redisson;
  private final Topology topology;
  private final NodeLife life;
  private final Seats seats;
  private final BlockLocks blockLocks;
  private final RoomBroadcast roomBroadcast;
  private final Chores chores;

  private RedissonCoordination(RedissonClient redisson, RedisSettings settings) {
    this.redisson = redisson;
    topology = settings.topology();
    String node = settings.nodeId();
    RoomScripts scripts =
        new RoomScripts(redisson, node, redisson.getId() + ":" + RoomLeases.HOLDER);
    RoomLeases leases = new RoomLeases(redisson, node, scripts, settings.lockTtl());
    LostLeases lostLeases = new LostLeases(leases);
    int atOnce = topology instanceof Topology.Cluster ? 1 : KEYS_AT_ONCE;
    seats = new RedissonSeats(scripts, leases, lostLeases, new RoomRevisions(redisson, atOnce));
    blockLocks = new RedissonBlockLocks(scripts, settings.lockTtl());
    roomBroadcast =
        new RedissonRoomBroadcast(
            scripts,
            redisson.getTopic(RedisKeys.channel(node), ByteArrayCodec.INSTANCE),
            lostLeases);
    chores = new RedissonChores(redisson);
    LeaseRenewal renewal =
        new LeaseRenewal(redisson, leases, lostLeases, settings.lockTtl(), atOnce);
    life = new NodeLife(redisson, node, leases, scripts, lostLeases, renewal);
    life.begin(settings.lockTtl());
  }

  /**
   * Connects, ends what an earlier run under the same node id left behind, and takes part.
   *
   * @throws UnusableRedis if Redis cannot be reached, is older than 6.2, or evicts keys
   */
  public static RedissonCoordination start(RedisSettings settings) {
    RedissonClient redisson = connect(settings);
    try {
      RedissonConnections.masters(redisson, settings.topology())
          .forEach(master -> ServerCondition.of(master).requireUsable());
      return new RedissonCoordination(redisson, settings);
    } catch (CoordinationUnavailable silent) {
      redisson.shutdown(0, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
      throw unusable(settings, silent);
    } catch (UnusableRedis unusable) {
      redisson.shutdown(0, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
      throw unusable;
    }
  }

  public Seats seats() {
    return seats;
  }

  public BlockLocks blockLocks() {
    return blockLocks;
  }

  public RoomBroadcast roomBroadcast() {
    return roomBroadcast;
  }

  public Chores chores() {
    return chores;
  }

  /** Whether Redis answers within a second, each of its masters. */
  public boolean isReachable() {
    Deadline deadline = Deadline.after(PING_LIMIT);
    try {
      List<RFuture<Time>> answers =
          RedissonConnections.masters(redisson, topology).stream()
              .<RFuture<Time>>map(RedisNodeAsync::timeAsync)
              .toList();
      answers.forEach(answer -> RedisCalls.await(answer, deadline));
      return true;
    } catch (CoordinationUnavailable silent) {
      return false;
    }
  }

  /** Ends this node's seats and locks, which is broadcast, and disconnects. */
  @Override
  public void close() {
    life.close();
    disconnect();
  }

  /** Falls silent without giving anything back, as a crash does. */
  void disconnect() {
    life.stopWatching();
    redisson.shutdown(0, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static RedissonClient connect(RedisSettings settings) {
    try {
      return RedissonConnections.open(settings);
    } catch (RuntimeException failed) {
      throw unusable(settings, failed);
    }
  }

  private static UnusableRedis unusable(RedisSettings settings, RuntimeException failure) {
    return new UnusableRedis(
        "Redis cannot be used at " + settings.topology() + ": " + reason(failure), failure);
  }

  /** What Redis or the network said, without what Redisson appends about its own insides. */
  private static String reason(Throwable failed) {
    Throwable root = failed;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String said = root.getMessage();
    return said == null ? "no answer" : said.split("\\.? channel:", 2)[0];
  }
}
