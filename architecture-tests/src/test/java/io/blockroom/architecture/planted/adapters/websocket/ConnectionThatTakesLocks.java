package io.blockroom.architecture.planted.adapters.websocket;

import io.blockroom.architecture.planted.application.port.out.Locks;

/** A driving adapter depends on an out-port. */
public record ConnectionThatTakesLocks(Locks locks) {}
