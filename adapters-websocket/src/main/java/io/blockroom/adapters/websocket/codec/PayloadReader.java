package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.require;
import static io.blockroom.adapters.websocket.codec.MalformedMessage.requireAtMost;

import io.blockroom.adapters.websocket.codec.ClientMessage.CommitOffer;
import io.blockroom.adapters.websocket.codec.ClientMessage.Heartbeat;
import io.blockroom.adapters.websocket.codec.ClientMessage.LockAcquire;
import io.blockroom.adapters.websocket.codec.ClientMessage.LockCancel;
import io.blockroom.adapters.websocket.codec.ClientMessage.LockHandover;
import io.blockroom.adapters.websocket.codec.ClientMessage.LockRelease;
import io.blockroom.adapters.websocket.codec.ClientMessage.PresenceHint;
import io.blockroom.adapters.websocket.codec.ClientMessage.Resume;
import io.blockroom.adapters.websocket.codec.ClientMessage.RoomControl;
import io.blockroom.adapters.websocket.codec.ClientMessage.SnapshotOffer;
import io.blockroom.adapters.websocket.codec.ClientMessage.SyncRequest;
import io.blockroom.application.port.in.ResumeRoom;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Cursor;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.presence.Status;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import jakarta.json.stream.JsonParser.Event;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads one payload, field by field. */
final class PayloadReader {
  /** Blocks that one commit may release besides its own: as many as one request can lock. */
  static final int MAX_RELEASES = LockRequest.MAX_BLOCKS;

  /** How long somebody waits in line who does not say for how long. */
  static final Duration USUAL_PATIENCE = Duration.ofSeconds(15);

  private static final Set<String> V1_FIELDS =
      Set.of("mode", "maxWaitMs", "cid", "token", "baseSeq", "seq", "visible");
  private static final Set<String> MODES = Set.of("try", "queue");
  private static final Set<String> FORMATS = Set.of("blockly-json");
  private static final Set<String> STATUSES = Set.of("active", "idle", "away");
  private static final Set<String> ACTIONS =
      Set.of(
          "freeze",
          "lockPolicy",
          "maxUsers",
          "title",
          "forceRelease",
          "kick",
          "role",
          "restore",
          "spotlight");

  private final JsonCursor cursor;
  private final Audience audience;
  private final WorkspaceXmlCheck workspaces;

  PayloadReader(JsonCursor cursor, Audience audience, WorkspaceXmlCheck workspaces) {
    this.cursor = cursor;
    this.audience = audience;
    this.workspaces = workspaces;
  }

  /** The message of that type, or nothing if there is no such type. */
  Optional<ClientMessage> read(String type) {
    cursor.enterObject();
    return switch (type) {
      case "LOCK_ACQUIRE" -> Optional.of(lockAcquire());
      case "COMMIT" -> Optional.of(commit());
      case "HEARTBEAT" -> Optional.of(heartbeat());
      default -> audience == Audience.V1 ? readV1(type) : unknown();
    };
  }

  private Optional<ClientMessage> readV1(String type) {
    return switch (type) {
      case "LOCK_RELEASE" -> Optional.of(lockRelease());
      case "LOCK_CANCEL" -> Optional.of(lockCancel());
      case "LOCK_HANDOVER" -> Optional.of(lockHandover());
      case "SNAPSHOT" -> Optional.of(snapshot());
      case "RESUME" -> Optional.of(resume());
      case "SYNC_REQUEST" -> Optional.of(syncRequest());
      case "PRESENCE" -> Optional.of(presence());
      case "ROOM_CONTROL" -> Optional.of(roomControl());
      default -> unknown();
    };
  }

  private Optional<ClientMessage> unknown() {
    cursor.skipFrom(Event.START_OBJECT);
    return Optional.empty();
  }

  private ClientMessage lockAcquire() {
    Optional<BlockId> asked = Optional.empty();
    Set<BlockId> company = Set.of();
    boolean isPatient = false;
    Duration patience = USUAL_PATIENCE;
    while (hasField()) {
      switch (field()) {
        case "blockId" -> asked = cursor.block();
        case "blockIds" -> company = cursor.blocks(LockRequest.MAX_BLOCKS);
        case "mode" -> isPatient = cursor.word(MODES).filter("queue"::equals).isPresent();
        case "maxWaitMs" ->
            patience = cursor.integer(1).map(Duration::ofMillis).orElse(USUAL_PATIENCE);
        default -> cursor.skip();
      }
    }
    BlockId block = required(asked);
    Set<BlockId> wanted = new LinkedHashSet<>(company);
    wanted.add(block);
    requireAtMost(LockRequest.MAX_BLOCKS, wanted.size());
    return new LockAcquire(
        LockRequest.of(block, wanted), isPatient ? Optional.of(patience) : Optional.empty());
  }

  private ClientMessage lockRelease() {
    Set<BlockId> blocks = Set.of();
    while (hasField()) {
      switch (field()) {
        case "blockIds" -> blocks = cursor.blocks(LockRequest.MAX_BLOCKS);
        default -> cursor.skip();
      }
    }
    require(!blocks.isEmpty());
    return new LockRelease(blocks);
  }

  private ClientMessage lockCancel() {
    Optional<BlockId> block = Optional.empty();
    while (hasField()) {
      switch (field()) {
        case "blockId" -> block = cursor.block();
        default -> cursor.skip();
      }
    }
    return new LockCancel(required(block));
  }

  private ClientMessage lockHandover() {
    Optional<BlockId> block = Optional.empty();
    Optional<ClientId> to = Optional.empty();
    while (hasField()) {
      switch (field()) {
        case "blockId" -> block = cursor.block();
        case "to" -> to = cursor.string().map(PayloadReader::toClientId);
        default -> cursor.skip();
      }
    }
    return new LockHandover(required(block), required(to));
  }

  private ClientMessage commit() {
    Optional<BlockId> asked = Optional.empty();
    EditEvents events = EditEvents.NONE;
    Optional<WorkspaceXml> workspace = Optional.empty();
    boolean releasesBlock = true;
    Set<BlockId> others = Set.of();
    Optional<CommitId> id = Optional.empty();
    Optional<FencingToken> token = Optional.empty();
    Optional<SequenceNumber> base = Optional.empty();
    while (hasField()) {
      switch (field()) {
        case "blockId" -> asked = cursor.block();
        case "events" -> events = EventScan.read(cursor);
        case "workspaceXml" -> workspace = workspaceXml();
        case "releaseLock" -> releasesBlock = cursor.flag(true);
        case "releaseBlockIds" -> others = cursor.blocks(MAX_RELEASES);
        case "cid" -> id = cursor.string().map(PayloadReader::toCommitId);
        case "token" -> token = cursor.integer(1).map(FencingToken::new);
        case "baseSeq" -> base = sequenceNumber();
        default -> cursor.skip();
      }
    }
    BlockId block = required(asked);
    Set<BlockId> releases = new LinkedHashSet<>();
    if (releasesBlock) {
      releases.add(block);
    }
    releases.addAll(others);
    // Who could say what they had seen, and does not, may not have seen it all.
    boolean isVouchedFor = audience == Audience.SEED || base.isPresent();
    return new CommitOffer(
        block, events, workspace.filter(_ -> isVouchedFor), releases, id, token, base);
  }

  private ClientMessage snapshot() {
    Optional<SequenceNumber> seq = Optional.empty();
    Optional<String> format = Optional.empty();
    Optional<WorkspaceState> state = Optional.empty();
    Optional<WorkspaceXml> xml = Optional.empty();
    while (hasField()) {
      switch (field()) {
        case "seq" -> seq = sequenceNumber();
        case "format" -> format = cursor.word(FORMATS);
        case "state" -> state = Optional.of(StateScan.read(cursor));
        case "workspaceXml" -> xml = workspaceXml();
        default -> cursor.skip();
      }
    }
    require(format.isPresent() && state.isPresent());
    return new SnapshotOffer(new WorkspaceSnapshot(required(seq), xml, state));
  }

  private ClientMessage resume() {
    Optional<Epoch> epoch = Optional.empty();
    Optional<SequenceNumber> last = Optional.empty();
    Set<CommitId> pending = Set.of();
    while (hasField()) {
      switch (field()) {
        case "epoch" -> epoch = cursor.string().map(PayloadReader::toEpoch);
        case "lastSeq" -> last = sequenceNumber();
        case "pending" ->
            pending = cursor.strings(ResumeRoom.Command.MAX_PENDING, PayloadReader::toCommitId);
        default -> cursor.skip();
      }
    }
    return new Resume(epoch, required(last), pending);
  }

  private ClientMessage syncRequest() {
    while (hasField()) {
      switch (field()) {
        case "fromSeq" -> sequenceNumber();
        default -> cursor.skip();
      }
    }
    return new SyncRequest();
  }

  private ClientMessage presence() {
    Status status = Status.ACTIVE;
    Set<BlockId> selection = Set.of();
    Optional<Cursor> pointer = Optional.empty();
    while (hasField()) {
      switch (field()) {
        case "status" ->
            status = cursor.word(STATUSES).map(PayloadReader::toStatus).orElse(Status.ACTIVE);
        case "selection" -> selection = cursor.blocks(Presence.MAX_SELECTION);
        case "cursor" -> pointer = pointer();
        default -> cursor.skip();
      }
    }
    return new PresenceHint(new Presence(status, List.copyOf(selection), pointer));
  }

  private Optional<Cursor> pointer() {
    Event event = cursor.next();
    if (event == Event.VALUE_NULL) {
      return Optional.empty();
    }
    require(event == Event.START_OBJECT);
    Optional<BigDecimal> x = Optional.empty();
    Optional<BigDecimal> y = Optional.empty();
    while (hasField()) {
      switch (field()) {
        case "x" -> x = cursor.number();
        case "y" -> y = cursor.number();
        default -> cursor.skip();
      }
    }
    return Optional.of(new Cursor(required(x).doubleValue(), required(y).doubleValue()));
  }

  private ClientMessage heartbeat() {
    boolean isVisible = true;
    while (hasField()) {
      switch (field()) {
        case "seq" -> sequenceNumber();
        case "visible" -> isVisible = cursor.flag(true);
        default -> cursor.skip();
      }
    }
    return new Heartbeat(isVisible);
  }

  private ClientMessage roomControl() {
    Optional<String> action = Optional.empty();
    while (hasField()) {
      switch (field()) {
        case "action" -> action = cursor.word(ACTIONS);
        default -> cursor.skip();
      }
    }
    require(action.isPresent());
    return new RoomControl();
  }

  private boolean hasField() {
    return cursor.next() != Event.END_OBJECT;
  }

  /** The name of the field, empty if whoever wrote it cannot have meant what it means in v1. */
  private String field() {
    String key = cursor.key();
    return audience == Audience.SEED && V1_FIELDS.contains(key) ? "" : key;
  }

  private Optional<WorkspaceXml> workspaceXml() {
    return cursor.string().filter(xml -> !xml.isEmpty()).map(workspaces::check);
  }

  private Optional<SequenceNumber> sequenceNumber() {
    return cursor.integer(0).map(SequenceNumber::new);
  }

  private static CommitId toCommitId(String id) {
    require(CommitId.isValid(id));
    return new CommitId(id);
  }

  private static Epoch toEpoch(String epoch) {
    require(Epoch.isValid(epoch));
    return new Epoch(epoch);
  }

  private static Status toStatus(String word) {
    return Status.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static ClientId toClientId(String id) {
    require(ClientId.isValid(id));
    return new ClientId(id);
  }

  private static <T> T required(Optional<T> field) {
    return field.orElseThrow(() -> new MalformedMessage(ErrorCode.BAD_MESSAGE));
  }
}
