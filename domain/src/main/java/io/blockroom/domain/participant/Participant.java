package io.blockroom.domain.participant;

/** Somebody who is in a room. */
public record Participant(ClientId clientId, Nickname nickname, Color color) {}
