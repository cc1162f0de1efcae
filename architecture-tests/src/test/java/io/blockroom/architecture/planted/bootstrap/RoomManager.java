package io.blockroom.architecture.planted.bootstrap;

/** Named after nothing. */
public record RoomManager() {}
