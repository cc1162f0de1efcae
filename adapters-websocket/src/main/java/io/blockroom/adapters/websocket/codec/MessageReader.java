package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.require;
import static io.blockroom.adapters.websocket.codec.MalformedMessage.requireAtMost;

import io.blockroom.adapters.websocket.codec.ClientMessage.CommitOffer;
import io.blockroom.adapters.websocket.codec.ClientMessage.Heartbeat;
import io.blockroom.adapters.websocket.codec.ClientMessage.LockAcquire;
import io.blockroom.adapters.websocket.codec.Reading.Malformed;
import io.blockroom.adapters.websocket.codec.Reading.Understood;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.LockRequest;
import jakarta.json.stream.JsonParser.Event;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what clients send. Unknown fields are passed over, but even in them the text must be sound.
 * An optional field that is {@code null} counts as absent. Safe for use by many threads.
 */
public final class MessageReader {
  /** Blocks that one commit may release besides its own: as many as one request can lock. */
  static final int MAX_RELEASES = LockRequest.MAX_BLOCKS;

  private final HardenedJson json = new HardenedJson();
  private final WorkspaceXmlCheck workspaces = new WorkspaceXmlCheck();

  /** Reads one text. Never throws, whatever the text. */
  public Reading read(String text) {
    try {
      return envelope(text);
    } catch (MalformedMessage malformed) {
      return new Malformed(malformed.fault());
    } catch (RuntimeException broken) {
      // The parsers have no common exception for broken text: they throw whatever comes to hand.
      return new Malformed(Fault.BAD_MESSAGE);
    }
  }

  private Reading envelope(String text) {
    Optional<String> type = Optional.empty();
    Optional<Reading> reading = Optional.empty();
    Optional<String> payload = Optional.empty();
    try (JsonCursor cursor = json.open(text, 0)) {
      cursor.enterObject();
      while (cursor.next() != Event.END_OBJECT) {
        switch (cursor.key()) {
          case "t" -> type = cursor.string();
          case "payload" -> {
            if (type.isPresent()) {
              reading = Optional.of(message(type.get(), cursor));
            } else {
              payload = Optional.of(cursor.skipText());
            }
          }
          default -> cursor.skip();
        }
      }
      cursor.end();
    }
    require(type.isPresent());
    if (payload.isPresent()) {
      // The payload came before the type that says how to read it.
      try (JsonCursor cursor = json.open(payload.get(), 1)) {
        return message(type.get(), cursor);
      }
    }
    return reading.orElseThrow(() -> new MalformedMessage(Fault.BAD_MESSAGE));
  }

  private Reading message(String type, JsonCursor cursor) {
    cursor.enterObject();
    return switch (type) {
      case "LOCK_ACQUIRE" -> new Understood(lockAcquire(cursor));
      case "COMMIT" -> new Understood(commit(cursor));
      case "HEARTBEAT" -> {
        cursor.skipFrom(Event.START_OBJECT);
        yield new Understood(new Heartbeat());
      }
      default -> {
        cursor.skipFrom(Event.START_OBJECT);
        yield new Malformed(Fault.UNKNOWN_TYPE);
      }
    };
  }

  private static LockAcquire lockAcquire(JsonCursor cursor) {
    Optional<BlockId> asked = Optional.empty();
    Set<BlockId> wanted = new LinkedHashSet<>();
    while (cursor.next() != Event.END_OBJECT) {
      switch (cursor.key()) {
        case "blockId" -> asked = cursor.block();
        case "blockIds" -> cursor.addBlocks(wanted, LockRequest.MAX_BLOCKS);
        default -> cursor.skip();
      }
    }
    BlockId block = required(asked);
    wanted.add(block);
    requireAtMost(LockRequest.MAX_BLOCKS, wanted.size());
    return new LockAcquire(LockRequest.of(block, wanted));
  }

  private CommitOffer commit(JsonCursor cursor) {
    Optional<BlockId> asked = Optional.empty();
    EditEvents events = EditEvents.NONE;
    Optional<WorkspaceXml> workspace = Optional.empty();
    boolean releasesBlock = true;
    Set<BlockId> others = Set.of();
    while (cursor.next() != Event.END_OBJECT) {
      switch (cursor.key()) {
        case "blockId" -> asked = cursor.block();
        case "events" -> events = EventScan.read(cursor);
        case "workspaceXml" ->
            workspace = cursor.string().filter(xml -> !xml.isEmpty()).map(workspaces::check);
        case "releaseLock" -> releasesBlock = cursor.flag(true);
        case "releaseBlockIds" -> others = cursor.blocks(MAX_RELEASES);
        default -> cursor.skip();
      }
    }
    BlockId block = required(asked);
    Set<BlockId> releases = new LinkedHashSet<>();
    if (releasesBlock) {
      releases.add(block);
    }
    releases.addAll(others);
    return new CommitOffer(block, events, workspace, releases);
  }

  private static BlockId required(Optional<BlockId> block) {
    return block.orElseThrow(() -> new MalformedMessage(Fault.BAD_MESSAGE));
  }
}
