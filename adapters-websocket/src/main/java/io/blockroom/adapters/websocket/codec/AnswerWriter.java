package io.blockroom.adapters.websocket.codec;

import io.blockroom.application.port.in.ListRooms;
import io.blockroom.application.port.in.ListSnapshots;
import io.blockroom.application.port.in.ReadCommits;
import io.blockroom.application.port.in.RestoreRoom;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;

/** Writes the answers of the HTTP API, as the UTF-8 of one JSON text each. */
public final class AnswerWriter {
  private static final int PER_ENTRY = 192;

  private AnswerWriter() {}

  /** A room. */
  public static byte[] room(Room room) {
    return RoomFields.write(new JsonText(PER_ENTRY), room).toUtf8();
  }

  /** A page of rooms. */
  public static byte[] rooms(ListRooms.Page page) {
    JsonText json =
        new JsonText(PER_ENTRY * page.rooms().size()).open('{').field("rooms").open('[');
    page.rooms().forEach(room -> RoomFields.write(json, room));
    json.close(']');
    if (!page.isLast()) {
      json.field("next").string(page.rooms().getLast().id().value());
    }
    return json.close('}').toUtf8();
  }

  /** Who is in a room, and how present they are. */
  public static byte[] members(RoomView view) {
    JsonText json = new JsonText(PER_ENTRY).open('{').field("members").open('[');
    for (Participant member : view.participants()) {
      json.open('{').field("clientId").string(member.clientId().value());
      json.field("nickname").string(member.nickname().value());
      json.field("color").string(member.color().value());
      json.field("status")
          .word(view.presence().getOrDefault(member.clientId(), Presence.UNKNOWN).status());
      json.close('}');
    }
    return json.close(']').close('}').toUtf8();
  }

  /** Who holds which block of a room, and how many wait for it. */
  public static byte[] locks(RoomView view) {
    JsonText json = new JsonText(PER_ENTRY).open('{').field("locks").open('[');
    view.locks()
        .forEach((block, grant) ->
            json.open('{')
                .field("blockId")
                .string(block.value())
                .field("owner")
                .string(grant.owner().value())
                .field("token")
                .number(grant.token().value())
                .field("waiting")
                .number(view.line().waitingFor(block))
                .close('}'));
    return json.close(']').close('}').toUtf8();
  }

  /** A page of commits. */
  public static byte[] commits(ReadCommits.Outcome.Found page) {
    JsonText json = new JsonText(PER_ENTRY).open('{').field("epoch").string(page.epoch().value());
    json.field("last").number(page.last().value()).field("commits").open('[');
    for (LoggedCommit commit : page.commits()) {
      StateWriter.commit(json.open('{'), commit).close('}');
    }
    json.close(']');
    page.next().ifPresent(next -> json.field("next").number(next.value()));
    return json.close('}').toUtf8();
  }

  /** A page of snapshots. */
  public static byte[] snapshots(ListSnapshots.Page page) {
    JsonText json = new JsonText(PER_ENTRY).open('{').field("snapshots").open('[');
    for (ListSnapshots.Kept kept : page.snapshots()) {
      json.open('{').field("seq").number(kept.seq().value());
      json.field("workspaceXml").flag(kept.hasXml()).field("state").flag(kept.hasState());
      json.field("at").string(kept.at().toString()).close('}');
    }
    json.close(']');
    if (!page.isLast()) {
      json.field("next").number(page.snapshots().getLast().seq().value());
    }
    return json.close('}').toUtf8();
  }

  /** A snapshot in all its forms. */
  public static byte[] snapshot(WorkspaceSnapshot snapshot) {
    JsonText json = new JsonText(PER_ENTRY).open('{').field("seq").number(snapshot.seq().value());
    snapshot.xml().ifPresent(xml -> json.field("workspaceXml").string(xml.text()));
    snapshot.state().ifPresent(state -> json.field("state").verbatim(state.json()));
    return json.close('}').toUtf8();
  }

  /** Where a room's history goes on. */
  public static byte[] restored(RestoreRoom.Outcome.Restored restored) {
    return new JsonText(PER_ENTRY)
        .open('{')
        .field("epoch")
        .string(restored.epoch().value())
        .field("seq")
        .number(restored.last().value())
        .close('}')
        .toUtf8();
  }
}
