package io.blockroom.bootstrap;

import io.blockroom.adapters.postgres.PostgresSettings;
import io.blockroom.adapters.postgres.PostgresStorage;
import io.blockroom.adapters.postgres.UnusablePostgres;
import io.blockroom.adapters.redis.RedisSettings;
import io.blockroom.adapters.redis.RedissonCoordination;
import io.blockroom.adapters.redis.UnusableRedis;
import io.blockroom.adapters.websocket.codec.MessageReader;
import io.blockroom.adapters.websocket.codec.MessageWriter;
import io.blockroom.adapters.websocket.codec.SessionLimits;
import io.blockroom.adapters.websocket.connection.ConnectionSettings;
import io.blockroom.adapters.websocket.connection.OriginPolicy;
import io.blockroom.adapters.websocket.connection.WebSocketConnections;
import io.blockroom.adapters.websocket.connection.WebSocketUpgrader;
import io.blockroom.adapters.websocket.http.BrowserPolicy;
import io.blockroom.adapters.websocket.http.ContractFiles;
import io.blockroom.adapters.websocket.http.DirectoryUseCases;
import io.blockroom.adapters.websocket.http.FrontPage;
import io.blockroom.adapters.websocket.http.HistoryUseCases;
import io.blockroom.adapters.websocket.http.RoomApi;
import io.blockroom.adapters.websocket.http.RoomsApi;
import io.blockroom.adapters.websocket.http.UnreadableRequests;
import io.blockroom.adapters.websocket.session.Departure;
import io.blockroom.adapters.websocket.session.RoomUseCases;
import io.blockroom.adapters.websocket.session.WorkspaceEndpoint;
import io.blockroom.application.port.out.CommitLog;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.service.Attendances;
import io.blockroom.application.service.CommitService;
import io.blockroom.application.service.CompactionService;
import io.blockroom.application.service.Fencing;
import io.blockroom.application.service.IdleLocks;
import io.blockroom.application.service.LockService;
import io.blockroom.application.service.PresenceService;
import io.blockroom.application.service.RoomDirectory;
import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.application.service.RoomFeeds;
import io.blockroom.application.service.RoomHistory;
import io.blockroom.application.service.SnapshotService;
import io.blockroom.application.service.Turns;
import io.blockroom.application.service.WhereaboutsService;
import io.blockroom.bootstrap.embedded.CannotStart;
import io.blockroom.bootstrap.settings.Settings;
import io.blockroom.domain.lock.BlockLock;
import io.helidon.http.DirectHandler;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.websocket.WsRouting;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The composition root: everything that serves, wired and running. */
public final class Server implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Server.class.getName());
  private static final Duration TENDING_INTERVAL = Duration.ofMillis(500);

  /** What somebody is doing is told at most 15 times a second. */
  private static final Duration WHEREABOUTS_INTERVAL = Duration.ofMillis(67);

  private static final Duration COMPACTION_INTERVAL = Duration.ofHours(1);

  /** The others must not be overrun: no more than 50 clients a second are sent to them. */
  private static final Duration GOODBYE_EACH = Duration.ofMillis(20);

  private static final Duration SHORTEST_GOODBYE = Duration.ofSeconds(1);
  private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(10);

  /** The longest time after which a client is asked to connect anew. */
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final WebServer web;
  private volatile boolean isLeaving;

  private Server(Settings settings, Backends backends, Detours detours) {
    boolean isStarted = false;
    try {
      web = wire(settings, backends, detours);
      isStarted = true;
    } finally {
      if (!isStarted) {
        close();
      }
    }
  }

  private WebServer wire(Settings settings, Backends backends, Detours detours) {
    InstantSource clock = Clock.systemUTC();

    PostgresStorage storage = opened(PostgresStorage.start(postgres(settings, backends)));
    storage
        .durabilityWarnings()
        .forEach(each ->
            LOG.log(
                System.Logger.Level.WARNING,
                "acknowledged commits may be lost in a crash: {0}",
                each));
    RedissonCoordination coordination =
        opened(RedissonCoordination.start(redis(settings, backends)));

    CommitLog log = detours.log().apply(storage.commitLog());
    RoomBroadcast broadcast = detours.broadcast().apply(coordination.roomBroadcast());
    RandomIdentities identities = new RandomIdentities();
    ElapsedTime elapsed = new ElapsedTime();
    Attendances attendances =
        new Attendances(
            new HmacResumeTokens(storage.secret("resume-tokens", HmacResumeTokens.KEY_LENGTH)),
            clock,
            elapsed,
            settings.resume().grace());
    Fencing fencing = new Fencing(coordination.blockLocks(), storage.fences());
    ThreadFactory turnThreads = Thread.ofVirtual().name("turn-", 0).factory();
    Turns turns =
        new Turns(
            coordination.blockLocks(),
            fencing,
            coordination.blockLocks().ttl(),
            task -> turnThreads.newThread(task).start());
    RoomFeeds feeds =
        new RoomFeeds(
            coordination.seats(),
            log,
            storage.workspaces(),
            attendances,
            turns,
            settings.snapshots().askAfter());
    RoomDirectory rooms =
        new RoomDirectory(
            storage.rooms(), coordination.seats(), broadcast, defaults(settings), clock);
    PresenceService presence =
        new PresenceService(
            rooms,
            coordination.seats(),
            fencing,
            log,
            storage.workspaces(),
            feeds,
            attendances,
            identities);
    // Closed when all connections have ended: what they left stays for those who come back.
    opened(presence::depart);
    WhereaboutsService whereabouts =
        new WhereaboutsService(attendances, broadcast, settings.presence().idleAfter());
    IdleLocks idleLocks =
        new IdleLocks(
            attendances, feeds, coordination.blockLocks(), settings.locks().idleTimeout());
    LockService locks =
        new LockService(
            coordination.blockLocks(),
            fencing,
            feeds,
            turns,
            rooms,
            identities,
            elapsed,
            settings.locks().queueLength(),
            settings.locks().queueWait());
    CommitService commits =
        new CommitService(coordination.blockLocks(), fencing, log, broadcast, feeds, clock);
    SnapshotService snapshots = new SnapshotService(storage.workspaces());
    RoomHistory history =
        new RoomHistory(rooms, log, storage.workspaces(), storage.archive(), identities);
    coordination.roomBroadcast().listen(feeds);
    // Closed after the tickers: what could not be told until then gets a last try.
    opened(() -> {
      commits.tend();
      locks.tend();
    });
    opened(
        Ticker.start(
            "tending",
            TENDING_INTERVAL,
            feeds::tend,
            presence::tend,
            commits::tend,
            locks::tend,
            whereabouts::tend,
            idleLocks::tend));
    opened(Ticker.start("whereabouts", WHEREABOUTS_INTERVAL, whereabouts::tell));
    if (settings.history().keepDays() > 0) {
      CompactionService compaction =
          new CompactionService(
              storage.archive(),
              coordination.chores(),
              Duration.ofDays(settings.history().keepDays()),
              clock);
      opened(Ticker.start("compaction", COMPACTION_INTERVAL, compaction::tend));
    }

    RoomUseCases useCases =
        new RoomUseCases(
            presence,
            presence,
            presence,
            whereabouts,
            locks,
            locks,
            locks,
            locks,
            locks,
            commits,
            snapshots,
            feeds);
    WorkspaceEndpoint endpoint =
        new WorkspaceEndpoint(
            useCases, new MessageReader(), new MessageWriter(sessionLimits(settings)), clock);
    Jsonb jsonb = opened(JsonbBuilder.create());
    OriginPolicy origins = origins(settings);
    WebSocketConnections connections = opened(new WebSocketConnections(connections(settings)));

    RoomsApi api =
        new RoomsApi(
            new DirectoryUseCases(rooms, rooms, rooms, rooms, rooms, rooms, locks),
            new HistoryUseCases(history, history, history, history, history, history),
            jsonb);

    WebServer server =
        WebServer.builder()
            .host(settings.host())
            .port(settings.port())
            .shutdownHook(false)
            .connectionOptions(options -> options.tcpNoDelay(true))
            .maxPayloadSize(RoomsApi.MAX_BODY_BYTES)
            .directHandlers(unreadableRequests())
            .addConnectionSelector(
                new WebSocketUpgrader(connections, origins)
                    .connectionSelector(Http1Config.create()))
            .addRouting(
                WsRouting.builder().endpoint(WorkspaceEndpoint.PATH, endpoint::newConnection))
            .routing(routes ->
                routes
                    .addFilter(new BrowserPolicy(origins))
                    .register(RoomApi.PATH, new RoomApi(rooms, jsonb))
                    .register(RoomsApi.PATH, api)
                    .register("/health", new HealthApi(storage, coordination, () -> isLeaving))
                    .register("/", new ContractFiles())
                    .register("/", new FrontPage()))
            .build()
            .start();
    opened(server::stop);
    if (!server.isRunning()) {
      // It logs why it does not listen, but throws nothing.
      throw new CannotStart(
          "Nothing listens on port %d of %s.".formatted(settings.port(), settings.host()));
    }
    Departure departure = new Departure(connections, endpoint);
    opened(() -> leave(departure, connections, settings.drain().notice()));
    return server;
  }

  /**
   * Lets everybody go: first the balancers hear that this server is not ready, then the clients
   * that they are to connect anew, then they are closed, one after the other.
   */
  private void leave(Departure departure, WebSocketConnections connections, Duration notice)
      throws InterruptedException {
    isLeaving = true;
    TimeUnit.MILLISECONDS.sleep(notice.toMillis());
    Duration goodbye = SHORTEST_GOODBYE.plus(GOODBYE_EACH.multipliedBy(connections.open()));
    Duration within = goodbye.compareTo(LONGEST_GOODBYE) < 0 ? goodbye : LONGEST_GOODBYE;
    // At the least half of the time is for closing: nobody is closed before they were to leave.
    Duration delay = within.dividedBy(2);
    departure.begin(delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY);
    departure.finish(within);
  }

  /**
   * Starts serving on the address in the settings.
   *
   * @throws CannotStart if something is not as it must be; nothing is left running
   */
  public static Server start(Settings settings, Backends backends) {
    return start(settings, backends, Detours.NONE);
  }

  /** The same with something between the services and what they need. */
  static Server start(Settings settings, Backends backends, Detours detours) {
    try {
      return new Server(settings, backends, detours);
    } catch (UnusablePostgres
        | UnusableRedis
        | StorageUnavailable
        | CoordinationUnavailable unusable) {
      throw new CannotStart(String.valueOf(unusable.getMessage()), unusable);
    }
  }

  /** The port that is listened on. */
  public int port() {
    return web.port();
  }

  /** Says goodbye to every client, then stops everything, in the reverse order of its start. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception failure) {
        // The others must be closed all the same.
        LOG.log(
            System.Logger.Level.WARNING, "could not be closed: {0}", failure.getClass().getName());
      }
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  private static PostgresSettings postgres(Settings settings, Backends backends) {
    return PostgresSettings.of(
            backends.database().jdbc(), backends.database().user(), backends.database().password())
        .withPoolSize(settings.database().poolSize())
        .withInsecureDurability(settings.insecure().durability());
  }

  private static RedisSettings redis(Settings settings, Backends backends) {
    return new RedisSettings(
        backends.redis().topology(),
        Optional.ofNullable(backends.redis().user()),
        Optional.ofNullable(backends.redis().password()),
        backends.nodeId(),
        settings.locks().ttl());
  }

  private static RoomDefaults defaults(Settings settings) {
    return new RoomDefaults(settings.rooms().autoCreate(), settings.rooms().defaultMaxUsers());
  }

  private static SessionLimits sessionLimits(Settings settings) {
    return new SessionLimits(
        settings.limits().maxMessageBytes(),
        settings.limits().messagesPerSecond(),
        BlockLock.MOST_PER_CLIENT,
        settings.locks().ttl(),
        settings.ping().interval(),
        settings.resume().grace());
  }

  private static OriginPolicy origins(Settings settings) {
    Set<String> allowed =
        settings.origins().allowed().stream()
            .map(URI::toString)
            .collect(Collectors.toUnmodifiableSet());
    boolean isLoopback = !settings.insecure().open();
    return new OriginPolicy(allowed, isLoopback, isLoopback);
  }

  private static DirectHandlers unreadableRequests() {
    return DirectHandlers.builder()
        .addHandler(DirectHandler.EventType.BAD_REQUEST, new UnreadableRequests())
        .build();
  }

  private static ConnectionSettings connections(Settings settings) {
    ConnectionSettings usual = ConnectionSettings.defaults();
    int perSecond = settings.limits().messagesPerSecond();
    return usual
        .withInbound(
            new ConnectionSettings.Inbound(
                settings.limits().maxMessageBytes(),
                usual.inbound().maxMessageAge(),
                perSecond,
                2 * perSecond))
        .withHeartbeat(
            new ConnectionSettings.Heartbeat(
                settings.ping().interval(), usual.heartbeat().pongTimeout()));
  }
}
