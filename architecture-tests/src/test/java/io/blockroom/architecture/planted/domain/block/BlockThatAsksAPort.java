package io.blockroom.architecture.planted.domain.block;

import io.blockroom.architecture.planted.application.port.out.Rooms;

/** The domain depends on the application. */
public record BlockThatAsksAPort(Rooms rooms) {}
