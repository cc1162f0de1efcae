package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.StorageUnavailable;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbExecute;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Runs statements so that each call answers, or throws {@link StorageUnavailable}, in time whatever
 * happens to the server or the way there.
 *
 * <p>Pool and driver have timeouts of their own, but their sum is no bound (the wait for a
 * connection, its validation and every single read count anew) and a write has none: a workspace
 * that does not fit the socket's buffer would block for a quarter of an hour. So each call runs on
 * a virtual thread of its own, which is interrupted when the time is up; interrupting one that is
 * blocked in a socket closes the socket, and the pool then discards the connection.
 */
final class PostgresCalls implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PostgresCalls.class.getName());

  private final AtomicBoolean isFailing = new AtomicBoolean();
  private final DbClient client;
  private final Duration limit;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("postgres-call-", 1).factory());

  PostgresCalls(DbClient client, Duration limit) {
    this.client = client;
    this.limit = limit;
  }

  /**
   * The answer of the database to the statements.
   *
   * @throws IllegalArgumentException if the database refuses a value
   * @throws StorageUnavailable if it does not answer in time, or cannot do what is asked of it
   */
  <T> T answer(Function<DbExecute, T> statements) {
    return answerWithin(limit, statements);
  }

  <T> T answerWithin(Duration time, Function<DbExecute, T> statements) {
    Future<T> call = submit(() -> statements.apply(client.execute()));
    try {
      T answer = call.get(time.toNanos(), TimeUnit.NANOSECONDS);
      if (isFailing.getAndSet(false)) {
        LOG.log(System.Logger.Level.INFO, "PostgreSQL answers again");
      }
      return answer;
    } catch (ExecutionException failed) {
      throw translated(failed);
    } catch (TimeoutException late) {
      call.cancel(true);
      noteFailure("no answer in time");
      throw new StorageUnavailable(late);
    } catch (InterruptedException leaving) {
      call.cancel(true);
      Thread.currentThread().interrupt();
      throw new StorageUnavailable(leaving);
    }
  }

  private <T> Future<T> submit(Callable<T> call) {
    try {
      return threads.submit(call);
    } catch (RejectedExecutionException closed) {
      throw new StorageUnavailable(closed);
    }
  }

  private RuntimeException translated(ExecutionException failure) {
    if (failure.getCause() instanceof IllegalArgumentException misuse) {
      return misuse;
    }
    String state = sqlState(failure);
    // Classes 22 and 23: the value itself is at fault, and would be on any other day.
    if (state.startsWith("22") || state.startsWith("23")) {
      return new IllegalArgumentException("PostgreSQL refuses the value: SQLState " + state);
    }
    noteFailure(state.isEmpty() ? "no connection" : "SQLState " + state);
    return new StorageUnavailable(failure);
  }

  /** Says so once, not for every call until it works again. */
  private void noteFailure(String what) {
    if (!isFailing.getAndSet(true)) {
      LOG.log(System.Logger.Level.WARNING, "PostgreSQL fails: {0}", what);
    }
  }

  private static String sqlState(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "";
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.close();
  }
}
