package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;

/** Two servers on a Redis that is theirs alone, for the length of a test. */
abstract class OnRealRedis implements TwoServers {
  static final Duration LOCK_TTL = Duration.ofSeconds(2);
  static final RoomId ROOM = new RoomId("방_9-ß");

  final RedisProcess redis = RedisProcess.start();
  private final List<RedissonServer> servers = new ArrayList<>();
  final RedissonServer here = serve("here", LOCK_TTL);
  final RedissonServer there = serve("there", LOCK_TTL);

  @AfterEach
  void end() {
    servers.forEach(RedissonServer::close);
    redis.close();
  }

  /** Starts a server that ends with the test. */
  final RedissonServer serve(String nodeId, Duration lockTtl) {
    return serve(redis.address(), nodeId, lockTtl);
  }

  final RedissonServer serve(String address, String nodeId, Duration lockTtl) {
    RedissonServer server = new RedissonServer(address, nodeId, lockTtl);
    servers.add(server);
    return server;
  }

  static void assertRefusedSoon(ThrowingCallable call) {
    long asked = System.nanoTime();
    assertThatThrownBy(call).isInstanceOf(CoordinationUnavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
  }

  @Override
  public Server here() {
    return here;
  }

  @Override
  public Server there() {
    return there;
  }

  @Override
  public void crashThere() {
    there.crash();
  }

  @Override
  public Duration crashIsToldWithin() {
    return LOCK_TTL.plusSeconds(2);
  }

  @Override
  public void cutOff() {
    redis.freeze();
  }

  @Override
  public void reconnect() {
    redis.thaw();
  }

  @Override
  public RoomId room() {
    return ROOM;
  }
}
