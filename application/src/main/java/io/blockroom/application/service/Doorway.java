package io.blockroom.application.service;

import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Lets people in a few at a time, in the order of their coming: when a school comes back after an
 * outage, to begin with all and to give most of them up half-way would take longer.
 *
 * <p>When somebody finds storage or coordination away, who waited meanwhile is sent away with them:
 * they would find the same, one after the other, and nobody may wait for that.
 */
final class Doorway {
  static final int AT_ONCE = 16;

  private static final Duration LONGEST_QUEUE = Duration.ofSeconds(5);

  private final Semaphore free = new Semaphore(AT_ONCE, true);
  private final AtomicInteger failures = new AtomicInteger();

  /**
   * Goes in and takes a step.
   *
   * @throws StorageUnavailable also if the queue is too long, or somebody in it found out
   */
  <T> T pass(Supplier<T> step) {
    int before = failures.get();
    enter();
    try {
      if (failures.get() != before) {
        throw tooMany();
      }
      return attempt(step);
    } finally {
      free.release();
    }
  }

  /** How many wait. */
  int waiting() {
    return free.getQueueLength();
  }

  private void enter() {
    try {
      if (!free.tryAcquire(LONGEST_QUEUE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw tooMany();
      }
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
      throw new StorageUnavailable(leaving);
    }
  }

  private <T> T attempt(Supplier<T> step) {
    try {
      return step.get();
    } catch (StorageUnavailable | CoordinationUnavailable away) {
      failures.incrementAndGet();
      throw away;
    }
  }

  private static StorageUnavailable tooMany() {
    return new StorageUnavailable(new TimeoutException("too many come at once"));
  }
}
