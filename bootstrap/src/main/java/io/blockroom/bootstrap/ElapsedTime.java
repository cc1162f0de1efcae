package io.blockroom.bootstrap;

import io.blockroom.application.service.MonotonicClock;
import java.time.Duration;

/** The time since this server began, by {@link System#nanoTime}. */
final class ElapsedTime implements MonotonicClock {
  private final long began = System.nanoTime();

  @Override
  public Duration now() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
