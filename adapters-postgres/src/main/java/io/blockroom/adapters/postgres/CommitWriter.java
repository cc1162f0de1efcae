package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.RoomId;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Stores the commits of all rooms, one batch after the other: whatever has come while a batch was
 * on its way to the disk is the next one. A single commit waits for nobody; many share one
 * statement, one transaction and one flush.
 */
final class CommitWriter implements AutoCloseable {
  private static final int LARGEST_BATCH = 128;
  private static final int MOST_WAITING = 10_000;

  private final PostgresCalls calls;
  private final Duration limit;
  private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Thread thread;
  private volatile boolean isClosed;

  /** A commit and whoever waits for its number. */
  private record Waiting(RoomId room, Commit commit, CompletableFuture<SequenceNumber> number) {}

  /**
   * @param limit how long a commit may take, its wait for the batch before it included
   */
  CommitWriter(PostgresCalls calls, Duration limit) {
    this.calls = calls;
    this.limit = limit;
    this.thread = Thread.ofVirtual().name("commit-writer").start(this::work);
  }

  /**
   * Stores a commit and returns its number.
   *
   * @throws IllegalArgumentException if the room does not exist
   * @throws StorageUnavailable if it is not known to be stored in time
   */
  SequenceNumber store(RoomId room, Commit commit) {
    Waiting waiting = new Waiting(room, commit, new CompletableFuture<>());
    if (!queue.offer(waiting)) {
      throw new StorageUnavailable(new IllegalStateException("too many commits are waiting"));
    }
    if (isClosed) {
      giveUpOnAll();
    }
    try {
      return waiting.number().get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      throw rethrown(failed);
    } catch (TimeoutException late) {
      // If its batch has not begun, it is not stored.
      queue.remove(waiting);
      throw new StorageUnavailable(late);
    } catch (InterruptedException leaving) {
      queue.remove(waiting);
      Thread.currentThread().interrupt();
      throw new StorageUnavailable(leaving);
    }
  }

  @Override
  public void close() {
    isClosed = true;
    thread.interrupt();
    giveUpOnAll();
  }

  private void giveUpOnAll() {
    StorageUnavailable closed = new StorageUnavailable(new IllegalStateException("closed"));
    queue.forEach(waiting -> waiting.number().completeExceptionally(closed));
  }

  private void work() {
    List<Waiting> batch = new ArrayList<>();
    while (!isClosed) {
      batch.clear();
      try {
        batch.add(queue.take());
      } catch (InterruptedException closing) {
        return;
      }
      queue.drainTo(batch, LARGEST_BATCH - 1);
      write(batch);
    }
  }

  /** A batch that is refused because of one commit in it is tried again one by one. */
  private void write(List<Waiting> batch) {
    try {
      number(batch);
    } catch (IllegalArgumentException misuse) {
      if (batch.size() == 1) {
        batch.getFirst().number().completeExceptionally(misuse);
      } else {
        batch.forEach(each -> write(List.of(each)));
      }
    } catch (RuntimeException failure) {
      batch.forEach(each -> each.number().completeExceptionally(failure));
    }
  }

  private void number(List<Waiting> batch) {
    List<DbRow> rows = calls.answer(database -> store(database, batch));
    for (DbRow row : rows) {
      batch
          .get(row.column("n").get(Long.class).intValue() - 1)
          .number()
          .complete(new SequenceNumber(row.column("seq").get(Long.class)));
    }
    for (Waiting each : batch) {
      if (!each.number().isDone()) {
        each.number()
            .completeExceptionally(new IllegalArgumentException("no such room: " + each.room()));
      }
    }
  }

  /**
   * One statement and thereby one transaction. Rooms are locked in the order of their ids, so that
   * servers do not wait for each other in a circle; the commits of a room are numbered in the order
   * of the batch.
   */
  private static List<DbRow> store(DbExecute database, List<Waiting> batch) {
    String[] rooms = new String[batch.size()];
    Integer[] steps = new Integer[batch.size()];
    @Nullable String[] workspaces = new String[batch.size()];
    for (int i = 0; i < batch.size(); i++) {
      Commit commit = batch.get(i).commit();
      rooms[i] = batch.get(i).room().value();
      steps[i] = commit.events().isEmpty() ? 0 : 1;
      workspaces[i] = text(commit.workspace());
    }
    return database
        .query(
            """
            WITH asked AS (
              SELECT a.*,
                     sum(step) OVER (PARTITION BY room_id ORDER BY n) AS steps_so_far,
                     sum(step) OVER (PARTITION BY room_id) AS steps
                FROM unnest(CAST(? AS text[]), CAST(? AS integer[]), CAST(? AS text[]))
                     WITH ORDINALITY AS a (room_id, step, workspace_xml, n)
            ), locked AS (
              SELECT rooms.room_id, totals.steps
                FROM rooms
                JOIN (SELECT DISTINCT room_id, steps FROM asked) AS totals USING (room_id)
               ORDER BY rooms.room_id
                 FOR UPDATE OF rooms
            ), counted AS (
              UPDATE rooms
                 SET last_seq = last_seq + locked.steps
                FROM locked
               WHERE rooms.room_id = locked.room_id
              RETURNING rooms.room_id, last_seq - locked.steps AS before
            ), numbered AS (
              SELECT n, room_id, workspace_xml, before + steps_so_far AS seq
                FROM asked
                JOIN counted USING (room_id)
            ), kept AS (
              INSERT INTO workspace_snapshots AS newest (room_id, seq, workspace_xml, stored_at)
              SELECT DISTINCT ON (room_id) room_id, seq, workspace_xml, now()
                FROM numbered
               WHERE workspace_xml IS NOT NULL
               ORDER BY room_id, n DESC
              ON CONFLICT (room_id) DO UPDATE
                 SET seq = excluded.seq,
                     workspace_xml = excluded.workspace_xml,
                     stored_at = excluded.stored_at
               WHERE newest.seq <= excluded.seq
            )
            SELECT n, CAST(seq AS bigint) AS seq FROM numbered
            """,
            rooms,
            steps,
            workspaces)
        .toList();
  }

  private static @Nullable String text(Optional<WorkspaceXml> workspace) {
    return workspace.map(WorkspaceXml::text).orElse(null);
  }

  private static RuntimeException rethrown(ExecutionException failure) {
    return failure.getCause() instanceof IllegalArgumentException misuse
        ? misuse
        : new StorageUnavailable(failure);
  }
}
