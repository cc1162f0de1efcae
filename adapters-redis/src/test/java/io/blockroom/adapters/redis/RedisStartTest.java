package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.blockroom.adapters.redis.RedisSettings.Topology;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.room.RoomId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A server starts on a Redis that fits, and says what is wrong with one that does not. */
class RedisStartTest {
  private static final Duration LOCK_TTL = Duration.ofSeconds(2);
  private static final String PASSWORD = "s3cret-p4ss";

  @Test
  void an_unreachable_redis_is_told_soon_and_leaves_no_thread() {
    RedisProcess redis = RedisProcess.start();
    redis.close();
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    long began = System.nanoTime();

    assertThatThrownBy(() -> start(redis, Optional.empty(), 0))
        .isInstanceOf(UnusableRedis.class)
        .hasMessageContaining(redis.address());

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(6));
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("redisson") || name.startsWith("node-life")));
  }

  @Test
  void unreachable_sentinels_and_clusters_are_told_soon() {
    RedisProcess redis = RedisProcess.start();
    redis.close();
    List<String> nowhere = List.of(redis.address(), redis.address());

    for (Topology topology :
        List.of(new Topology.Sentinel(nowhere, "m", 0), new Topology.Cluster(nowhere))) {
      long began = System.nanoTime();
      assertThatThrownBy(() ->
              RedissonCoordination.start(
                  new RedisSettings(topology, Optional.empty(), Optional.empty(), "one", LOCK_TTL)))
          .isInstanceOf(UnusableRedis.class)
          .hasMessageContaining(redis.address());
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(6));
    }
  }

  @Test
  void a_silent_redis_is_told_soon() {
    try (RedisProcess redis = RedisProcess.start()) {
      redis.freeze();
      long began = System.nanoTime();

      assertThatThrownBy(() -> start(redis, Optional.empty(), 0))
          .isInstanceOf(UnusableRedis.class)
          .hasMessageContaining(redis.address());

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(6));
      redis.thaw();
    }
  }

  @Test
  void a_redis_that_drops_keys_is_refused() {
    try (RedisProcess redis = RedisProcess.start("--maxmemory-policy", "allkeys-lru")) {
      assertThatThrownBy(() -> start(redis, Optional.empty(), 0))
          .isInstanceOf(UnusableRedis.class)
          .hasMessageContaining("allkeys-lru")
          .hasMessageContaining("noeviction is needed");
    }
  }

  @Test
  void a_password_and_a_database_number_are_used() {
    try (RedisProcess redis = RedisProcess.start("--requirepass", PASSWORD);
        RedissonCoordination coordination = start(redis, Optional.of(PASSWORD), 3)) {
      coordination.seats().take(new RoomId("safe"), TwoServers.ADA, 1);

      assertThat(redis.ask("AUTH " + PASSWORD + "\r\nSELECT 3\r\nKEYS *")).contains("{safe}");
      assertThat(redis.ask("AUTH " + PASSWORD + "\r\nKEYS *")).doesNotContain("{safe}");
    }
  }

  @Test
  void a_wrong_or_missing_password_is_told_without_naming_any() {
    try (RedisProcess redis = RedisProcess.start("--requirepass", PASSWORD)) {
      assertThatThrownBy(() -> start(redis, Optional.of("wr0ng-p4ss"), 0))
          .isInstanceOf(UnusableRedis.class)
          .hasMessageContaining("WRONGPASS")
          .satisfies(failure -> assertThat(everythingSaid(failure)).doesNotContain("wr0ng-p4ss"));
      assertThatThrownBy(() -> start(redis, Optional.empty(), 0))
          .isInstanceOf(UnusableRedis.class)
          .hasMessageContaining("NOAUTH");
    }
  }

  @Test
  void settings_do_not_show_the_password() {
    RedisSettings settings =
        new RedisSettings(
            new Topology.Single("redis://localhost:6379", 0),
            Optional.empty(),
            Optional.of(PASSWORD),
            "n",
            LOCK_TTL);

    assertThat(settings.toString()).contains("localhost").doesNotContain(PASSWORD);
  }

  private static RedissonCoordination start(
      RedisProcess redis, Optional<String> password, int database) {
    return RedissonCoordination.start(
        new RedisSettings(
            new Topology.Single(redis.address(), database),
            Optional.empty(),
            password,
            "one",
            LOCK_TTL));
  }

  private static String everythingSaid(Throwable failure) {
    StringWriter said = new StringWriter();
    failure.printStackTrace(new PrintWriter(said));
    return said.toString();
  }
}
