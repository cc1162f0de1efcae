package io.blockroom.bootstrap;

import io.blockroom.application.port.out.CommitLog;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.bootstrap.settings.SettingsReader;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.Proposal;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * A server process that stops at a point of each commit whose name begins with {@code doomed}, says
 * {@code stopped NAME} for each, and goes on with all of them when something is written to it. It
 * is not part of what is released.
 */
public final class StoppingServer {
  /** Where a doomed commit stops. */
  public enum Point {
    /** Its blocks are reserved; it is not stored. */
    BEFORE_STORING,
    /** It is stored; nobody was told. */
    AFTER_STORING,
    /** Everybody was told; its author has no answer. */
    AFTER_TELLING,
    /** Nowhere. */
    NOWHERE
  }

  private static final String DOOMED = "doomed";

  private final PrintStream out;
  private final CountDownLatch goOn = new CountDownLatch(1);

  private StoppingServer(PrintStream out) {
    this.out = out;
  }

  /**
   * @param arguments the point, then flags
   */
  public static void main(String[] arguments) throws Exception {
    new StoppingServer(System.out)
        .run(Point.valueOf(arguments[0]), Arrays.asList(arguments).subList(1, arguments.length));
  }

  private void run(Point point, List<String> flags) throws Exception {
    var settings = SettingsReader.read(flags, Map.of(), Path.of(""));
    Backends backends = Backends.start(settings, System.getenv());
    Server server =
        Server.start(
            settings,
            backends,
            new Detours(
                log -> new StoppingLog(point, log), all -> new StoppingTelling(point, all)));
    say("port " + server.port());
    if (System.in.read() >= 0) {
      goOn.countDown();
    }
    while (System.in.read() >= 0) {
      // nothing else is said to it
    }
    // Whoever started it is gone.
    Runtime.getRuntime().halt(1);
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  private static Optional<CommitId> doomed(Optional<CommitId> id) {
    return id.filter(name -> name.value().startsWith(DOOMED));
  }

  private void stop(Optional<CommitId> id) {
    if (doomed(id).isEmpty()) {
      return;
    }
    say("stopped " + id.get());
    try {
      goOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class StoppingLog implements CommitLog {
    private final Point point;
    private final CommitLog log;

    StoppingLog(Point point, CommitLog log) {
      this.point = point;
      this.log = log;
    }

    @Override
    public List<AppendOutcome> append(RoomId room, List<Proposal> proposals) {
      if (point == Point.BEFORE_STORING) {
        proposals.forEach(each -> stop(each.commit().id()));
      }
      List<AppendOutcome> outcomes = log.append(room, proposals);
      for (int i = 0; i < proposals.size(); i++) {
        AppendOutcome outcome = outcomes.get(i);
        doomed(proposals.get(i).commit().id())
            .ifPresent(
                name -> say("judged %s %s".formatted(name, outcome.getClass().getSimpleName())));
      }
      if (point == Point.AFTER_STORING) {
        proposals.forEach(each -> stop(each.commit().id()));
      }
      return outcomes;
    }

    @Override
    public Excerpt read(RoomId room, SequenceNumber after, int limit) {
      return log.read(room, after, limit);
    }

    @Override
    public Map<CommitId, LoggedCommit> find(RoomId room, Set<CommitId> ids) {
      return log.find(room, ids);
    }

    @Override
    public Map<RoomId, SequenceNumber> last(Set<RoomId> rooms) {
      return log.last(rooms);
    }
  }

  private final class StoppingTelling implements RoomBroadcast {
    private final Point point;
    private final RoomBroadcast broadcast;

    StoppingTelling(Point point, RoomBroadcast broadcast) {
      this.point = point;
      this.broadcast = broadcast;
    }

    @Override
    public Revision announce(RoomId room, List<Announcement> announcements) {
      Revision revision = broadcast.announce(room, announcements);
      if (point == Point.AFTER_TELLING) {
        announcements.forEach(each -> stop(each.commit().id()));
      }
      return revision;
    }

    @Override
    public void tell(RoomId room, RoomEvent event) {
      broadcast.tell(room, event);
    }

    @Override
    public void showPresence(Map<RoomId, Map<ClientId, Presence>> news) {
      broadcast.showPresence(news);
    }

    @Override
    public void listen(Listener listener) {
      broadcast.listen(listener);
    }
  }
}
