package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.requireAtMost;

import io.blockroom.domain.commit.WorkspaceState;
import jakarta.json.stream.JsonParser.Event;

/**
 * Takes a workspace in Blockly's JSON as it is and counts its blocks. As a block counts every
 * object under the field {@code blocks} that has a string {@code type}, wherever it stands: no
 * block is missed; what a custom block keeps beside its own type may count as well.
 */
final class StateScan {
  /** Blocks of one workspace. */
  static final int MAX_BLOCKS = WorkspaceXmlCheck.MAX_BLOCKS;

  private final JsonCursor cursor;
  private final int maxLength;
  private int blocks;

  private StateScan(JsonCursor cursor, int maxLength) {
    this.cursor = cursor;
    this.maxLength = maxLength;
  }

  /** Reads the next value, which must be an object. */
  static WorkspaceState read(JsonCursor cursor) {
    return read(cursor, WorkspaceState.MAX_LENGTH);
  }

  /** The same for one that a storage may have written with more blanks. */
  static WorkspaceState read(JsonCursor cursor, int maxLength) {
    return new StateScan(cursor, maxLength).state();
  }

  private WorkspaceState state() {
    cursor.enterObject();
    int start = cursor.offset() - 1;
    cursor.enterContent();
    while (cursor.next() != Event.END_OBJECT) {
      if (cursor.key().equals("blocks")) {
        countBlocks();
      } else {
        cursor.skip();
      }
    }
    cursor.leaveContent();
    String json = cursor.textSince(start);
    requireAtMost(maxLength, json.length());
    return new WorkspaceState(json);
  }

  private void countBlocks() {
    int outside = cursor.level();
    Event event = cursor.next();
    while (cursor.level() > outside) {
      boolean isType = event == Event.KEY_NAME && cursor.key().equals("type");
      event = cursor.next();
      if (isType && event == Event.VALUE_STRING) {
        requireAtMost(MAX_BLOCKS, ++blocks);
      }
    }
  }
}
