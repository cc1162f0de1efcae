package io.blockroom.adapters.redis;

import io.blockroom.adapters.redis.RedisSettings.Topology;
import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.ChangesHeard;
import io.blockroom.application.port.out.Chores;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.Seats;
import io.blockroom.application.port.out.TwoServers;
import java.time.Duration;
import java.util.Optional;

/** A server as the others see it in Redis. */
final class RedissonServer implements TwoServers.Server, AutoCloseable {
  private final RedissonCoordination coordination;
  private final ChangesHeard heard = new ChangesHeard();
  private boolean isOver;

  RedissonServer(RedisServers redis, String nodeId, Duration lockTtl) {
    this(redis.topology(), nodeId, lockTtl);
  }

  RedissonServer(String address, String nodeId, Duration lockTtl) {
    this(new Topology.Single(address, 0), nodeId, lockTtl);
  }

  private RedissonServer(Topology topology, String nodeId, Duration lockTtl) {
    coordination =
        RedissonCoordination.start(
            new RedisSettings(topology, Optional.empty(), Optional.empty(), nodeId, lockTtl));
    coordination.roomBroadcast().listen(heard);
  }

  @Override
  public Seats seats() {
    return coordination.seats();
  }

  @Override
  public BlockLocks locks() {
    return coordination.blockLocks();
  }

  @Override
  public RoomBroadcast broadcast() {
    return coordination.roomBroadcast();
  }

  @Override
  public ChangesHeard heard() {
    return heard;
  }

  Chores chores() {
    return coordination.chores();
  }

  boolean isReachable() {
    return coordination.isReachable();
  }

  boolean isOver() {
    return isOver;
  }

  /** Ends it as a crash does. */
  void crash() {
    isOver = true;
    coordination.disconnect();
  }

  @Override
  public void close() {
    if (!isOver) {
      isOver = true;
      coordination.close();
    }
  }
}
