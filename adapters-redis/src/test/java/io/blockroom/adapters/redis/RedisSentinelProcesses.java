package io.blockroom.adapters.redis;

import static org.awaitility.Awaitility.await;

import io.blockroom.adapters.redis.RedisSettings.Topology;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A master, its replica, and three sentinels of which two must agree that the master is dead. */
final class RedisSentinelProcesses implements RedisServers {
  private static final String NAME = "blockroom";

  private final RedisProcess master = RedisProcess.start();
  private final RedisProcess replica =
      RedisProcess.start("--replicaof", "127.0.0.1", Integer.toString(master.port()));
  private final List<RedisProcess> sentinels =
      Stream.generate(() -> RedisProcess.sentinel(master, NAME, 2)).limit(3).toList();

  RedisSentinelProcesses() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            replica.ask("INFO replication").contains("master_link_status:up")
                && sentinels.stream().allMatch(RedisSentinelProcesses::knowsAll));
  }

  private static boolean knowsAll(RedisProcess sentinel) {
    String known = sentinel.ask("SENTINEL MASTER " + NAME).replaceAll("\\$\\d+", "");
    return known.matches("(?s).*num-slaves\\s+1\\s.*num-other-sentinels\\s+2\\s.*");
  }

  RedisProcess master() {
    return master;
  }

  RedisProcess replica() {
    return replica;
  }

  @Override
  public Topology topology() {
    return new Topology.Sentinel(sentinels.stream().map(RedisProcess::address).toList(), NAME, 0);
  }

  @Override
  public Duration processorTime() {
    return master.processorTime().plus(replica.processorTime());
  }

  /** The sentinels first: nobody must be taken for dead. */
  @Override
  public void freeze() {
    sentinels.forEach(RedisProcess::freeze);
    replica.freeze();
    master.freeze();
  }

  @Override
  public void thaw() {
    master.thaw();
    replica.thaw();
    sentinels.forEach(RedisProcess::thaw);
  }

  @Override
  public void close() {
    sentinels.forEach(RedisProcess::close);
    replica.close();
    master.close();
  }
}
