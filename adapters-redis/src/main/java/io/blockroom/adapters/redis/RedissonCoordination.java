package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.Seats;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.SingleServerConfig;

/** The coordination between servers in one Redis, from its start to its close. */
public final class RedissonCoordination implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 2000;
  private static final int COMMAND_CONNECTIONS = 16;
  private static final int THREADS = 2;
  private static final Duration PING_LIMIT = Duration.ofSeconds(1);

  private final RedissonClient redisson;
  private final NodeLife life;
  private final Seats seats;
  private final BlockLocks blockLocks;
  private final RoomBroadcast roomBroadcast;

  private RedissonCoordination(RedissonClient redisson, RedisSettings settings) {
    this.redisson = redisson;
    String node = settings.nodeId();
    RoomScripts scripts =
        new RoomScripts(redisson, node, redisson.getId() + ":" + RoomLeases.HOLDER);
    RoomLeases leases = new RoomLeases(redisson, node);
    LostLeases lostLeases = new LostLeases(leases, scripts, node);
    seats = new RedissonSeats(scripts, leases, lostLeases, node);
    blockLocks = new RedissonBlockLocks(scripts);
    roomBroadcast =
        new RedissonRoomBroadcast(
            scripts,
            redisson.getTopic(RedisKeys.channel(node), ByteArrayCodec.INSTANCE),
            lostLeases);
    life = new NodeLife(redisson, node, leases, scripts, lostLeases);
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
      ServerCondition.of(redisson).requireUsable();
      return new RedissonCoordination(redisson, settings);
    } catch (CoordinationUnavailable silent) {
      redisson.shutdown(0, 1, TimeUnit.SECONDS);
      throw new UnusableRedis("Redis does not answer at " + settings.address(), silent);
    } catch (UnusableRedis unusable) {
      redisson.shutdown(0, 1, TimeUnit.SECONDS);
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

  /** Whether Redis answers within a second. */
  public boolean isReachable() {
    try {
      RedisCalls.await(
          redisson
              .getScript(StringCodec.INSTANCE)
              .evalAsync(RScript.Mode.READ_ONLY, "return 'PONG'", RScript.ReturnType.VALUE),
          PING_LIMIT);
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
    redisson.shutdown(0, 1, TimeUnit.SECONDS);
  }

  private static RedissonClient connect(RedisSettings settings) {
    Config config = new Config();
    config.setCodec(StringCodec.INSTANCE);
    config.setLockWatchdogTimeout(settings.lockTtl().toMillis());
    config.setNettyThreads(THREADS);
    config.setThreads(THREADS);
    config.setUseScriptCache(true);
    settings.user().ifPresent(config::setUsername);
    settings.password().ifPresent(config::setPassword);
    SingleServerConfig server = config.useSingleServer();
    server.setAddress(settings.address()).setDatabase(settings.database());
    server.setConnectionPoolSize(COMMAND_CONNECTIONS).setConnectionMinimumIdleSize(2);
    server.setSubscriptionConnectionPoolSize(2).setSubscriptionConnectionMinimumIdleSize(1);
    server.setConnectTimeout(TIMEOUT_MILLIS);
    server.setTimeout(TIMEOUT_MILLIS);
    // A script that is sent again after a timeout may run twice.
    server.setRetryAttempts(0);
    server.setPingConnectionInterval(3000);
    try {
      return Redisson.create(config);
    } catch (RuntimeException failed) {
      throw new UnusableRedis(
          "Redis cannot be reached at " + settings.address() + ": " + failed.getMessage(), failed);
    }
  }
}
