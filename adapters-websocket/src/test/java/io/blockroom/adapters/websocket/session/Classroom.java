package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.MessageReader;
import io.blockroom.adapters.websocket.codec.MessageWriter;
import io.blockroom.application.fake.InMemoryCoordination;
import io.blockroom.application.fake.InMemoryStorage;
import io.blockroom.application.port.out.ResumeTokens;
import io.blockroom.application.service.Attendances;
import io.blockroom.application.service.CommitService;
import io.blockroom.application.service.Fencing;
import io.blockroom.application.service.Identities;
import io.blockroom.application.service.LockService;
import io.blockroom.application.service.PresenceService;
import io.blockroom.application.service.RoomDirectory;
import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.application.service.RoomFeeds;
import io.blockroom.application.service.SnapshotService;
import io.blockroom.application.service.Turns;
import io.blockroom.application.service.WhereaboutsService;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.participant.ClientId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** The real services on ports in memory, behind the endpoint. */
final class Classroom {
  private static final Duration GRACE = Duration.ofSeconds(8);
  private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");

  private Duration elapsed = Duration.ZERO;
  final InMemoryStorage storage = new InMemoryStorage(this::now, () -> new Epoch("e1"));
  final InMemoryCoordination coordination = new InMemoryCoordination();
  final RoomFeeds feeds;
  final PresenceService presence;
  final HandAlarm alarm = new HandAlarm();
  private final WorkspaceEndpoint endpoint;

  Classroom() {
    this(new RoomDefaults(true, 3), useCases -> useCases);
  }

  Classroom(RoomDefaults defaults, UnaryOperator<RoomUseCases> change) {
    Attendances attendances =
        new Attendances(new RegisteredTokens(), this::now, () -> elapsed, GRACE);
    Fencing fencing = new Fencing(coordination, storage);
    Turns turns = new Turns(coordination, fencing, coordination.ttl(), Runnable::run);
    feeds = new RoomFeeds(coordination, storage, storage, attendances, turns, 100);
    RoomDirectory directory =
        new RoomDirectory(storage, coordination, coordination, defaults, this::now);
    Register register = new Register();
    presence =
        new PresenceService(
            directory, coordination, fencing, storage, storage, feeds, attendances, register);
    LockService locks =
        new LockService(
            coordination,
            fencing,
            feeds,
            turns,
            directory,
            register,
            () -> elapsed,
            20,
            Duration.ofSeconds(60));
    RoomUseCases useCases =
        new RoomUseCases(
            presence,
            presence,
            presence,
            new WhereaboutsService(attendances, coordination, Duration.ofMinutes(1)),
            locks,
            locks,
            locks,
            locks,
            locks,
            new CommitService(coordination, fencing, storage, coordination, feeds, this::now),
            new SnapshotService(storage),
            feeds);
    endpoint =
        new WorkspaceEndpoint(
            change.apply(useCases),
            new MessageReader(),
            new MessageWriter(ScriptedRoom.LIMITS),
            this::now,
            alarm);
    coordination.listen(feeds);
  }

  /** Somebody connects to a request target, offering these subprotocols. */
  Visitor connect(String target, String... offers) {
    return new Visitor(endpoint, target, offers);
  }

  void pass(long millis) {
    elapsed = elapsed.plusMillis(millis);
    alarm.pass(Duration.ofMillis(millis));
  }

  private Instant now() {
    return START.plus(elapsed);
  }

  private static final class Register implements Identities {
    private final AtomicInteger people = new AtomicInteger();

    @Override
    public ClientId newClientId() {
      return new ClientId("c" + people.incrementAndGet());
    }

    @Override
    public Ticket newTicket() {
      return new Ticket(UUID.randomUUID().toString());
    }

    @Override
    public Epoch newEpoch() {
      return new Epoch("e" + people.incrementAndGet());
    }

    @Override
    public int draw() {
      return people.get();
    }
  }

  /** Tokens that are good because they were issued here. */
  private static final class RegisteredTokens implements ResumeTokens {
    private final Map<String, Claim> issued = new ConcurrentHashMap<>();

    @Override
    public String issue(Claim claim) {
      String token = "token-" + (issued.size() + 1);
      issued.put(token, claim);
      return token;
    }

    @Override
    public Optional<Claim> verify(String token) {
      return Optional.ofNullable(issued.get(token));
    }
  }
}
