package io.blockroom.architecture.planted.adapters.redis;

import io.helidon.websocket.WsListener;

/** Helidon's WebSocket API behind the edge. */
public record LocksThatListenToFrames(WsListener listener) {}
