package io.blockroom.adapters.redis;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what a script published: room, revision, then events; each event is a letter and its
 * fields, each field its length in bytes, a colon and the bytes. {@code room.lua} writes it.
 */
final class RoomMessage {
  private final byte[] bytes;
  private int position;

  private RoomMessage(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The change that the message tells.
   *
   * @throws RuntimeException if it is not such a message
   */
  static RoomChange decode(byte[] bytes) {
    return new RoomMessage(bytes).change();
  }

  /** The letter of an event and its fields, for a script to publish. */
  static List<String> encode(RoomEvent event) {
    return switch (event) {
      case RoomEvent.ParticipantJoined(Participant who) ->
          List.of("J", who.clientId().value(), who.nickname().value(), who.color().value());
      case RoomEvent.ParticipantLeft(ClientId who, LeaveReason reason) ->
          List.of("L", who.value(), reason.name());
      case RoomEvent.BlockLocked(BlockId block, ClientId owner, FencingToken token) ->
          List.of("A", block.value(), owner.value(), Long.toString(token.value()));
      case RoomEvent.BlockReleased(BlockId block, ReleaseReason reason) ->
          List.of("F", block.value(), reason.name());
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

  private RoomChange change() {
    RoomId room = new RoomId(field());
    Revision revision = new Revision(number());
    List<RoomEvent> events = new ArrayList<>();
    while (position < bytes.length) {
      events.add(event(bytes[position++]));
    }
    return new RoomChange(room, revision, events);
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
              new BlockId(field()), new ClientId(field()), new FencingToken(number()));
      case 'F' -> new RoomEvent.BlockReleased(new BlockId(field()), ReleaseReason.valueOf(field()));
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
