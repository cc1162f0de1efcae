package io.blockroom.architecture.planted.adapters.postgres;

import io.blockroom.architecture.planted.application.port.in.EnterRoom;

/** A driven adapter depends on an in-port. */
public record StoreThatJoinsRooms(EnterRoom enterRoom) {}
