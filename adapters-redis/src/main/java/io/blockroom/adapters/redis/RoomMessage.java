package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.RoomBroadcast.Listener;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.GrantReason;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what a script published: room and revision, then events, each a letter and its fields; or
 * room and an empty revision, then who is doing what. Each field is its length in bytes, a colon
 * and the bytes. {@code room.lua} writes it.
 */
final class RoomMessage {
  private final byte[] bytes;
  private int position;

  private RoomMessage(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Tells the listener what the message tells.
   *
   * @throws RuntimeException if it is not such a message
   */
  static void tell(byte[] bytes, Listener listener) {
    RoomMessage message = new RoomMessage(bytes);
    RoomId room = new RoomId(message.field());
    String revision = message.field();
    if (revision.isEmpty()) {
      listener.presenceChanged(room, message.presence());
    } else {
      listener.changed(
          new RoomChange(room, new Revision(Long.parseLong(revision)), message.events()));
    }
  }

  /** The letter of an event and its fields, for a script to publish. */
  static List<String> encode(RoomEvent event) {
    return switch (event) {
      case RoomEvent.ParticipantJoined(Participant who) ->
          List.of("J", who.clientId().value(), who.nickname().value(), who.color().value());
      case RoomEvent.ParticipantLeft(ClientId who, LeaveReason reason) ->
          List.of("L", who.value(), reason.name());
      case RoomEvent.BlockLocked locked ->
          List.of(
              "A",
              locked.block().value(),
              locked.owner().value(),
              Long.toString(locked.token().value()),
              locked.reason().name(),
              Integer.toString(locked.waiting()));
      case RoomEvent.BlockReleased released ->
          List.of(
              "F",
              released.block().value(),
              released.reason().name(),
              Integer.toString(released.waiting()));
      case RoomEvent.LineJoined(Waiter waiter) -> List.of("Q", Texts.of(waiter));
      case RoomEvent.LineLeft(Ticket ticket) -> List.of("W", ticket.value());
      case RoomEvent.TurnCame(Ticket ticket) -> List.of("T", ticket.value());
      case RoomEvent.SeatTakenOver(ClientId who, long serial) ->
          List.of("S", who.value(), Long.toString(serial));
      case RoomEvent.CommitApplied commit ->
          List.of(
              "C",
              commit.by().value(),
              Long.toString(commit.seq().value()),
              commit.block().value(),
              commit.events(),
              commit.at().toString(),
              commit.id().map(CommitId::value).orElse(""),
              commit.workspace().map(WorkspaceXml::text).orElse(""));
      case RoomEvent.HistoryReplaced(Epoch epoch, SequenceNumber last) ->
          List.of("H", epoch.value(), Long.toString(last.value()));
      case RoomEvent.RulesChanged rules ->
          List.of(
              "U",
              rules.title(),
              Integer.toString(rules.maxUsers()),
              rules.lockPolicy().name(),
              Boolean.toString(rules.isFrozen()));
      case RoomEvent.RoomClosed() -> List.of("X");
    };
  }

  private List<RoomEvent> events() {
    List<RoomEvent> events = new ArrayList<>();
    while (position < bytes.length) {
      events.add(event(bytes[position++]));
    }
    return events;
  }

  private Map<ClientId, Presence> presence() {
    Map<ClientId, Presence> presence = new HashMap<>();
    while (position < bytes.length) {
      presence.put(new ClientId(field()), Texts.presence(field()));
    }
    return presence;
  }

  private RoomEvent event(byte kind) {
    return switch (kind) {
      case 'J' ->
          new RoomEvent.ParticipantJoined(
              new Participant(new ClientId(field()), new Nickname(field()), new Color(field())));
      case 'L' ->
          new RoomEvent.ParticipantLeft(new ClientId(field()), LeaveReason.valueOf(field()));
      case 'A' ->
          new RoomEvent.BlockLocked(
              new BlockId(field()),
              new ClientId(field()),
              new FencingToken(number()),
              GrantReason.valueOf(field()),
              Math.toIntExact(number()));
      case 'F' ->
          new RoomEvent.BlockReleased(
              new BlockId(field()), ReleaseReason.valueOf(field()), Math.toIntExact(number()));
      case 'Q' -> new RoomEvent.LineJoined(Texts.waiter(field()));
      case 'W' -> new RoomEvent.LineLeft(new Ticket(field()));
      case 'T' -> new RoomEvent.TurnCame(new Ticket(field()));
      case 'S' -> new RoomEvent.SeatTakenOver(new ClientId(field()), number());
      case 'C' -> commit();
      case 'H' -> new RoomEvent.HistoryReplaced(new Epoch(field()), new SequenceNumber(number()));
      case 'U' ->
          new RoomEvent.RulesChanged(
              field(),
              Math.toIntExact(number()),
              LockPolicy.valueOf(field()),
              Boolean.parseBoolean(field()));
      case 'X' -> new RoomEvent.RoomClosed();
      default -> throw new IllegalArgumentException("unknown event: " + kind);
    };
  }

  private RoomEvent commit() {
    ClientId by = new ClientId(field());
    return new RoomEvent.CommitApplied(
        new SequenceNumber(number()),
        by,
        new BlockId(field()),
        field(),
        Instant.parse(field()),
        unlessEmpty(field()).map(CommitId::new),
        unlessEmpty(field()).map(WorkspaceXml::new));
  }

  private static Optional<String> unlessEmpty(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private long number() {
    return Long.parseLong(field());
  }

  private String field() {
    int length = 0;
    while (bytes[position] != ':') {
      length = length * 10 + bytes[position++] - '0';
    }
    String text = new String(bytes, position + 1, length, StandardCharsets.UTF_8);
    position += 1 + length;
    return text;
  }
}
