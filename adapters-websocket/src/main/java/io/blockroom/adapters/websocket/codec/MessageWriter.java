package io.blockroom.adapters.websocket.codec;

import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.BlockLocked;
import io.blockroom.domain.room.RoomEvent.BlockReleased;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomEvent.HistoryReplaced;
import io.blockroom.domain.room.RoomEvent.LineJoined;
import io.blockroom.domain.room.RoomEvent.LineLeft;
import io.blockroom.domain.room.RoomEvent.ParticipantJoined;
import io.blockroom.domain.room.RoomEvent.ParticipantLeft;
import io.blockroom.domain.room.RoomEvent.RoomClosed;
import io.blockroom.domain.room.RoomEvent.RulesChanged;
import io.blockroom.domain.room.RoomEvent.SeatTakenOver;
import io.blockroom.domain.room.RoomEvent.TurnCame;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/**
 * Writes what the server tells clients, as the UTF-8 of one text message each. Safe for use by many
 * threads.
 */
public final class MessageWriter {
  private static final int SMALL = 320;

  private final StateWriter states;

  public MessageWriter(SessionLimits limits) {
    this.states = new StateWriter(limits);
  }

  /** Whether an event is told in the same words in every protocol. */
  public static boolean isToldAlike(RoomEvent event) {
    return switch (event) {
      case CommitApplied commit -> commit.workspace().isEmpty();
      case RulesChanged _ -> false;
      case RoomEvent _ -> true;
    };
  }

  /** The message that tells somebody of an event, if it has one in their protocol. */
  public Optional<byte[]> event(RoomEvent event, Audience audience) {
    return switch (event) {
      case ParticipantJoined joined ->
          Optional.of(
              end(
                  StateWriter.participant(
                      payload("USER_JOINED"), joined.participant(), Optional.empty())));
      case ParticipantLeft left ->
          Optional.of(
              end(
                  payload("USER_LEFT")
                      .field("clientId")
                      .string(left.clientId().value())
                      .field("reason")
                      .word(left.reason())));
      case BlockLocked locked -> Optional.of(locked(locked));
      case BlockReleased released -> Optional.of(released(released));
      case CommitApplied commit -> Optional.of(commitApply(commit, audience));
      case RulesChanged rules ->
          audience == Audience.V1 ? Optional.of(rules(rules)) : Optional.empty();
      case HistoryReplaced _ -> Optional.empty(); // the new state says it
      // Told to those alone whom it concerns.
      case LineJoined _, LineLeft _, TurnCame _, SeatTakenOver _ -> Optional.empty();
      case RoomClosed _ -> Optional.empty(); // the close code says it
    };
  }

  /** The message that tells one client something. */
  public byte[] message(ServerMessage message) {
    return switch (message) {
      case ServerMessage.InitState state ->
          end(states.initial(payload("INIT_STATE", states.lengthOf(state.state())), state));
      case ServerMessage.Resumed resumed ->
          end(
              states.resumed(
                  payload("RESUMED", resumed.re(), states.lengthOf(resumed.state())), resumed));
      case ServerMessage.Sync sync ->
          end(states.sync(payload("SYNC", sync.re(), states.lengthOf(sync.state())), sync));
      case ServerMessage.LockGranted granted -> lockGranted(granted);
      case ServerMessage.LockDenied denied -> lockDenied(denied);
      case ServerMessage.LockQueued queued -> lockQueued(queued);
      case ServerMessage.LockWanted wanted -> lockWanted(wanted);
      case ServerMessage.CommitAcknowledged acknowledged -> commitAck(acknowledged);
      case ServerMessage.CommitDenied denied -> commitDenied(denied);
      case ServerMessage.Done done -> end(payload("OK", done.re(), 0));
      case ServerMessage.Failed failed -> error(failed);
      case ServerMessage.PresenceUpdate update -> presenceUpdate(update);
      case ServerMessage.GoingAway away ->
          end(
              payload("GOING_AWAY")
                  .field("reason")
                  .string("drain")
                  .field("reconnectAfterMs")
                  .number(away.reconnectAfter().toMillis()));
      case ServerMessage.SnapshotRequest request ->
          end(payload("SNAPSHOT_REQUEST").field("seq").number(request.seq().value()));
    };
  }

  private static byte[] locked(BlockLocked locked) {
    return end(
        payload("LOCK_UPDATE")
            .field("blockId")
            .string(locked.block().value())
            .field("owner")
            .string(locked.owner().value())
            .field("token")
            .number(locked.token().value())
            .field("reason")
            .word(locked.reason())
            .field("waiting")
            .number(locked.waiting()));
  }

  private static byte[] released(BlockReleased released) {
    return end(
        payload("LOCK_UPDATE")
            .field("blockId")
            .string(released.block().value())
            .field("owner")
            .nothing()
            .field("reason")
            .word(released.reason())
            .field("waiting")
            .number(released.waiting()));
  }

  /** Whoever speaks v1 gets workspaces from snapshots only: here they would be sent twice. */
  private static byte[] commitApply(CommitApplied commit, Audience audience) {
    var workspace = commit.workspace().filter(_ -> audience == Audience.SEED);
    JsonText json =
        payload(
            "COMMIT_APPLY",
            commit.events().length() + workspace.map(StateWriter::lengthOf).orElse(0));
    StateWriter.commit(
        json,
        new LoggedCommit(
            commit.seq(), commit.by(), commit.block(), commit.events(), commit.at(), commit.id()));
    workspace.ifPresent(xml -> json.field("workspaceXml").string(xml.text()));
    return end(json);
  }

  private static byte[] rules(RulesChanged rules) {
    return end(
        StateWriter.rules(
            payload("ROOM_UPDATE"),
            rules.title(),
            rules.maxUsers(),
            rules.isFrozen(),
            rules.lockPolicy()));
  }

  private static byte[] lockGranted(ServerMessage.LockGranted granted) {
    JsonText json = payload("LOCK_GRANTED", granted.re(), granted.locks().size() * 32);
    json.field("blockId").string(granted.asked().value());
    json.field("blockIds").blocks(granted.locks().stream().map(BlockLock::block).toList());
    granted.locks().stream()
        .map(BlockLock::token)
        .max(Comparator.naturalOrder())
        .ifPresent(newest -> json.field("token").number(newest.value()));
    granted.locks().stream()
        .map(BlockLock::remaining)
        .min(Comparator.naturalOrder())
        .ifPresent(shortest -> json.field("expiresInMs").number(shortest.toMillis()));
    return end(json);
  }

  private static byte[] lockDenied(ServerMessage.LockDenied denied) {
    JsonText json = payload("LOCK_DENIED", denied.re(), denied.obstacles().size() * 32);
    json.field("blockId").string(denied.asked().value());
    owner(json, denied.obstacle().map(BlockLock::owner));
    json.field("ttlMs")
        .number(denied.obstacle().map(BlockLock::remaining).orElse(Duration.ZERO).toMillis());
    json.field("code").string(denied.code().name());
    json.field("conflictBlockIds")
        .blocks(denied.obstacles().stream().map(BlockLock::block).toList());
    return end(json);
  }

  private static byte[] lockQueued(ServerMessage.LockQueued queued) {
    JsonText json = payload("LOCK_QUEUED", queued.re(), 0);
    json.field("blockId").string(queued.asked().value());
    json.field("position").number(queued.position());
    owner(json, queued.owner());
    return end(json);
  }

  private static byte[] lockWanted(ServerMessage.LockWanted wanted) {
    return end(
        payload("LOCK_WANTED")
            .field("blockId")
            .string(wanted.block().value())
            .field("by")
            .string(wanted.by().value())
            .field("waiting")
            .number(wanted.waiting()));
  }

  private static byte[] commitAck(ServerMessage.CommitAcknowledged acknowledged) {
    JsonText json = payload("COMMIT_ACK", acknowledged.re(), 0);
    commitId(json, acknowledged.id());
    json.field("seq").number(acknowledged.seq().value());
    json.field("duplicate").flag(acknowledged.isDuplicate());
    return end(json);
  }

  private static byte[] commitDenied(ServerMessage.CommitDenied denied) {
    JsonText json = payload("COMMIT_DENIED", denied.re(), denied.blocks().size() * 32);
    commitId(json, denied.id());
    json.field("code").string(denied.code().name());
    json.field("blockIds").blocks(denied.blocks());
    owner(json, denied.owner());
    denied.seq().ifPresent(seq -> json.field("seq").number(seq.value()));
    json.field("retryable").flag(denied.code().isRetryable());
    return end(json);
  }

  private static byte[] error(ServerMessage.Failed failed) {
    JsonText json = payload("ERROR", failed.re(), 0);
    json.field("code").string(failed.code().name());
    json.field("message").string(failed.code().text());
    json.field("retryable").flag(failed.code().isRetryable());
    failed.retryAfter().ifPresent(wait -> json.field("retryAfterMs").number(wait.toMillis()));
    return end(json);
  }

  private static byte[] presenceUpdate(ServerMessage.PresenceUpdate update) {
    JsonText json =
        payload("PRESENCE_UPDATE", Optional.empty(), update.news().size() * SMALL)
            .field("users")
            .open('[');
    update
        .news()
        .forEach((clientId, now) -> {
          json.open('{').field("clientId").string(clientId.value());
          StateWriter.presence(json, now).close('}');
        });
    return end(json.close(']'));
  }

  private static void commitId(JsonText json, Optional<CommitId> id) {
    id.ifPresent(named -> json.field("cid").string(named.value()));
  }

  private static void owner(JsonText json, Optional<ClientId> owner) {
    json.field("owner");
    owner.ifPresentOrElse(held -> json.string(held.value()), json::nothing);
  }

  private static JsonText payload(String type) {
    return payload(type, 0);
  }

  private static JsonText payload(String type, int expectedLength) {
    return payload(type, Optional.empty(), expectedLength);
  }

  private static JsonText payload(String type, Optional<String> re, int expectedLength) {
    JsonText json = new JsonText(SMALL + expectedLength).open('{').field("t").string(type);
    re.ifPresent(request -> json.field("re").string(request));
    return json.field("payload").open('{');
  }

  private static byte[] end(JsonText json) {
    return json.close('}').close('}').toUtf8();
  }
}
