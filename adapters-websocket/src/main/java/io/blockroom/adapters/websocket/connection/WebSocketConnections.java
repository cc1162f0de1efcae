package io.blockroom.adapters.websocket.connection;

import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The open WebSocket connections of this server, and the one ticker that watches their clocks.
 *
 * <p>At shutdown: {@link #refuseUpgrades} as soon as it is known, {@link #closeAll}, then stop the
 * web server, then {@link #close}. The web server itself would cut the sockets without a word.
 */
public final class WebSocketConnections implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(WebSocketConnections.class.getName());
  private static final CloseStatus GOING_AWAY = new CloseStatus(1001, "going away");

  private final ConnectionSettings settings;
  private final LongSupplier nanoClock;
  private final ScheduledExecutorService ticker;
  private final Set<WebSocketConnection> open = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition allEnded = lock.newCondition();
  private volatile boolean isRefusing;
  private volatile @Nullable CloseStatus shutdown;

  public WebSocketConnections(ConnectionSettings settings) {
    this(
        settings,
        System::nanoTime,
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("websocket-ticker").factory()));
  }

  /**
   * With a clock and a ticker of the caller's.
   *
   * @param nanoClock as {@link System#nanoTime}
   * @param ticker runs the checks; shut down with this
   */
  public WebSocketConnections(
      ConnectionSettings settings, LongSupplier nanoClock, ScheduledExecutorService ticker) {
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.ticker = ticker;
    long tick = settings.tick().toNanos();
    var _ = ticker.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.NANOSECONDS);
  }

  /** How many connections are open, those included whose end is not yet told to their listener. */
  public int open() {
    return open.size();
  }

  /** Whether new connections are taken. */
  public boolean isAccepting() {
    return !isRefusing && shutdown == null;
  }

  /** Takes no new connections from now on; those that are open stay so. */
  public void refuseUpgrades() {
    isRefusing = true;
  }

  /** Returns true when no connection is open any more, false when the time is over before. */
  public boolean awaitAllEnded(Duration atMost) {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (!open.isEmpty()) {
        if (left <= 0) {
          return false;
        }
        left = allEnded.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Closes every connection behind what is queued on it, refuses new ones from now on, and returns
   * when all have ended and their listeners were told, or when {@code atMost} is over; what is open
   * then is cut.
   */
  public void closeAll(int code, String reason, Duration atMost) {
    if (!CloseStatus.maySend(code)) {
      throw new IllegalArgumentException("close code " + code + " must not be sent");
    }
    CloseStatus status = new CloseStatus(code, reason);
    shutdown = status;
    for (WebSocketConnection connection : open) {
      connection.close(status.code(), status.reason());
    }
    if (!awaitAllEnded(atMost)) {
      open.forEach(WebSocketConnection::terminate);
    }
  }

  /** Closes what is still open (1001) and ends the ticker. */
  @Override
  public void close() {
    closeAll(GOING_AWAY.code(), GOING_AWAY.reason(), settings.closeTimeout().multipliedBy(3));
    ticker.shutdownNow();
  }

  ConnectionSettings settings() {
    return settings;
  }

  long nanoTime() {
    return nanoClock.getAsLong();
  }

  void add(WebSocketConnection connection) {
    open.add(connection);
    CloseStatus status = shutdown;
    if (status != null) {
      connection.close(status.code(), status.reason());
    }
  }

  void remove(WebSocketConnection connection) {
    open.remove(connection);
    if (open.isEmpty()) {
      lock.lock();
      try {
        allEnded.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void tick() {
    long now = nanoTime();
    for (WebSocketConnection connection : open) {
      try {
        connection.tick(now);
      } catch (RuntimeException e) {
        // One connection must not stop the clock of the others.
        LOG.log(WARNING, "WebSocket ticker failed: {0}", e.getClass().getName());
      }
    }
  }
}
