package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.MessageReader;
import io.blockroom.adapters.websocket.codec.MessageWriter;
import io.blockroom.adapters.websocket.connection.WebSocketSession;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The seed protocol's address: {@code /ws/workspace/{roomId}/?nickname=…}, the trailing slash
 * optional.
 */
public final class WorkspaceEndpoint {
  private static final String PREFIX = "/ws/workspace/";

  /** The pattern to route here; a room's name may contain an encoded slash, to be refused later. */
  public static final String PATH = PREFIX + "{+room}";

  private final RoomUseCases room;
  private final MessageReader reader;
  private final FrameCache frames;
  private final InstantSource clock;

  public WorkspaceEndpoint(
      RoomUseCases room, MessageReader reader, MessageWriter writer, InstantSource clock) {
    this.room = room;
    this.reader = reader;
    this.frames = new FrameCache(writer);
    this.clock = clock;
  }

  /** A listener for one new connection. */
  public WsListener newConnection() {
    return new Connection();
  }

  private final class Connection implements WsListener {
    private String roomName = "";
    private String nickname = "";
    private @Nullable RoomSession session;

    @Override
    public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) {
      roomName = RequestTarget.lastSegment(prologue.uriPath().rawPath(), PREFIX);
      nickname = RequestTarget.parameter(prologue.query().rawValue(), "nickname");
      return Optional.empty();
    }

    @Override
    public void onOpen(WsSession connection) {
      RoomSession opened =
          new RoomSession(
              room, reader, frames, new BadMessageCount(clock), (WebSocketSession) connection);
      session = opened;
      opened.begin(roomName, nickname);
    }

    @Override
    public void onMessage(WsSession connection, String text, boolean last) {
      if (session != null) {
        session.receive(text);
      }
    }

    @Override
    public void onMessage(WsSession connection, BufferData bytes, boolean last) {
      if (session != null) {
        session.reject();
      }
    }

    @Override
    public void onClose(WsSession connection, int status, String reason) {
      if (session != null) {
        session.end();
      }
    }
  }
}
