package io.blockroom.adapters.websocket.codec;

import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.presence.Status;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the parts of a room's state: those of the messages that show all of it, and smaller ones.
 */
final class StateWriter {
  private static final int PROTOCOL = 1;
  private static final int PER_ENTRY = 192;

  private final SessionLimits limits;

  StateWriter(SessionLimits limits) {
    this.limits = limits;
  }

  JsonText initial(JsonText json, ServerMessage.InitState initial) {
    return switch (initial.audience()) {
      case SEED -> known(json, initial.state());
      case V1 -> whole(json, initial.state());
    };
  }

  JsonText sync(JsonText json, ServerMessage.Sync sync) {
    json.field("reason").string(word(sync.cause()));
    acked(json, sync.acked());
    return whole(json, sync.state());
  }

  JsonText resumed(JsonText json, ServerMessage.Resumed resumed) {
    RoomState state = resumed.state();
    json.field("recovered").flag(resumed.how().recovered());
    json.field("clientId").string(state.self().clientId().value());
    json.field("epoch").string(state.workspace().epoch().value());
    state.resumeToken().ifPresent(token -> json.field("resumeToken").string(token));
    json.field("seq").number(state.workspace().seq().value());
    commits(json, state.workspace().tail());
    acked(json, resumed.how().acked());
    locks(json, state.locks());
    lockDetails(json, state);
    users(json, state);
    return json.field("locksKept").blocks(resumed.how().locksKept());
  }

  /** What the seed protocol shows of a state, and where in the room's history it stands. */
  private static JsonText known(JsonText json, RoomState state) {
    json.field("clientId").string(state.self().clientId().value());
    users(json, state);
    locks(json, state.locks());
    state.workspace().snapshot().ifPresent(snapshot -> snapshot(json, snapshot));
    json.field("epoch").string(state.workspace().epoch().value());
    json.field("seq").number(state.workspace().seq().value());
    return json.field("snapshotSeq").number(state.workspace().snapshotSeq().value());
  }

  private JsonText whole(JsonText json, RoomState state) {
    known(json, state);
    commits(json, state.workspace().tail());
    json.field("protocol").number(PROTOCOL);
    state.resumeToken().ifPresent(token -> json.field("resumeToken").string(token));
    json.field("role").string("editor");
    json.field("color").string(state.self().color().value());
    json.field("room").open('{');
    rules(
            json,
            state.room().title(),
            state.room().maxUsers(),
            state.room().isFrozen(),
            state.room().lockPolicy())
        .close('}');
    lockDetails(json, state);
    json.field("limits").open('{');
    json.field("maxMessageBytes").number(limits.maxMessageBytes());
    json.field("messagesPerSecond").number(limits.messagesPerSecond());
    json.field("locksPerClient").number(limits.locksPerClient()).close('}');
    json.field("pingIntervalMs").number(limits.pingInterval().toMillis());
    return json.field("graceMs").number(limits.grace().toMillis());
  }

  private void lockDetails(JsonText json, RoomState state) {
    json.field("lockDetails").open('{');
    state
        .locks()
        .forEach((block, grant) -> {
          json.field(block.value()).open('{').field("token").number(grant.token().value());
          json.field("expiresInMs").number(limits.lockTtl().toMillis());
          json.field("waiting").number(state.line().waitingFor(block)).close('}');
        });
    json.close('}');
  }

  static JsonText rules(
      JsonText json, String title, int maxUsers, boolean isFrozen, LockPolicy policy) {
    return json.field("title")
        .string(title)
        .field("maxUsers")
        .number(maxUsers)
        .field("frozen")
        .flag(isFrozen)
        .field("lockPolicy")
        .word(policy);
  }

  /**
   * @param presence what they are doing, if that is known
   */
  static JsonText participant(JsonText json, Participant participant, Optional<Presence> presence) {
    json.field("clientId")
        .string(participant.clientId().value())
        .field("nickname")
        .string(participant.nickname().value())
        .field("color")
        .string(participant.color().value())
        .field("role")
        .string("editor");
    return presence
        .map(now -> presence(json, now))
        .orElseGet(() -> json.field("status").word(Status.ACTIVE));
  }

  static JsonText presence(JsonText json, Presence presence) {
    json.field("status").word(presence.status());
    json.field("selection").blocks(presence.selection());
    presence
        .cursor()
        .ifPresent(cursor ->
            json.field("cursor")
                .open('{')
                .field("x")
                .number(cursor.x())
                .field("y")
                .number(cursor.y())
                .close('}'));
    return json;
  }

  static JsonText commit(JsonText json, LoggedCommit commit) {
    json.field("blockId").string(commit.block().value());
    json.field("events").verbatim(commit.events());
    json.field("by").string(commit.by().value());
    if (commit.seq().isGiven()) {
      json.field("seq").number(commit.seq().value());
    }
    commit.id().ifPresent(id -> json.field("cid").string(id.value()));
    return json.field("at").string(commit.at().toString());
  }

  /** How many characters a state takes, roughly. */
  int lengthOf(RoomState state) {
    return PER_ENTRY * (state.others().size() + state.locks().size() + 2)
        + state.workspace().snapshot().map(StateWriter::lengthOf).orElse(0)
        + state.workspace().tail().stream()
            .mapToInt(commit -> PER_ENTRY + commit.events().length())
            .sum();
  }

  private static int lengthOf(WorkspaceSnapshot snapshot) {
    return snapshot.state().map(state -> state.json().length()).orElse(0)
        + snapshot.xml().map(StateWriter::lengthOf).orElse(0);
  }

  /** About one character of Blockly's XML in eight is a quotation mark. */
  static int lengthOf(WorkspaceXml workspace) {
    return workspace.text().length() + workspace.text().length() / 8;
  }

  private static void snapshot(JsonText json, WorkspaceSnapshot snapshot) {
    snapshot.xml().ifPresent(xml -> json.field("workspaceXml").string(xml.text()));
    snapshot.state().ifPresent(state -> json.field("state").verbatim(state.json()));
  }

  private static void users(JsonText json, RoomState state) {
    json.field("users").open('[');
    state
        .others()
        .forEach(other ->
            participant(
                    json.open('{'),
                    other,
                    Optional.ofNullable(state.presence().get(other.clientId())))
                .close('}'));
    json.close(']');
  }

  private static void locks(JsonText json, Map<BlockId, Grant> locks) {
    json.field("locks").open('{');
    locks.forEach((block, grant) -> json.field(block.value()).string(grant.owner().value()));
    json.close('}');
  }

  private static void commits(JsonText json, List<LoggedCommit> tail) {
    json.field("commits").open('[');
    tail.forEach(each -> commit(json.open('{'), each).close('}'));
    json.close(']');
  }

  private static void acked(JsonText json, Map<CommitId, SequenceNumber> acked) {
    json.field("acked").open('{');
    acked.forEach((id, seq) -> json.field(id.value()).number(seq.value()));
    json.close('}');
  }

  private static String word(Cause cause) {
    return switch (cause) {
      case GAP -> "gap";
      case EPOCH_CHANGED -> "epoch";
      case REQUESTED -> "request";
      case REFUSED -> "refused";
      case OUTAGE -> "outage";
      case TOKEN_REFUSED -> "token";
    };
  }
}
