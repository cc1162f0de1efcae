package io.blockroom.application.service;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands until it is moved. */
final class HandMovedClock implements InstantSource, MonotonicClock {
  private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");

  private Duration elapsed = Duration.ZERO;

  synchronized void advance(Duration time) {
    elapsed = elapsed.plus(time);
  }

  @Override
  public synchronized Instant instant() {
    return START.plus(elapsed);
  }

  @Override
  public synchronized Duration now() {
    return elapsed;
  }
}
