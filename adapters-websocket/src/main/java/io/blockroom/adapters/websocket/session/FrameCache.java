package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.Audience;
import io.blockroom.adapters.websocket.codec.MessageWriter;
import io.blockroom.adapters.websocket.codec.ServerMessage;
import io.blockroom.adapters.websocket.connection.TextFrame;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.RoomEvent;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the frames that sessions send. What happens goes to everybody in a room, one after the
 * other: its frame is built once and the same bytes are queued for all.
 */
final class FrameCache {
  private final MessageWriter writer;
  private final Newest alike = new Newest();
  private final Newest seedOnly = new Newest();
  private final Newest v1Only = new Newest();
  private final Newest presence = new Newest();

  FrameCache(MessageWriter writer) {
    this.writer = writer;
  }

  /** The frame of an event, if it is told in this protocol. */
  Optional<TextFrame> of(RoomEvent event, Audience audience) {
    return newest(event, audience).frame(event, () -> ofSingle(event, audience));
  }

  /** The frame of an event that is told to one client alone. */
  Optional<TextFrame> ofSingle(RoomEvent event, Audience audience) {
    return writer.event(event, audience).map(TextFrame::of);
  }

  /** The frame of what participants are doing. */
  Optional<TextFrame> of(Map<ClientId, Presence> news) {
    return presence.frame(news, () -> Optional.of(of(new ServerMessage.PresenceUpdate(news))));
  }

  TextFrame of(ServerMessage message) {
    return TextFrame.of(writer.message(message));
  }

  private Newest newest(RoomEvent event, Audience audience) {
    if (MessageWriter.isToldAlike(event)) {
      return alike;
    }
    return switch (audience) {
      case SEED -> seedOnly;
      case V1 -> v1Only;
    };
  }

  /** The last thing that was told, and its frame. */
  private static final class Newest {
    private volatile @Nullable Entry entry;

    private record Entry(Object told, Optional<TextFrame> frame) {}

    // Identity is meant: two equal events are two events.
    @SuppressWarnings("ReferenceEquality")
    Optional<TextFrame> frame(Object told, Supplier<Optional<TextFrame>> building) {
      Entry known = entry;
      if (known == null || known.told() != told) {
        known = new Entry(told, building.get());
        entry = known;
      }
      return known.frame();
    }
  }
}
