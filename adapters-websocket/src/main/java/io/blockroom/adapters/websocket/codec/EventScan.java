package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.require;
import static io.blockroom.adapters.websocket.codec.MalformedMessage.requireAtMost;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.EditEvents;
import jakarta.json.stream.JsonParser.Event;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Takes the events of a commit as they are and notes which blocks they name. All that is known of
 * an event is that it is an object and that these fields of it, whatever its type, name blocks or
 * comments: {@code blockId}, {@code ids}, {@code newParentId}, {@code oldParentId}, {@code
 * commentId}. Blockly writes them so in every event that edits. What an event of the selection or
 * of a variable names ({@code newElementId}, {@code varId}) is no edit of a block, and the ids
 * inside the {@code json} or {@code xml} of a created block cannot hit another: Blockly gives a
 * block whose id is taken a new one.
 */
final class EventScan {
  /** Events of one commit. */
  static final int MAX_EVENTS = 5000;

  /** Blocks that the events of one commit may name: as many as a workspace may have. */
  static final int MAX_TOUCHED = 5000;

  private final JsonCursor cursor;
  private final Set<BlockId> touched = new LinkedHashSet<>();

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
    cursor.allowEvents();
    while ((event = cursor.next()) != Event.END_ARRAY) {
      require(event == Event.START_OBJECT);
      requireAtMost(MAX_EVENTS, ++events);
      scan();
    }
    cursor.allowEventsNoMore();
    return new EditEvents(cursor.textBetween(start, cursor.offset()), touched, events == 0);
  }

  private void scan() {
    while (cursor.next() != Event.END_OBJECT) {
      switch (cursor.key()) {
        case "blockId", "newParentId", "oldParentId", "commentId" -> touch();
        case "ids" -> cursor.addBlocks(touched, MAX_TOUCHED);
        default -> cursor.skip();
      }
    }
  }

  /** Blockly writes an empty id where an event of its kind is about no block. */
  private void touch() {
    cursor.string().filter(id -> !id.isEmpty()).map(JsonCursor::toBlock).ifPresent(touched::add);
    requireAtMost(MAX_TOUCHED, touched.size());
  }
}
