package io.blockroom.adapters.redis;

import io.blockroom.adapters.redis.RedisSettings.Topology;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisMaster;
import org.redisson.api.redisnode.RedisNodeAsync;
import org.redisson.api.redisnode.RedisNodes;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;
import org.redisson.config.ReadMode;
import org.redisson.config.SingleServerConfig;
import org.redisson.config.SubscriptionMode;

/** Connections to Redis, whatever servers it is made up of. */
final class RedissonConnections {
  private static final int TIMEOUT_MILLIS = 2000;
  private static final int KEEP_ALIVE_SECONDS = 5;
  private static final int KEEP_ALIVE_PROBES = 3;
  private static final int IDLE_MILLIS = 300_000;
  private static final int COMMAND_CONNECTIONS = 16;
  private static final int IDLE_CONNECTIONS = 2;
  private static final int SUBSCRIPTION_CONNECTIONS = 2;
  private static final int THREADS = 2;

  private static final Duration RECONNECT_AFTER = Duration.ofMillis(200);

  /** How often it is asked who is master of what. */
  private static final int SCAN_MILLIS = 500;

  /** What a lock waits for replicas at most; one that hangs must not hold up the others. */
  private static final int REPLICA_MILLIS = 200;

  private RedissonConnections() {}

  /**
   * Connects.
   *
   * @throws RuntimeException if no server answers, or not as it must
   */
  static RedissonClient open(RedisSettings settings) {
    Config config = new Config();
    config.setCodec(StringCodec.INSTANCE);
    config.setLockWatchdogTimeout(settings.lockTtl().toMillis());
    config.setNettyThreads(THREADS);
    config.setThreads(THREADS);
    config.setUseScriptCache(true);
    config.setCheckLockSyncedSlaves(false);
    config.setSlavesSyncTimeout(REPLICA_MILLIS);
    config.setTcpKeepAlive(true);
    config.setTcpKeepAliveIdle(KEEP_ALIVE_SECONDS);
    config.setTcpKeepAliveInterval(KEEP_ALIVE_SECONDS);
    config.setTcpKeepAliveCount(KEEP_ALIVE_PROBES);
    settings.user().ifPresent(config::setUsername);
    settings.password().ifPresent(config::setPassword);
    use(settings.topology(), config);
    return Redisson.create(config);
  }

  /** The servers that are written to. */
  static Collection<? extends RedisNodeAsync> masters(RedissonClient redisson, Topology topology) {
    return switch (topology) {
      case Topology.Single _ -> List.of(redisson.getRedisNodes(RedisNodes.SINGLE).getInstance());
      case Topology.Sentinel _ -> {
        RedisMaster master = redisson.getRedisNodes(RedisNodes.SENTINEL_MASTER_SLAVE).getMaster();
        yield List.of(master);
      }
      case Topology.Cluster _ -> redisson.getRedisNodes(RedisNodes.CLUSTER).getMasters();
    };
  }

  private static void use(Topology topology, Config config) {
    switch (topology) {
      case Topology.Single(String address, int database) -> {
        SingleServerConfig server = config.useSingleServer();
        server.setAddress(address).setDatabase(database);
        server.setConnectionPoolSize(COMMAND_CONNECTIONS);
        server.setConnectionMinimumIdleSize(IDLE_CONNECTIONS);
        server.setSubscriptionConnectionPoolSize(SUBSCRIPTION_CONNECTIONS);
        server.setSubscriptionConnectionMinimumIdleSize(1);
        beCareful(server);
      }
      case Topology.Sentinel(List<String> sentinels, String master, int database) ->
          askMastersOnly(
              config
                  .useSentinelServers()
                  .addSentinelAddress(sentinels.toArray(String[]::new))
                  .setMasterName(master)
                  .setDatabase(database)
                  .setScanInterval(SCAN_MILLIS)
                  .setCheckSentinelsList(false));
      case Topology.Cluster(List<String> nodes) ->
          askMastersOnly(
              config
                  .useClusterServers()
                  .addNodeAddress(nodes.toArray(String[]::new))
                  .setScanInterval(SCAN_MILLIS));
    }
  }

  /** Replicas lag behind: what one reads there may be over already. */
  private static void askMastersOnly(BaseMasterSlaveServersConfig<?> servers) {
    servers.setReadMode(ReadMode.MASTER);
    servers.setSubscriptionMode(SubscriptionMode.MASTER);
    servers.setMasterConnectionPoolSize(COMMAND_CONNECTIONS);
    servers.setMasterConnectionMinimumIdleSize(IDLE_CONNECTIONS);
    servers.setSubscriptionConnectionPoolSize(SUBSCRIPTION_CONNECTIONS);
    servers.setSubscriptionConnectionMinimumIdleSize(1);
    beCareful(servers);
  }

  private static void beCareful(BaseConfig<?> servers) {
    // On a slow line, opening a connection takes longer than whoever waits for it can wait.
    servers.setIdleConnectionTimeout(IDLE_MILLIS);
    servers.setConnectTimeout(TIMEOUT_MILLIS);
    servers.setTimeout(TIMEOUT_MILLIS);
    // A script that is sent again after a timeout may run twice.
    servers.setRetryAttempts(0);
    servers.setReconnectionDelay(new ConstantDelay(RECONNECT_AFTER));
    // No pings: when a ping's answer, a whole message and a part of the next arrive together,
    // Redisson 4.7.0 takes the rest of that next message for the answer's and drops it. Dead
    // peers are found by TCP.
    servers.setPingConnectionInterval(0);
  }
}
