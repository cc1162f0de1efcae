package io.blockroom.adapters.websocket.session;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;

/** Counts a connection's unreadable messages; confined to its reader. */
final class BadMessageCount {
  private static final int LIMIT = 20;
  private static final Duration WINDOW = Duration.ofSeconds(60);

  private final InstantSource clock;
  private final ArrayDeque<Long> times = new ArrayDeque<>();

  BadMessageCount(InstantSource clock) {
    this.clock = clock;
  }

  /** Counts one more; true when there were {@value #LIMIT} of them within a minute. */
  boolean reachesLimit() {
    long now = clock.millis();
    times.addLast(now);
    while (times.getFirst() <= now - WINDOW.toMillis()) {
      times.removeFirst();
    }
    return times.size() >= LIMIT;
  }
}
