package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.CommitLog.AppendOutcome;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.Proposal;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Stores the commits of all rooms, one batch after the other: whatever has come while a batch was
 * on its way to the disk is the next one. A single commit waits for nobody; many share one
 * transaction and one flush.
 */
final class CommitWriter implements AutoCloseable {
  private static final int MOST_COMMITS = 256;

  /** UTF-16 units of events and workspaces in a batch, unless a single group has more. */
  private static final int LARGEST_BATCH = 1 << 22;

  private static final int MOST_WAITING = 10_000;

  private final PostgresCalls calls;
  private final Duration limit;
  private final LinkedBlockingDeque<Waiting> queue = new LinkedBlockingDeque<>(MOST_WAITING);
  private final Thread thread;
  private volatile boolean isClosed;

  /** Commits of one room, and whoever waits for what becomes of them. */
  private record Waiting(
      RoomId room, List<Proposal> proposals, CompletableFuture<List<AppendOutcome>> outcomes) {
    Waiting {
      proposals = List.copyOf(proposals);
    }

    int size() {
      return proposals.stream().map(Proposal::commit).mapToInt(Waiting::size).sum();
    }

    private static int size(Commit commit) {
      return commit.events().json().length()
          + commit.workspace().map(WorkspaceXml::text).map(String::length).orElse(0);
    }
  }

  /**
   * @param limit how long commits may take, their wait for the batch before them included
   */
  CommitWriter(PostgresCalls calls, Duration limit) {
    this.calls = calls;
    this.limit = limit;
    this.thread = Thread.ofVirtual().name("commit-writer").start(this::work);
  }

  /**
   * Stores commits of one room and returns what became of each.
   *
   * @throws IllegalArgumentException if the database refuses a value of one of them; none is stored
   * @throws StorageUnavailable if they are not known to be stored in time
   */
  List<AppendOutcome> store(RoomId room, List<Proposal> proposals) {
    Waiting waiting = new Waiting(room, proposals, new CompletableFuture<>());
    if (!queue.offer(waiting)) {
      throw new StorageUnavailable(new IllegalStateException("too many commits are waiting"));
    }
    if (isClosed) {
      giveUpOnAll();
    }
    try {
      return waiting.outcomes().get(limit.toNanos(), TimeUnit.NANOSECONDS);
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

  /** How many groups of commits wait for the batch before theirs. */
  int waiting() {
    return queue.size();
  }

  @Override
  public void close() {
    isClosed = true;
    thread.interrupt();
    giveUpOnAll();
  }

  private void giveUpOnAll() {
    StorageUnavailable closed = new StorageUnavailable(new IllegalStateException("closed"));
    queue.forEach(waiting -> waiting.outcomes().completeExceptionally(closed));
  }

  private void work() {
    while (!isClosed) {
      try {
        write(nextBatch());
      } catch (InterruptedException closing) {
        return;
      }
    }
  }

  private List<Waiting> nextBatch() throws InterruptedException {
    List<Waiting> batch = new ArrayList<>();
    Waiting first = queue.take();
    batch.add(first);
    int commits = first.proposals().size();
    int size = first.size();
    for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
      commits += next.proposals().size();
      size += next.size();
      if (commits > MOST_COMMITS || size > LARGEST_BATCH) {
        if (!queue.offerFirst(next)) {
          batch.add(next); // others have filled the queue meanwhile
        }
        break;
      }
      batch.add(next);
    }
    return batch;
  }

  /** A batch that is refused because of one group in it is tried again group by group. */
  private void write(List<Waiting> batch) {
    try {
      List<CommitBatch.Group> groups =
          batch.stream().map(each -> new CommitBatch.Group(each.room(), each.proposals())).toList();
      List<List<AppendOutcome>> outcomes =
          calls.transact(database -> new CommitBatch(database, groups).store());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).outcomes().complete(outcomes.get(i));
      }
    } catch (IllegalArgumentException misuse) {
      if (batch.size() == 1) {
        batch.getFirst().outcomes().completeExceptionally(misuse);
      } else {
        batch.forEach(each -> write(List.of(each)));
      }
    } catch (RuntimeException failure) {
      batch.forEach(each -> each.outcomes().completeExceptionally(failure));
    }
  }

  private static RuntimeException rethrown(ExecutionException failure) {
    return failure.getCause() instanceof IllegalArgumentException misuse
        ? misuse
        : new StorageUnavailable(failure);
  }
}
