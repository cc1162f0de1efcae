package io.blockroom.adapters.websocket.connection;

import java.time.Duration;

/**
 * Decides when to ping, and when a peer counts as gone: two pings without a sign of life, the
 * second given its own timeout. Any byte received is a sign of life (RFC 6455 section 5.5.2 asks
 * for pings to be answered; browsers do, also in throttled tabs).
 *
 * <p>While the reader is busy with a message it cannot hear an answer, so that time does not count.
 */
final class HeartbeatMonitor {

  enum Beat {
    NOTHING,
    PING,
    SILENT
  }

  private final long interval;
  private final long pongTimeout;

  private volatile boolean listening;
  private volatile long lastHeard;

  private long nextPing;
  private long lastPing;
  private int unanswered;

  /**
   * @param tick a deadline within the next tick is met by this one, so that none is ever missed
   */
  HeartbeatMonitor(ConnectionSettings.Heartbeat settings, Duration tick, long nowNanos) {
    this.interval = settings.interval().toNanos();
    this.pongTimeout = Math.max(1, settings.pongTimeout().minus(tick).toNanos());
    this.nextPing = nowNanos + interval;
    this.lastPing = nowNanos;
    this.lastHeard = nowNanos;
  }

  /** The reader begins to wait for bytes. */
  void listens(long nowNanos) {
    lastHeard = nowNanos;
    listening = true;
  }

  /** Bytes have come. */
  void heard(long nowNanos) {
    listening = false;
    lastHeard = nowNanos;
  }

  /** What is due now. Called by one thread at a time. */
  Beat due(long nowNanos) {
    if (!listening || lastHeard - lastPing >= 0) {
      unanswered = 0;
    }
    if (unanswered == 2) {
      return nowNanos - lastPing >= pongTimeout ? Beat.SILENT : Beat.NOTHING;
    }
    if (nowNanos - nextPing < 0) {
      return Beat.NOTHING;
    }
    unanswered++;
    lastPing = nowNanos;
    nextPing += interval;
    if (nextPing - nowNanos < 0) {
      nextPing = nowNanos + interval;
    }
    return Beat.PING;
  }
}
