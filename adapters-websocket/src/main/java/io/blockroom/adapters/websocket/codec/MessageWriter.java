package io.blockroom.adapters.websocket.codec;

import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.BlockLocked;
import io.blockroom.domain.room.RoomEvent.BlockReleased;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomEvent.ParticipantJoined;
import io.blockroom.domain.room.RoomEvent.ParticipantLeft;

/**
 * Writes what the server tells clients, as the UTF-8 of one text message each. Safe for use by many
 * threads.
 */
public final class MessageWriter {
  private static final int SMALL = 192;
  private static final int PER_ENTRY = 128;

  /** {@code INIT_STATE}: all that a participant needs to be up to date. */
  public byte[] initState(RoomState state) {
    JsonText json =
        payload(
            "INIT_STATE",
            PER_ENTRY * (state.others().size() + state.locks().size())
                + state.snapshot().map(snapshot -> lengthOf(snapshot.workspace())).orElse(0));
    json.field("clientId").string(state.self().value());
    json.field("users").open('[');
    state.others().forEach(other -> participant(json.open('{'), other).close('}'));
    json.close(']').field("locks").open('{');
    state.locks().forEach((block, owner) -> json.field(block.value()).string(owner.value()));
    json.close('}');
    state.snapshot().ifPresent(snapshot -> workspace(json, snapshot.workspace()));
    return end(json);
  }

  /** The message that tells of an event. */
  public byte[] event(RoomEvent event) {
    return switch (event) {
      case ParticipantJoined(Participant participant) ->
          end(participant(payload("USER_JOINED", 0), participant));
      case ParticipantLeft left ->
          end(payload("USER_LEFT", 0).field("clientId").string(left.clientId().value()));
      case BlockLocked locked ->
          end(lockUpdate(locked.block()).field("owner").string(locked.owner().value()));
      case BlockReleased released -> end(lockUpdate(released.block()).field("owner").nothing());
      case CommitApplied commit -> commitApply(commit);
    };
  }

  /** {@code LOCK_DENIED}: somebody else holds the block. */
  public byte[] lockDenied(BlockLock lock) {
    return end(
        denial(lock.block())
            .field("owner")
            .string(lock.owner().value())
            .field("ttlMs")
            .number(lock.remaining().toMillis()));
  }

  /** {@code LOCK_DENIED}: nobody is known to hold the block, and yet it cannot be had now. */
  public byte[] lockDenied(BlockId block) {
    return end(denial(block).field("owner").nothing().field("ttlMs").number(0));
  }

  private static byte[] commitApply(CommitApplied commit) {
    JsonText json =
        payload(
            "COMMIT_APPLY",
            commit.events().length() + commit.workspace().map(MessageWriter::lengthOf).orElse(0));
    json.field("blockId").string(commit.block().value());
    json.field("events").verbatim(commit.events());
    json.field("by").string(commit.by().value());
    commit.workspace().ifPresent(workspace -> workspace(json, workspace));
    return end(json);
  }

  private static JsonText lockUpdate(BlockId block) {
    return payload("LOCK_UPDATE", 0).field("blockId").string(block.value());
  }

  private static JsonText denial(BlockId block) {
    return payload("LOCK_DENIED", 0).field("blockId").string(block.value());
  }

  private static JsonText participant(JsonText json, Participant participant) {
    return json.field("clientId")
        .string(participant.clientId().value())
        .field("nickname")
        .string(participant.nickname().value())
        .field("color")
        .string(participant.color().value());
  }

  private static void workspace(JsonText json, WorkspaceXml workspace) {
    json.field("workspaceXml").string(workspace.text());
  }

  /** About one character of Blockly's XML in eight is a quotation mark. */
  private static int lengthOf(WorkspaceXml workspace) {
    return workspace.text().length() + workspace.text().length() / 8;
  }

  private static JsonText payload(String type, int expectedLength) {
    return new JsonText(SMALL + expectedLength)
        .open('{')
        .field("t")
        .string(type)
        .field("payload")
        .open('{');
  }

  private static byte[] end(JsonText json) {
    return json.close('}').close('}').toUtf8();
  }
}
