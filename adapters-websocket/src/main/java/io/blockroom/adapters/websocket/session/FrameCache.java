package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.MessageWriter;
import io.blockroom.adapters.websocket.connection.TextFrame;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.room.RoomEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the frames that sessions send. An event goes to everybody in a room, one after the other:
 * its frame is built once and the same bytes are queued for all.
 */
final class FrameCache {
  private final MessageWriter writer;
  private volatile @Nullable Entry newest;

  private record Entry(RoomEvent event, TextFrame frame) {}

  FrameCache(MessageWriter writer) {
    this.writer = writer;
  }

  // Identity is meant: two equal events are two events.
  @SuppressWarnings("ReferenceEquality")
  TextFrame of(RoomEvent event) {
    Entry entry = newest;
    if (entry == null || entry.event() != event) {
      entry = new Entry(event, TextFrame.of(writer.event(event)));
      newest = entry;
    }
    return entry.frame();
  }

  TextFrame initState(RoomState state) {
    return TextFrame.of(writer.initState(state));
  }

  /** The denial of a block because of a lock on it or on its company, if there is a known one. */
  TextFrame lockDenied(BlockId block, Optional<BlockLock> obstacle) {
    return TextFrame.of(
        obstacle
            .map(lock -> new BlockLock(block, lock.owner(), lock.remaining()))
            .map(writer::lockDenied)
            .orElseGet(() -> writer.lockDenied(block)));
  }
}
