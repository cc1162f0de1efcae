package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.require;
import static io.blockroom.adapters.websocket.codec.RoomFields.required;

import io.blockroom.application.port.in.ImportRoom;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import jakarta.json.stream.JsonParser.Event;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads a room from the file that {@link RoomFileWriter} writes, while it arrives. Every value is
 * checked as if a client had just sent it. The parts come in the order in which they are written;
 * unknown fields are refused, for what they mean would be lost.
 *
 * <p>Methods throw {@link MalformedMessage} at whatever is wrong with the file.
 */
public final class RoomFileReader {
  private final HardenedJson json = new HardenedJson();
  private final WorkspaceXmlCheck workspaces = new WorkspaceXmlCheck();
  private final RememberedText text;
  private final JsonCursor cursor;

  /**
   * @param maxBytes the file may have
   */
  public RoomFileReader(InputStream file, long maxBytes) {
    this.text =
        new RememberedText(
            new InputStreamReader(
                new BoundedInput(file, maxBytes),
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    this.cursor = json.stream(text);
  }

  /**
   * Reads all but the commits; the command reads those one by one.
   *
   * @param otherId the id that the room is to have, if not its own
   */
  public ImportRoom.Command read(Optional<RoomId> otherId) {
    return checked(() -> head(otherId));
  }

  private ImportRoom.Command head(Optional<RoomId> otherId) {
    cursor.enterObject();
    meet("format");
    require(required(cursor.string()).equals(RoomFileWriter.FORMAT));
    meet("version");
    require(required(cursor.integer(1)) == RoomFileWriter.VERSION);
    meet("room");
    Room room = RoomFields.read(cursor);
    meet("seq");
    SequenceNumber last = sequenceNumber();
    meet("snapshots");
    List<WorkspaceSnapshot> snapshots = snapshots();
    meet("commits");
    require(cursor.next() == Event.START_ARRAY);
    return new ImportRoom.Command(
        otherId.map(room::withId).orElse(room), last, snapshots, () -> checked(this::nextCommit));
  }

  private List<WorkspaceSnapshot> snapshots() {
    List<WorkspaceSnapshot> snapshots = new ArrayList<>();
    require(cursor.next() == Event.START_ARRAY);
    for (Event event = cursor.next(); event != Event.END_ARRAY; event = cursor.next()) {
      require(event == Event.START_OBJECT);
      snapshots.add(snapshot());
    }
    return snapshots;
  }

  private WorkspaceSnapshot snapshot() {
    Optional<SequenceNumber> seq = Optional.empty();
    Optional<WorkspaceXml> xml = Optional.empty();
    Optional<WorkspaceState> state = Optional.empty();
    while (cursor.next() != Event.END_OBJECT) {
      switch (cursor.key()) {
        case "seq" -> seq = Optional.of(sequenceNumber());
        case "workspaceXml" -> xml = Optional.of(workspaces.check(required(cursor.string())));
        case "state" -> state = Optional.of(state());
        default -> throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
      }
      text.forgetBefore(cursor.offset());
    }
    return new WorkspaceSnapshot(required(seq), xml, state);
  }

  private Optional<LoggedCommit> nextCommit() {
    Event event = cursor.next();
    if (event == Event.END_ARRAY) {
      require(cursor.next() == Event.END_OBJECT);
      cursor.end();
      return Optional.empty();
    }
    require(event == Event.START_OBJECT);
    return Optional.of(commit());
  }

  private LoggedCommit commit() {
    Optional<SequenceNumber> seq = Optional.empty();
    Optional<ClientId> by = Optional.empty();
    Optional<BlockId> block = Optional.empty();
    Optional<String> events = Optional.empty();
    Optional<Instant> at = Optional.empty();
    Optional<CommitId> id = Optional.empty();
    while (cursor.next() != Event.END_OBJECT) {
      switch (cursor.key()) {
        case "seq" -> seq = Optional.of(sequenceNumber());
        case "by" -> by = cursor.string().map(ClientId::new);
        case "blockId" -> block = cursor.block();
        case "events" -> events = Optional.of(events());
        case "at" -> at = cursor.string().map(RoomFields::instant);
        case "cid" -> id = Optional.of(new CommitId(required(cursor.string())));
        default -> throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
      }
      text.forgetBefore(cursor.offset());
    }
    return new LoggedCommit(
        required(seq), required(by), required(block), required(events), required(at), id);
  }

  private String events() {
    String array = verbatim(Event.START_ARRAY);
    try (JsonCursor inside = json.open(array, 0)) {
      EditEvents events = EventScan.read(inside);
      inside.end();
      require(!events.isEmpty());
    }
    return array;
  }

  private WorkspaceState state() {
    try (JsonCursor inside = json.open(verbatim(Event.START_OBJECT), 0)) {
      WorkspaceState state = StateScan.read(inside, 2 * WorkspaceState.MAX_LENGTH);
      inside.end();
      return state;
    }
  }

  /** The text of the next value, which must begin so. */
  private String verbatim(Event begin) {
    cursor.enterContent();
    require(cursor.next() == begin);
    int start = cursor.offset() - 1;
    cursor.skipFrom(begin);
    cursor.leaveContent();
    return text.between(start, cursor.offset());
  }

  private SequenceNumber sequenceNumber() {
    return new SequenceNumber(required(cursor.integer(0)));
  }

  private void meet(String field) {
    text.forgetBefore(cursor.offset());
    require(cursor.next() == Event.KEY_NAME && cursor.key().equals(field));
  }

  /** The parser and the domain have no common exception for what is wrong. */
  private static <T> T checked(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (MalformedMessage malformed) {
      throw malformed;
    } catch (RuntimeException broken) {
      throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
    }
  }
}
