package io.blockroom.adapters.websocket.codec;

import java.time.Duration;

/**
 * What a session is told of the server's limits and times.
 *
 * @param lockTtl how long a lock outlives its owner's server, at the most
 * @param pingInterval how often the server pings
 * @param grace how long the seat of a broken connection is kept
 */
public record SessionLimits(
    int maxMessageBytes,
    int messagesPerSecond,
    int locksPerClient,
    Duration lockTtl,
    Duration pingInterval,
    Duration grace) {}
