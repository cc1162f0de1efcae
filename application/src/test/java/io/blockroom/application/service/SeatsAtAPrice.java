package io.blockroom.application.service;

import io.blockroom.application.port.out.Seats;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;

/** Seats that are taken, and then something happens before the taker hears of it. */
record SeatsAtAPrice(Seats seats, Runnable price) implements Seats {
  @Override
  public SeatOutcome take(RoomId room, Participant participant, int capacity) {
    SeatOutcome outcome = seats.take(room, participant, capacity);
    price.run();
    return outcome;
  }

  @Override
  public void giveUp(RoomId room, ClientId clientId) {
    seats.giveUp(room, clientId);
  }

  @Override
  public RoomView look(RoomId room) {
    return seats.look(room);
  }

  @Override
  public int taken(RoomId room) {
    return seats.taken(room);
  }

  @Override
  public void refresh(RoomId room, ClientId clientId) {
    seats.refresh(room, clientId);
  }
}
