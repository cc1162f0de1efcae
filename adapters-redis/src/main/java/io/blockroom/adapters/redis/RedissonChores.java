package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.Chores;
import io.blockroom.application.port.out.CoordinationUnavailable;
import java.util.concurrent.atomic.AtomicLong;
import org.redisson.api.RFuture;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;

/** Turns at chores, each a Redisson lock that the watchdog renews while its work goes on. */
final class RedissonChores implements Chores {
  private static final System.Logger LOG = System.getLogger(RedissonChores.class.getName());

  private final RedissonClient redisson;

  /** Redisson lets a holder in again: each attempt is a holder of its own. */
  private final AtomicLong attempts = new AtomicLong();

  RedissonChores(RedissonClient redisson) {
    this.redisson = redisson;
  }

  @Override
  public boolean attempt(String name, Runnable work) {
    RLock turn = redisson.getLock(RedisKeys.chore(name));
    long holder = attempts.incrementAndGet();
    if (!isTaken(turn, holder)) {
      return false;
    }
    try {
      work.run();
      return true;
    } finally {
      giveBack(turn, holder);
    }
  }

  private static boolean isTaken(RLock turn, long holder) {
    RFuture<Boolean> taking = turn.tryLockAsync(holder);
    try {
      return RedisCalls.await(taking);
    } catch (CoordinationUnavailable away) {
      // The watchdog would renew for ever what is granted after all, too late.
      var _ =
          taking.thenAccept(isLate -> {
            if (isLate) {
              var _ = turn.unlockAsync(holder);
            }
          });
      throw away;
    }
  }

  private static void giveBack(RLock turn, long holder) {
    try {
      RedisCalls.await(turn.unlockAsync(holder));
    } catch (CoordinationUnavailable lost) {
      LOG.log(System.Logger.Level.INFO, "a turn could not be given back; it ends by itself");
    }
  }
}
