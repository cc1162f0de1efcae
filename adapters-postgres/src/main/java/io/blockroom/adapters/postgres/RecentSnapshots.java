package io.blockroom.adapters.postgres;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.time.Duration;
import java.util.function.Function;

/**
 * The snapshots that were read last, so that each is read once when a whole class comes in. A
 * version of a row never changes: what is kept here is not out of date, at the worst it is not
 * asked for any more.
 */
final class RecentSnapshots {
  /** UTF-16 units, at most two bytes each. */
  private static final long MOST_TEXT = 1 << 25;

  private static final Duration UNUSED = Duration.ofMinutes(1);

  private final Cache<Version, WorkspaceSnapshot> snapshots =
      Caffeine.newBuilder()
          .maximumWeight(MOST_TEXT)
          .<Version, WorkspaceSnapshot>weigher((version, snapshot) -> weight(snapshot))
          .expireAfterAccess(UNUSED)
          .scheduler(Scheduler.systemScheduler())
          .executor(Runnable::run)
          .build();

  /**
   * A version of a snapshot's row.
   *
   * @param writing which transaction wrote it (PostgreSQL's {@code xmin}), and when: a database
   *     that lost its last commits counts some transactions twice
   */
  record Version(RoomId room, String form, SequenceNumber seq, String writing) {}

  /** What is in that version; who wants it while it is being read waits for that. */
  WorkspaceSnapshot get(Version version, Function<Version, WorkspaceSnapshot> read) {
    return snapshots.get(version, read);
  }

  private static int weight(WorkspaceSnapshot snapshot) {
    return 100
        + snapshot.xml().map(WorkspaceXml::text).map(String::length).orElse(0)
        + snapshot.state().map(WorkspaceState::json).map(String::length).orElse(0);
  }
}
