package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.require;
import static io.blockroom.adapters.websocket.codec.MalformedMessage.requireAtMost;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.EditEvents;
import jakarta.json.stream.JsonParser.Event;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Takes the events of a commit as they are and notes which blocks they name. All that is known of
 * an event is that it is an object and that these fields of it, whatever its type, name blocks or
 * comments: {@code blockId}, {@code ids}, {@code newParentId}, {@code oldParentId}, {@code
 * commentId}. Blockly writes them so in every event that edits. What an event of the selection or
 * of a variable names ({@code newElementId}, {@code varId}) is no edit of a block, and the ids
 * inside the {@code json} or {@code xml} of a created block cannot hit another: Blockly gives a
 * block whose id is taken a new one.
 *
 * <p>An event of the type {@code create} creates the blocks of its {@code ids}, or that of its
 * {@code blockId} if it has none.
 */
final class EventScan {
  /** Events of one commit. */
  static final int MAX_EVENTS = 5000;

  /** Blocks that the events of one commit may name: as many as a workspace may have. */
  static final int MAX_TOUCHED = 5000;

  private final JsonCursor cursor;
  private final Set<BlockId> touched = new LinkedHashSet<>();
  private final Set<BlockId> created = new HashSet<>();

  private EventScan(JsonCursor cursor) {
    this.cursor = cursor;
  }

  /** Reads the next value, an array of events; if it is {@code null} there are none. */
  static EditEvents read(JsonCursor cursor) {
    return new EventScan(cursor).events();
  }

  private EditEvents events() {
    Event event = cursor.next();
    if (event == Event.VALUE_NULL) {
      return EditEvents.NONE;
    }
    require(event == Event.START_ARRAY);
    int start = cursor.offset() - 1;
    int events = 0;
    cursor.enterContent();
    while ((event = cursor.next()) != Event.END_ARRAY) {
      require(event == Event.START_OBJECT);
      requireAtMost(MAX_EVENTS, ++events);
      scan();
    }
    cursor.leaveContent();
    return new EditEvents(cursor.textSince(start), touched, created, events == 0);
  }

  private void scan() {
    Optional<String> type = Optional.empty();
    Optional<BlockId> block = Optional.empty();
    Set<BlockId> ids = Set.of();
    while (cursor.next() != Event.END_OBJECT) {
      switch (cursor.key()) {
        case "type" -> type = cursor.stringIfAny();
        case "blockId" -> block = touch();
        case "newParentId", "oldParentId", "commentId" -> touch();
        case "ids" -> ids = touchAll();
        default -> cursor.skip();
      }
    }
    if (type.filter("create"::equals).isPresent()) {
      created.addAll(ids.isEmpty() ? block.map(Set::of).orElseGet(Set::of) : ids);
    }
  }

  /** Blockly writes an empty id where an event of its kind is about no block. */
  private Optional<BlockId> touch() {
    Optional<BlockId> block = cursor.string().filter(id -> !id.isEmpty()).map(JsonCursor::toBlock);
    block.ifPresent(touched::add);
    requireAtMost(MAX_TOUCHED, touched.size());
    return block;
  }

  private Set<BlockId> touchAll() {
    Set<BlockId> ids = cursor.blocks(MAX_TOUCHED);
    touched.addAll(ids);
    requireAtMost(MAX_TOUCHED, touched.size());
    return ids;
  }
}
