package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.Audience;
import io.blockroom.adapters.websocket.codec.MessageWriter;
import io.blockroom.adapters.websocket.codec.ServerMessage;
import io.blockroom.adapters.websocket.connection.TextFrame;
import io.blockroom.domain.room.RoomEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the frames that sessions of one protocol send. An event goes to everybody in a room, one
 * after the other: its frame is built once and the same bytes are queued for all.
 */
final class FrameCache {
  private final MessageWriter writer;
  private final Audience audience;
  private volatile @Nullable Entry newest;

  private record Entry(RoomEvent event, Optional<TextFrame> frame) {}

  FrameCache(MessageWriter writer, Audience audience) {
    this.writer = writer;
    this.audience = audience;
  }

  /** The frame of an event, if it is told in this protocol. */
  // Identity is meant: two equal events are two events.
  @SuppressWarnings("ReferenceEquality")
  Optional<TextFrame> of(RoomEvent event) {
    Entry entry = newest;
    if (entry == null || entry.event() != event) {
      entry = new Entry(event, ofSingle(event));
      newest = entry;
    }
    return entry.frame();
  }

  /** The frame of an event that is told to one client alone. */
  Optional<TextFrame> ofSingle(RoomEvent event) {
    return writer.event(event, audience).map(TextFrame::of);
  }

  TextFrame of(ServerMessage message) {
    return TextFrame.of(writer.message(message));
  }
}
