package io.blockroom.adapters.websocket.connection;

import java.time.Duration;

/**
 * What a WebSocket connection allows its peer, and for how long it waits.
 *
 * @param closeTimeout how long queued messages may still take to leave before our close frame, and
 *     again how long the peer may take to answer that frame; then the socket is cut
 * @param tick how often the connections look at their clocks
 */
public record ConnectionSettings(
    Inbound inbound, Outbound outbound, Heartbeat heartbeat, Duration closeTimeout, Duration tick) {

  public ConnectionSettings {
    requirePositive("closeTimeout", closeTimeout);
    requirePositive("tick", tick);
    if (tick.multipliedBy(4).compareTo(closeTimeout) > 0) {
      throw new IllegalArgumentException(
          "tick " + tick + " is more than a quarter of closeTimeout " + closeTimeout);
    }
  }

  /** The limits that the wire protocol promises. */
  public static ConnectionSettings defaults() {
    return new ConnectionSettings(
        new Inbound(1 << 20, Duration.ofSeconds(30), 300, 600),
        new Outbound(4 << 20, 512, Duration.ofSeconds(2), Duration.ofSeconds(10)),
        new Heartbeat(Duration.ofSeconds(15), Duration.ofSeconds(5)),
        Duration.ofSeconds(1),
        Duration.ofMillis(100));
  }

  public ConnectionSettings withInbound(Inbound changed) {
    return new ConnectionSettings(changed, outbound, heartbeat, closeTimeout, tick);
  }

  public ConnectionSettings withOutbound(Outbound changed) {
    return new ConnectionSettings(inbound, changed, heartbeat, closeTimeout, tick);
  }

  public ConnectionSettings withHeartbeat(Heartbeat changed) {
    return new ConnectionSettings(inbound, outbound, changed, closeTimeout, tick);
  }

  public ConnectionSettings withCloseTimeout(Duration changed, Duration changedTick) {
    return new ConnectionSettings(inbound, outbound, heartbeat, changed, changedTick);
  }

  /**
   * Limits on what a peer sends.
   *
   * @param maxMessageBytes largest assembled message; a larger one ends the connection with 1009
   * @param maxMessageAge longest time from the first byte of a message to its last; then 1008
   * @param messagesPerSecond frames read per second once the burst is used up; the rest waits in
   *     the socket
   * @param messageBurst frames that may be read at once
   */
  public record Inbound(
      int maxMessageBytes, Duration maxMessageAge, int messagesPerSecond, int messageBurst) {

    public Inbound {
      requirePositive("maxMessageBytes", maxMessageBytes);
      requirePositive("maxMessageAge", maxMessageAge);
      requirePositive("messagesPerSecond", messagesPerSecond);
      requirePositive("messageBurst", messageBurst);
    }
  }

  /**
   * When a peer counts as too slow (4009).
   *
   * @param maxBytes bytes that may be queued
   * @param maxMessages messages that may stay unsent for longer than {@code maxBacklogTime}
   * @param maxBacklogTime how long more than {@code maxMessages} may be unsent
   * @param maxWriteTime how long one write to the socket (64 KiB at most) may be stuck
   */
  public record Outbound(
      int maxBytes, int maxMessages, Duration maxBacklogTime, Duration maxWriteTime) {

    public Outbound {
      requirePositive("maxBytes", maxBytes);
      requirePositive("maxMessages", maxMessages);
      requirePositive("maxBacklogTime", maxBacklogTime);
      requirePositive("maxWriteTime", maxWriteTime);
    }
  }

  /**
   * When a peer counts as gone (4010): after two pings without any sign of life.
   *
   * @param interval time from ping to ping
   * @param pongTimeout what the second unanswered ping is given
   */
  public record Heartbeat(Duration interval, Duration pongTimeout) {

    public Heartbeat {
      requirePositive("interval", interval);
      requirePositive("pongTimeout", pongTimeout);
    }
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
