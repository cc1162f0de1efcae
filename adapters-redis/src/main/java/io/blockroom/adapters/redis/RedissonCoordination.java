package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.Chores;
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
import org.redisson.config.ConstantDelay;
import org.redisson.config.SingleServerConfig;

/** The coordination between servers in one Redis, from its start to its close. */
public final class RedissonCoordination implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 2000;
  private static final int KEEP_ALIVE_SECONDS = 5;
  private static final int KEEP_ALIVE_PROBES = 3;
  private static final int SHUTDOWN_MILLIS = 500;
  private static final int IDLE_MILLIS = 300_000;
  private static final int COMMAND_CONNECTIONS = 16;
  private static final int THREADS = 2;

  /** Leases that are renewed by one script; scripts follow one another, each after an answer. */
  private static final int LEASES_AT_ONCE = 1000;

  private static final Duration RECONNECT_AFTER = Duration.ofMillis(200);
  private static final Duration PING_LIMIT = Duration.ofSeconds(1);

  private final RedissonClient redisson;
  private final NodeLife life;
  private final Seats seats;
  private final BlockLocks blockLocks;
  private final RoomBroadcast roomBroadcast;
  private final Chores chores;

  private RedissonCoordination(RedissonClient redisson, RedisSettings settings) {
    this.redisson = redisson;
    String node = settings.nodeId();
    RoomScripts scripts =
        new RoomScripts(redisson, node, redisson.getId() + ":" + RoomLeases.HOLDER);
    RoomLeases leases = new RoomLeases(redisson, node, scripts);
    LostLeases lostLeases = new LostLeases(leases);
    seats = new RedissonSeats(scripts, leases, lostLeases, node);
    blockLocks = new RedissonBlockLocks(scripts, settings.lockTtl());
    roomBroadcast =
        new RedissonRoomBroadcast(
            scripts,
            redisson.getTopic(RedisKeys.channel(node), ByteArrayCodec.INSTANCE),
            lostLeases);
    chores = new RedissonChores(redisson);
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

  /** Whether Redis answers within a second. */
  public boolean isReachable() {
    try {
      RedisCalls.await(
          redisson
              .getScript(StringCodec.INSTANCE)
              .evalAsync(RScript.Mode.READ_ONLY, "return 'PONG'", RScript.ReturnType.VALUE),
          Deadline.after(PING_LIMIT));
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
    Config config = new Config();
    config.setCodec(StringCodec.INSTANCE);
    config.setLockWatchdogTimeout(settings.lockTtl().toMillis());
    config.setLockWatchdogBatchSize(LEASES_AT_ONCE);
    config.setNettyThreads(THREADS);
    config.setThreads(THREADS);
    config.setUseScriptCache(true);
    settings.user().ifPresent(config::setUsername);
    settings.password().ifPresent(config::setPassword);
    SingleServerConfig server = config.useSingleServer();
    server.setAddress(settings.address()).setDatabase(settings.database());
    server.setConnectionPoolSize(COMMAND_CONNECTIONS).setConnectionMinimumIdleSize(2);
    // On a slow line, opening a connection takes longer than whoever waits for it can wait.
    server.setIdleConnectionTimeout(IDLE_MILLIS);
    server.setSubscriptionConnectionPoolSize(2).setSubscriptionConnectionMinimumIdleSize(1);
    server.setConnectTimeout(TIMEOUT_MILLIS);
    server.setTimeout(TIMEOUT_MILLIS);
    // A script that is sent again after a timeout may run twice.
    server.setRetryAttempts(0);
    server.setReconnectionDelay(new ConstantDelay(RECONNECT_AFTER));
    // No pings: when a ping's answer, a whole message and a part of the next arrive together,
    // Redisson 4.7.0 takes the rest of that next message for the answer's and drops it. Dead
    // peers are found by TCP.
    server.setPingConnectionInterval(0);
    config.setTcpKeepAlive(true);
    config.setTcpKeepAliveIdle(KEEP_ALIVE_SECONDS);
    config.setTcpKeepAliveInterval(KEEP_ALIVE_SECONDS);
    config.setTcpKeepAliveCount(KEEP_ALIVE_PROBES);
    try {
      return Redisson.create(config);
    } catch (RuntimeException failed) {
      throw unusable(settings, failed);
    }
  }

  private static UnusableRedis unusable(RedisSettings settings, RuntimeException failure) {
    return new UnusableRedis(
        "Redis cannot be used at " + settings.address() + ": " + reason(failure), failure);
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
