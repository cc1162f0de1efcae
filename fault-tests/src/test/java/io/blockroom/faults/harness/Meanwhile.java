package io.blockroom.faults.harness;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** Time that a fault lasts, in which nothing is waited for but the time itself. */
public final class Meanwhile {
  private Meanwhile() {}

  public static void passes(Duration time) {
    await().atMost(time.plusMinutes(1)).pollDelay(time).until(() -> true);
  }

  /** How long ago that was. */
  public static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}
