package io.blockroom.adapters.websocket.connection;

/** A token bucket: so many at once, so many per second after that. Confined to one thread. */
final class RateLimit {

  private final long nanosPerToken;
  private final long capacityNanos;
  private long filledNanos;
  private long lastNanos;

  RateLimit(int perSecond, int burst, long nowNanos) {
    this.nanosPerToken = 1_000_000_000L / perSecond;
    this.capacityNanos = nanosPerToken * burst;
    this.filledNanos = capacityNanos;
    this.lastNanos = nowNanos;
  }

  /** Whether one more is free already; if so it is taken without looking at the clock. */
  boolean takesAtOnce() {
    if (filledNanos < nanosPerToken) {
      return false;
    }
    filledNanos -= nanosPerToken;
    return true;
  }

  /** Takes one more and says for how many nanoseconds the taker has to wait first. */
  long take(long nowNanos) {
    filledNanos = Math.min(capacityNanos, filledNanos + nowNanos - lastNanos);
    lastNanos = nowNanos;
    filledNanos -= nanosPerToken;
    return Math.max(0, -filledNanos);
  }
}
