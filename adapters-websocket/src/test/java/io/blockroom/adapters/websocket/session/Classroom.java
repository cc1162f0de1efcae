package io.blockroom.adapters.websocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.codec.MessageReader;
import io.blockroom.adapters.websocket.codec.MessageWriter;
import io.blockroom.application.fake.InMemoryCoordination;
import io.blockroom.application.fake.InMemoryRooms;
import io.blockroom.application.fake.InMemoryWorkspaces;
import io.blockroom.application.service.CommitService;
import io.blockroom.application.service.Identities;
import io.blockroom.application.service.LockService;
import io.blockroom.application.service.PresenceService;
import io.blockroom.application.service.RoomDirectory;
import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.application.service.RoomFeeds;
import io.blockroom.domain.participant.ClientId;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsUpgradeException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** The real services on ports in memory, behind the endpoint. */
final class Classroom {
  final InMemoryRooms rooms = new InMemoryRooms();
  final InMemoryWorkspaces workspaces = new InMemoryWorkspaces(rooms);
  final InMemoryCoordination coordination = new InMemoryCoordination();
  final RoomFeeds feeds = new RoomFeeds(coordination, workspaces);
  private final PresenceService presence;
  private final WorkspaceEndpoint endpoint;
  private Instant now = Instant.parse("2026-11-23T08:00:00Z");

  Classroom() {
    this(new RoomDefaults(true, 3), useCases -> useCases);
  }

  Classroom(RoomDefaults defaults, UnaryOperator<RoomUseCases> change) {
    RoomDirectory directory = new RoomDirectory(rooms, coordination, defaults, () -> now);
    presence = new PresenceService(directory, coordination, feeds, new Register());
    RoomUseCases useCases =
        new RoomUseCases(
            presence,
            presence,
            presence,
            new LockService(coordination, feeds),
            new CommitService(coordination, workspaces, coordination, feeds),
            feeds);
    endpoint =
        new WorkspaceEndpoint(
            change.apply(useCases), new MessageReader(), new MessageWriter(), () -> now);
    coordination.listen(feeds);
  }

  /** Somebody connects to a request target. */
  Visitor connect(String target) {
    return new Visitor(endpoint.newConnection(), target);
  }

  void pass(long millis) {
    now = now.plusMillis(millis);
  }

  void loseStorage() {
    rooms.loseStorage();
    workspaces.loseStorage();
  }

  void restoreStorage() {
    rooms.restoreStorage();
    workspaces.restoreStorage();
  }

  private static final class Register implements Identities {
    private final AtomicInteger people = new AtomicInteger();

    @Override
    public ClientId newClientId() {
      return new ClientId("c" + people.incrementAndGet());
    }

    @Override
    public int draw() {
      return people.get();
    }
  }

  /** A client as the connection knows it. */
  static final class Visitor {
    final FakeConnection connection = new FakeConnection();
    private final WsListener listener;

    private Visitor(WsListener listener, String target) {
      this.listener = listener;
      HttpPrologue request =
          HttpPrologue.create("HTTP/1.1", "HTTP", "1.1", Method.GET, target, false);
      try {
        assertThat(listener.onHttpUpgrade(request, WritableHeaders.create())).isEmpty();
      } catch (WsUpgradeException refused) {
        throw new AssertionError(refused);
      }
      listener.onOpen(connection);
    }

    void says(String text) {
      if (connection.isOpen()) {
        listener.onMessage(connection, text, true);
      }
    }

    void says(byte[] bytes) {
      if (connection.isOpen()) {
        listener.onMessage(connection, BufferData.create(bytes), true);
      }
    }

    void goes() {
      listener.onClose(connection, 1001, "");
    }
  }
}
