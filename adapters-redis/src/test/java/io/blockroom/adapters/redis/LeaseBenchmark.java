package io.blockroom.adapters.redis;

import com.sun.management.OperatingSystemMXBean;
import io.blockroom.application.port.out.Seats;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomId;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;

/**
 * What it costs to keep leases, and to keep rooms that nobody is doing anything in: processor time
 * of Redis and of this process. Not run by the build: {@code mvn verify -pl adapters-redis -am
 * -Dtest=LeaseBenchmark -Dsurefire.failIfNoSpecifiedTests=false}; docs/adr/0014 has its results.
 */
class LeaseBenchmark {
  private static final System.Logger LOG = System.getLogger(LeaseBenchmark.class.getName());
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration LENGTH = Duration.ofSeconds(20);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
  private static final int MANY = 10_000;
  private static final int AT_ONCE = 200;

  private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();
  private RedisServers redis = RedisProcess.start();

  @AfterEach
  void end() {
    looking.shutdownNow();
    redis.close();
  }

  private void useCluster() {
    redis.close();
    redis = new RedisClusterProcesses();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 1_000, MANY})
  void leases_of_rooms_with_one_seat_each(int rooms) {
    try (RedissonServer server = new RedissonServer(redis, "one", TTL)) {
      rooms(rooms).parallelStream().forEach(room -> server.seats().take(room, TwoServers.ADA, 9));

      measure(rooms + " leases, renewed by Blockroom");
    }
  }

  @Test
  void leases_of_rooms_in_a_cluster() {
    useCluster();

    leases_of_rooms_with_one_seat_each(MANY);
  }

  @Test
  void locks_of_redisson_in_a_cluster() {
    useCluster();

    locks_of_redisson(MANY);
  }

  @Test
  void leases_of_rooms_whose_revisions_are_compared() {
    try (RedissonServer server = new RedissonServer(redis, "one", TTL)) {
      Set<RoomId> rooms = Set.copyOf(rooms(MANY));
      rooms.parallelStream().forEach(room -> server.seats().take(room, TwoServers.ADA, 9));
      each(BETWEEN_LOOKS, () -> server.seats().revisions(rooms));

      measure(MANY + " leases, and all revisions every 2 s");
    }
  }

  @Test
  void leases_of_rooms_that_are_looked_into() {
    try (RedissonServer server = new RedissonServer(redis, "one", TTL)) {
      List<RoomId> rooms = rooms(MANY);
      Seats seats = server.seats();
      rooms.parallelStream().forEach(room -> seats.take(room, TwoServers.ADA, 9));
      each(BETWEEN_LOOKS, () -> rooms.forEach(seats::look));

      measure(MANY + " leases, and a look into each room every 2 s");
    }
  }

  @Test
  void locks_in_a_hundred_rooms() {
    try (RedissonServer server = new RedissonServer(redis, "one", TTL)) {
      for (RoomId room : rooms(100)) {
        Participant ada = TwoServers.ADA;
        server.seats().take(room, ada, 9);
        server.locks().stock(room, TwoServers.draw());
        Set<BlockId> blocks =
            IntStream.range(0, MANY / 100)
                .mapToObj(n -> new BlockId("b" + n))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        server.locks().acquire(room, ada.clientId(), new LockRequest(new BlockId("b0"), blocks));
      }

      measure(MANY + " locks on 100 leases");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 1_000, MANY})
  void locks_of_redisson(int locks) {
    RedissonClient redisson = connect();
    for (int i = 0; i < locks; i += AT_ONCE) {
      IntStream.range(i, Math.min(i + AT_ONCE, locks))
          .mapToObj(n -> lock(redisson, n).tryLockAsync(RoomLeases.HOLDER))
          .toList()
          .forEach(RedisCalls::await);
    }

    measure(locks + " locks, renewed by Redisson");

    redisson.shutdown();
  }

  private RedissonClient connect() {
    return RedissonConnections.open(
        new RedisSettings(redis.topology(), Optional.empty(), Optional.empty(), "one", TTL));
  }

  private static RLock lock(RedissonClient redisson, int number) {
    return redisson.getLock(RedisKeys.lease(new RoomId("room-" + number), "one"));
  }

  private static List<RoomId> rooms(int number) {
    return IntStream.range(0, number).mapToObj(n -> new RoomId("room-" + n)).toList();
  }

  private void each(Duration interval, Runnable work) {
    var _ = looking.scheduleAtFixedRate(work, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void measure(String what) {
    pass(Duration.ofSeconds(5));
    Duration redisBefore = redis.processorTime();
    Duration ownBefore = processorTime();
    long began = System.nanoTime();
    pass(LENGTH);
    double elapsed = System.nanoTime() - began;
    LOG.log(
        System.Logger.Level.INFO,
        "%s: Redis %.2f %%, JVM %.2f %% of a core"
            .formatted(
                what,
                100 * redis.processorTime().minus(redisBefore).toNanos() / elapsed,
                100 * processorTime().minus(ownBefore).toNanos() / elapsed));
  }

  private static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    Awaitility.await().atMost(time.multipliedBy(2)).until(() -> System.nanoTime() > end);
  }

  private static Duration processorTime() {
    return Duration.ofNanos(
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime());
  }
}
