package io.blockroom.adapters.redis;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import java.nio.charset.StandardCharsets;
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

  private RoomChange change() {
    RoomId room = new RoomId(field());
    Revision revision = new Revision(Long.parseLong(field()));
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
      case 'L' -> new RoomEvent.ParticipantLeft(new ClientId(field()));
      case 'A' -> new RoomEvent.BlockLocked(new BlockId(field()), new ClientId(field()));
      case 'F' -> new RoomEvent.BlockReleased(new BlockId(field()));
      case 'C' -> commit();
      default -> throw new IllegalArgumentException("unknown event: " + kind);
    };
  }

  private RoomEvent commit() {
    ClientId by = new ClientId(field());
    SequenceNumber seq = new SequenceNumber(Long.parseLong(field()));
    BlockId block = new BlockId(field());
    String events = field();
    boolean hasWorkspace = field().equals("1");
    String workspace = field();
    return new RoomEvent.CommitApplied(
        seq,
        by,
        block,
        events,
        hasWorkspace ? Optional.of(new WorkspaceXml(workspace)) : Optional.empty());
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
