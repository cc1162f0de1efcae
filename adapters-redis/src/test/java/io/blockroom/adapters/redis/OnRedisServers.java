package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;

/** Two servers on a Redis that is theirs alone, for the length of a test. */
abstract class OnRedisServers<R extends RedisServers> implements TwoRedissonServers {
  static final RoomId ROOM = new RoomId("방_9-ß");

  final R redis;
  final RedissonServer here;
  final RedissonServer there;
  private final Duration lockTtl;
  private final List<RedissonServer> servers = new ArrayList<>();

  OnRedisServers(R redis, Duration lockTtl) {
    this.redis = redis;
    this.lockTtl = lockTtl;
    here = serve("here", lockTtl);
    there = serve("there", lockTtl);
  }

  @AfterEach
  void end() {
    servers.forEach(RedissonServer::close);
    redis.close();
  }

  /** Starts a server that ends with the test. */
  final RedissonServer serve(String nodeId, Duration lockTtl) {
    return endingWithTest(new RedissonServer(redis, nodeId, lockTtl));
  }

  final RedissonServer serve(String address, String nodeId, Duration lockTtl) {
    return endingWithTest(new RedissonServer(address, nodeId, lockTtl));
  }

  private RedissonServer endingWithTest(RedissonServer server) {
    servers.add(server);
    return server;
  }

  static void assertRefusedSoon(ThrowingCallable call) {
    long asked = System.nanoTime();
    assertThatThrownBy(call).isInstanceOf(CoordinationUnavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
  }

  /** Waits until both servers are answered again. */
  final void awaitAnswers(Duration within) {
    for (RedissonServer server : List.of(here, there)) {
      await()
          .atMost(within)
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptionsInstanceOf(CoordinationUnavailable.class)
          .until(() -> server.seats().taken(ROOM) >= 0);
    }
  }

  /** Tells of commits by somebody until both servers hear them: subscriptions may be on the way. */
  final void assertBothHear(Participant author) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> {
          announce(here, TwoServers.edit(author));
          assertThat(here.heard().eventsOf(ROOM)).contains(TwoServers.edit(author));
          assertThat(there.heard().eventsOf(ROOM)).contains(TwoServers.edit(author));
        });
  }

  @Override
  public RedisServers redis() {
    return redis;
  }

  @Override
  public Duration lockTtl() {
    return lockTtl;
  }

  @Override
  public RedissonServer here() {
    return here;
  }

  @Override
  public RedissonServer there() {
    return there;
  }

  @Override
  public RoomId room() {
    return ROOM;
  }
}
