package io.blockroom.application.service;

import io.blockroom.application.port.out.Chores;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomArchive;
import io.blockroom.application.port.out.StorageUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Forgets old history that a snapshot contains; of all servers one does it at a time. */
public final class CompactionService {
  private static final String CHORE = "compaction";

  /** Commits forgotten in one step: others must get at the storage in between. */
  private static final int STEP = 5_000;

  private final RoomArchive archive;
  private final Chores chores;
  private final Duration keep;
  private final InstantSource clock;

  /**
   * @param keep how long history is kept at least
   */
  public CompactionService(RoomArchive archive, Chores chores, Duration keep, InstantSource clock) {
    this.archive = archive;
    this.chores = chores;
    this.keep = keep;
    this.clock = clock;
  }

  /** Forgets what is due, if no other server is at it. To be called now and then, by one thread. */
  public void tend() {
    try {
      chores.attempt(CHORE, this::compact);
    } catch (StorageUnavailable | CoordinationUnavailable away) {
      return; // next time
    }
  }

  private void compact() {
    Instant before = clock.instant().minus(keep);
    while (archive.compact(before, STEP) >= STEP) {
      // There is more.
    }
  }
}
