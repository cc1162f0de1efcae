package io.blockroom.adapters.websocket.connection;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection (RFC 6455 section 7): the first cause wins, the close frame goes out
 * behind what is queued, the peer answers, the socket is closed. Each step has a time limit.
 */
final class CloseHandshake {

  /** How an end is brought about. */
  enum Manner {
    /** Queued messages, our close frame, the peer's close frame. */
    ORDERLY,
    /** Our close frame at once, if it can be written at all, and no waiting for an answer. */
    ABRUPT,
    /** No close frame: the connection is already lost. */
    LOST
  }

  /** What the passing of time asks for. */
  enum Due {
    NOTHING,
    DISCARD_QUEUE,
    CUT
  }

  /**
   * An end that has begun.
   *
   * @param status what the listener is told and, if there is one, our close frame says: the peer's
   *     own words are echoed
   */
  record End(CloseStatus status, Manner manner, long sinceNanos) {}

  private static final long NOT_WRITTEN = Long.MIN_VALUE;

  private final long timeout;
  private final long tick;
  private final AtomicReference<@Nullable End> end = new AtomicReference<>();
  private volatile long writtenNanos = NOT_WRITTEN;
  private volatile boolean peerClosed;

  CloseHandshake(Duration timeout, Duration tick) {
    this.timeout = timeout.toNanos();
    this.tick = tick.toNanos();
  }

  /** Ends the connection, unless something else already did. */
  boolean begin(CloseStatus status, Manner manner, long nowNanos) {
    return end.compareAndSet(null, new End(status, manner, nowNanos));
  }

  @Nullable End end() {
    return end.get();
  }

  boolean hasBegun() {
    return end.get() != null;
  }

  /** The peer's close frame has come: it will send nothing more. */
  void peerClosed() {
    peerClosed = true;
  }

  /** Our close frame has been given to the socket. */
  void written(long nowNanos) {
    writtenNanos = nowNanos == NOT_WRITTEN ? nowNanos + 1 : nowNanos;
  }

  /** Whether nothing is left to wait for, so that the socket may be closed. */
  boolean isComplete() {
    End begun = end.get();
    if (begun == null) {
      return false;
    }
    return switch (begun.manner) {
      case LOST -> true;
      case ABRUPT -> writtenNanos != NOT_WRITTEN;
      case ORDERLY -> writtenNanos != NOT_WRITTEN && peerClosed;
    };
  }

  /**
   * What is due now. A limit that would pass before the next tick counts as passed, so none is
   * exceeded.
   */
  Due due(long nowNanos) {
    End begun = end.get();
    if (begun == null) {
      return Due.NOTHING;
    }
    if (isComplete()) {
      return Due.CUT;
    }
    long written = writtenNanos;
    if (written != NOT_WRITTEN) {
      return nowNanos - written >= timeout - tick ? Due.CUT : Due.NOTHING;
    }
    long waited = nowNanos - begun.sinceNanos + tick;
    return switch (begun.manner) {
      case LOST -> Due.CUT;
      case ABRUPT -> waited >= timeout ? Due.CUT : Due.NOTHING;
      case ORDERLY ->
          waited >= 2 * timeout ? Due.CUT : waited >= timeout ? Due.DISCARD_QUEUE : Due.NOTHING;
    };
  }
}
