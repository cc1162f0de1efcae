package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.connection.WebSocketConnections;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * This server stops serving, and lets its clients go one by one: if all came to the other servers
 * at once, these would be the next to fail. First {@link #begin}, then {@link #finish}, by one
 * thread.
 */
public final class Departure {
  /** What the last ones are given to be answered, and again to end, of the time for all. */
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  private final WebSocketConnections connections;
  private final WorkspaceEndpoint endpoint;
  private final RandomGenerator random;
  private final LongSupplier nanoClock;
  private final Alarm alarm;

  /** When those who were asked to connect anew may be closed at the earliest. */
  private final Map<RoomSession, Long> leaving = new HashMap<>();

  public Departure(WebSocketConnections connections, WorkspaceEndpoint endpoint) {
    this(
        connections, endpoint, RandomGenerator.getDefault(), System::nanoTime, Alarm.OF_THE_SERVER);
  }

  Departure(
      WebSocketConnections connections,
      WorkspaceEndpoint endpoint,
      RandomGenerator random,
      LongSupplier nanoClock,
      Alarm alarm) {
    this.connections = connections;
    this.endpoint = endpoint;
    this.random = random;
    this.nanoClock = nanoClock;
    this.alarm = alarm;
  }

  /**
   * Refuses new connections, and asks every v1 client to connect anew after a time of its own. All
   * may go on until {@link #finish} closes them.
   *
   * @param longestDelay after which a client is asked to connect anew at the latest
   */
  public void begin(Duration longestDelay) {
    connections.refuseUpgrades();
    for (RoomSession session : endpoint.sessions()) {
      Duration delay = Duration.ofMillis(random.nextLong(longestDelay.toMillis() + 1));
      leaving.put(session, nanoClock.getAsLong() + delay.toNanos());
      session.goAway(delay);
    }
  }

  /**
   * Closes every connection (1012), evenly spread: none before its commits under way are answered,
   * nor before the time after which it was asked to connect anew, as far as the time allows.
   *
   * @param within after which it returns at the latest, when all have ended
   */
  public void finish(Duration within) {
    Duration goodbye = shorter(GOODBYE, within.dividedBy(4));
    Duration spread = within.minus(goodbye.multipliedBy(2));
    long now = nanoClock.getAsLong();
    List<RoomSession> sessions =
        endpoint.sessions().stream()
            .sorted(Comparator.comparingLong(each -> untilLeaving(each, now)))
            .toList();
    for (int i = 0; i < sessions.size(); i++) {
      long evenly = spread.toNanos() / sessions.size() * i;
      long due = Math.max(evenly, untilLeaving(sessions.get(i), now));
      alarm.after(shorter(spread, Duration.ofNanos(due)), sessions.get(i)::restart);
    }
    if (!connections.awaitAllEnded(spread.plus(goodbye))) {
      connections.closeAll(1012, "restarting", goodbye);
    }
  }

  /** Nanoseconds until somebody may be closed; whoever came late may be at once. */
  private long untilLeaving(RoomSession session, long now) {
    return Math.max(0, leaving.getOrDefault(session, now) - now);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
