package io.blockroom.architecture.planted.domain.room;

/** The domain logs. */
public record RoomThatLogs(System.Logger log) {}
