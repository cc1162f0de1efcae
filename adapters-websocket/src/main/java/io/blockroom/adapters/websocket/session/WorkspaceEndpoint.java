package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.Audience;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where clients connect: {@code /ws/workspace/{roomId}/?nickname=…}, the trailing slash optional.
 */
public final class WorkspaceEndpoint {
  private static final String PREFIX = "/ws/workspace/";

  /** The pattern to route here; a room's name may contain an encoded slash, to be refused later. */
  public static final String PATH = PREFIX + "{+room}";

  private final RoomUseCases room;
  private final MessageReader reader;
  private final FrameCache frames;
  private final InstantSource clock;
  private final Alarm alarm;
  private final Set<RoomSession> sessions = ConcurrentHashMap.newKeySet();

  public WorkspaceEndpoint(
      RoomUseCases room, MessageReader reader, MessageWriter writer, InstantSource clock) {
    this(room, reader, writer, clock, Alarm.OF_THE_SERVER);
  }

  WorkspaceEndpoint(
      RoomUseCases room,
      MessageReader reader,
      MessageWriter writer,
      InstantSource clock,
      Alarm alarm) {
    this.room = room;
    this.reader = reader;
    this.frames = new FrameCache(writer);
    this.clock = clock;
    this.alarm = alarm;
  }

  /** A listener for one new connection. */
  public WsListener newConnection() {
    return new Connection();
  }

  /** Everybody who is connected. */
  Set<RoomSession> sessions() {
    return Set.copyOf(sessions);
  }

  private Voice voice(Audience audience, WebSocketSession connection) {
    return switch (audience) {
      case SEED -> new SeedVoice(frames, connection);
      case V1 -> new V1Voice(frames, connection);
    };
  }

  private final class Connection implements WsListener {
    private String roomName = "";
    private String nickname = "";
    private Subprotocols offered = Subprotocols.NONE;
    private @Nullable RoomSession session;

    @Override
    public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) {
      roomName = RequestTarget.lastSegment(prologue.uriPath().rawPath(), PREFIX);
      nickname = RequestTarget.parameter(prologue.query().rawValue(), "nickname");
      offered = Subprotocols.of(headers);
      return offered.answer();
    }

    @Override
    public void onOpen(WsSession connection) {
      WebSocketSession open = (WebSocketSession) connection;
      RoomSession opened =
          new RoomSession(room, reader, voice(offered.audience(), open), open, clock, alarm);
      session = opened;
      sessions.add(opened);
      opened.begin(new RoomSession.Newcomer(roomName, nickname, offered.resumeToken()));
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
        session.receiveBytes();
      }
    }

    @Override
    public void onClose(WsSession connection, int status, String reason) {
      if (session != null) {
        sessions.remove(session);
        session.end(status);
      }
    }
  }
}
