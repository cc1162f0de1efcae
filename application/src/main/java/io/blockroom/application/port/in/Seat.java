package io.blockroom.application.port.in;

import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomId;

/** A participant's place in a room: who asks, in everything that is asked from inside a room. */
public record Seat(RoomId room, ClientId clientId) {}
