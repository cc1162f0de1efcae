package io.blockroom.adapters.redis;

import io.blockroom.adapters.redis.RoomLeases.Tenancy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RFuture;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * The watchdog of this node's leases: renews them while this process lives, many at once, and finds
 * out which are lost and which it has not been able to renew for too long.
 *
 * <p>It never waits for Redis, so that it notices in time when Redis does not answer; and of what
 * one server of a cluster does not answer, nothing depends that lies on another (docs/adr/0014).
 */
final class LeaseRenewal implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LeaseRenewal.class.getName());
  private static final int TICKS_PER_TTL = 40;
  private static final int TICKS_PER_RENEWAL = 5;

  /** How long before their end leases are not trusted any more, if they last long enough. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final RedissonClient redisson;
  private final RoomLeases leases;
  private final LostLeases lostLeases;
  private final String lua = RoomScript.read("renew_leases");
  private final Duration lockTtl;
  private final Duration trust;
  private final int atOnce;

  /** Of {@link #tick()}; confined to its thread. */
  private int ticks;

  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("lease-renewal").factory());

  /**
   * @param atOnce how many leases may be renewed by one script
   */
  LeaseRenewal(
      RedissonClient redisson,
      RoomLeases leases,
      LostLeases lostLeases,
      Duration lockTtl,
      int atOnce) {
    this.redisson = redisson;
    this.leases = leases;
    this.lostLeases = lostLeases;
    this.lockTtl = lockTtl;
    this.atOnce = atOnce;
    Duration fifth = lockTtl.dividedBy(5);
    trust = lockTtl.minus(fifth.compareTo(MARGIN) < 0 ? fifth : MARGIN);
  }

  void begin() {
    long interval = lockTtl.dividedBy(TICKS_PER_TTL).toMillis();
    var _ = watch.scheduleWithFixedDelay(this::tick, interval, interval, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }

  private void tick() {
    try {
      List<Tenancy> doubtful =
          leases.standing().stream().filter(each -> each.isOlderThan(trust)).toList();
      if (!doubtful.isEmpty()) {
        LOG.log(System.Logger.Level.WARNING, "{0} leases could not be renewed", doubtful.size());
        doubtful.forEach(lostLeases::distrust);
      }
      if (ticks++ % TICKS_PER_RENEWAL == 0) {
        renew(leases.standing());
      }
    } catch (RuntimeException failure) {
      LOG.log(System.Logger.Level.WARNING, "renewing failed: {0}", failure.getClass().getName());
    }
  }

  private void renew(List<Tenancy> standing) {
    for (int i = 0; i < standing.size(); i += atOnce) {
      List<Tenancy> some = standing.subList(i, Math.min(i + atOnce, standing.size()));
      long asked = System.nanoTime();
      var _ = send(some).thenAccept(answers -> note(some, answers, asked));
    }
  }

  private RFuture<List<String>> send(List<Tenancy> some) {
    List<Object> keys = new ArrayList<>(some.size());
    some.forEach(each -> keys.add(leases.key(each)));
    return redisson
        .getScript(StringCodec.INSTANCE)
        .evalAsync(
            (String) keys.getFirst(),
            RScript.Mode.READ_WRITE,
            lua,
            RScript.ReturnType.LIST,
            keys,
            leases.holder(),
            Long.toString(lockTtl.toMillis()));
  }

  private static void note(List<Tenancy> asked, List<String> answers, long askedAt) {
    for (int n = 0; n < asked.size(); n++) {
      if (answers.get(n).equals("1")) {
        asked.get(n).noteRenewal(askedAt);
      } else {
        asked.get(n).noteLoss();
      }
    }
  }
}
