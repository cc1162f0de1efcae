package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.StorageUnavailable;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbTransaction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
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
import java.util.stream.Stream;

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
    return await(time, () -> statements.apply(client.execute()));
  }

  /**
   * The answer of the database to statements that it carries out together or not at all, each
   * seeing what others have committed before it.
   *
   * <p>They may throw exceptions of their own: these are passed on, and nothing is changed.
   *
   * @throws IllegalArgumentException if the database refuses a value; nothing is changed
   * @throws StorageUnavailable if it does not answer in time, or cannot do what is asked of it;
   *     they may have been carried out
   */
  <T> T transact(Function<DbExecute, T> statements) {
    return await(limit, () -> transaction(statements));
  }

  /**
   * The answer to statements that read the database as it was at one moment. They hold nobody up,
   * and may pause: for somebody else who reads the same.
   */
  <T> T look(Function<DbExecute, T> statements) {
    return await(limit, () -> transaction(database -> atOneMoment(database, statements)));
  }

  private <T> T atOneMoment(DbExecute database, Function<DbExecute, T> statements) {
    database.dml(
        """
        SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
        SET LOCAL idle_in_transaction_session_timeout = %d
        """
            .formatted(limit.toMillis()));
    return statements.apply(database);
  }

  private <T> T transaction(Function<DbExecute, T> statements) {
    DbTransaction transaction = client.transaction();
    boolean isDone = false;
    try {
      T answer = statements.apply(transaction);
      isDone = true;
      transaction.commit();
      return answer;
    } catch (RuntimeException failure) {
      isDone = isDone || causes(failure).anyMatch(NoConnection.class::isInstance);
      throw failure;
    } finally {
      if (!isDone) {
        rollBack(transaction);
      }
    }
  }

  /** Also gives the connection back. */
  private static void rollBack(DbTransaction transaction) {
    try {
      transaction.rollback();
    } catch (DbClientException broken) {
      LOG.log(System.Logger.Level.DEBUG, "a transaction could not be rolled back");
    }
  }

  private <T> T await(Duration time, Callable<T> work) {
    Future<T> call = submit(work);
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

  /** What the statements themselves throw is passed on; they may run code of the caller. */
  private RuntimeException translated(ExecutionException failure) {
    if (failure.getCause() instanceof RuntimeException own && !isOfTheDatabase(own)) {
      return own;
    }
    String state = sqlState(failure);
    // Classes 22 and 23: the value itself is at fault, and would be on any other day.
    if (state.startsWith("22") || state.startsWith("23")) {
      return new IllegalArgumentException("PostgreSQL refuses the value: SQLState " + state);
    }
    noteFailure(state.isEmpty() ? "no connection" : "SQLState " + state);
    return new StorageUnavailable(failure);
  }

  private static boolean isOfTheDatabase(Throwable failure) {
    return causes(failure)
        .anyMatch(cause -> cause instanceof DbClientException || cause instanceof SQLException);
  }

  /** Says so once, not for every call until it works again. */
  private void noteFailure(String what) {
    if (!isFailing.getAndSet(true)) {
      LOG.log(System.Logger.Level.WARNING, "PostgreSQL fails: {0}", what);
    }
  }

  private static String sqlState(Throwable failure) {
    return causes(failure)
        .filter(SQLException.class::isInstance)
        .map(cause -> ((SQLException) cause).getSQLState())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.close();
  }
}
