/**
 * The WebSocket connection of RFC 6455: opening handshake, frames, heartbeat, outbox and close,
 * behind Helidon's own {@code WsRouting}, {@code WsListener} and {@code WsSession}.
 */
@NullMarked
package io.blockroom.adapters.websocket.connection;

import org.jspecify.annotations.NullMarked;
