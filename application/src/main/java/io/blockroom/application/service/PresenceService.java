package io.blockroom.application.service;

import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.KeepPresence;
import io.blockroom.application.port.in.LeaveRoom;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.Seats;
import io.blockroom.application.port.out.Seats.SeatOutcome;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.Room;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who comes, who stays, who goes. */
public final class PresenceService implements JoinRoom, LeaveRoom, KeepPresence {
  private final RoomDirectory directory;
  private final Seats seats;
  private final RoomFeeds feeds;
  private final Identities identities;

  /** Seats whose holders are gone but that could not be given up yet. */
  private final Set<Seat> abandoned = ConcurrentHashMap.newKeySet();

  public PresenceService(
      RoomDirectory directory, Seats seats, RoomFeeds feeds, Identities identities) {
    this.directory = directory;
    this.seats = seats;
    this.feeds = feeds;
    this.identities = identities;
  }

  @Override
  public JoinRoom.Outcome join(JoinRoom.Command command) {
    Optional<Room> room = directory.enter(command.room());
    if (room.isEmpty()) {
      return new JoinRoom.Outcome.NoSuchRoom();
    }
    Participant newcomer =
        new Participant(
            identities.newClientId(),
            Nickname.of(command.nickname()).orElseGet(() -> Nickname.ofGuest(identities.draw())),
            Color.ofPalette(identities.draw()));
    return join(room.get(), newcomer, command);
  }

  private JoinRoom.Outcome join(Room room, Participant newcomer, JoinRoom.Command command) {
    Seat seat = new Seat(room.id(), newcomer.clientId());
    boolean isDecided = false;
    // Following comes first: whatever happens from the taking of the seat on is held back.
    feeds.enter(room.id(), newcomer.clientId(), command.follower());
    try {
      JoinRoom.Outcome outcome =
          switch (seats.take(room.id(), newcomer, room.maxUsers())) {
            case SeatOutcome.Taken taken -> {
              feeds.welcomeNewcomer(seat, taken.view());
              yield new JoinRoom.Outcome.Joined(seat, newcomer);
            }
            case SeatOutcome.Full full -> {
              feeds.leave(seat);
              yield new JoinRoom.Outcome.RoomFull();
            }
          };
      isDecided = true;
      return outcome;
    } finally {
      if (!isDecided) {
        leave(seat); // it may have been taken
        abandoned.add(seat); // or may yet be: the taking may be overtaken by the giving up
      }
    }
  }

  @Override
  public void leave(Seat seat) {
    feeds.leave(seat);
    try {
      seats.giveUp(seat.room(), seat.clientId());
    } catch (CoordinationUnavailable away) {
      abandoned.add(seat);
    }
  }

  @Override
  public void keep(Seat seat) {
    try {
      seats.refresh(seat.room(), seat.clientId());
    } catch (CoordinationUnavailable away) {
      return; // presence is a hint
    }
  }

  /** Gives up abandoned seats. To be called about twice a second, by one thread. */
  public void tend() {
    try {
      for (Seat seat : Set.copyOf(abandoned)) {
        seats.giveUp(seat.room(), seat.clientId());
        abandoned.remove(seat);
      }
    } catch (CoordinationUnavailable away) {
      return; // next time
    }
  }
}
