package io.blockroom.application.service;

import java.time.Duration;

/** Measures how much time passes, whatever is done to the time of day. */
public interface MonotonicClock {
  /** The time since a moment that stays the same; never less than before. */
  Duration now();
}
