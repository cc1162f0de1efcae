package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.CoordinationUnavailable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * When a caller must have been answered, however many calls and waits that takes.
 *
 * @param nanoTime that moment on the clock of {@link System#nanoTime()}
 */
record Deadline(long nanoTime) {
  /** Within the three seconds that the ports promise. */
  private static final Duration PATIENCE = Duration.ofMillis(2500);

  /** The deadline of something that is asked now. */
  static Deadline ofRequest() {
    return after(PATIENCE);
  }

  static Deadline after(Duration patience) {
    return new Deadline(System.nanoTime() + patience.toNanos());
  }

  /** How long there is still to wait; not negative. */
  long remainingNanos() {
    return Math.max(0, nanoTime - System.nanoTime());
  }

  /**
   * Locks.
   *
   * @throws CoordinationUnavailable if it is not this thread's turn in time
   */
  void lock(ReentrantLock turn) {
    try {
      if (!turn.tryLock(remainingNanos(), TimeUnit.NANOSECONDS)) {
        throw new CoordinationUnavailable(new TimeoutException("others are still waiting"));
      }
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
      throw new CoordinationUnavailable(leaving);
    }
  }
}
