package io.blockroom.benchmarks;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * How fast commits are acknowledged, beside what the same PostgreSQL makes of single-row inserts,
 * and how long it takes to join a room with a long history.
 *
 * <p>Arguments: the server's port, and the JDBC address of its database.
 */
public final class CommitBenchmark {
  private static final Duration WARM_UP = Duration.ofSeconds(4);
  private static final Duration MEASURED = Duration.ofSeconds(10);
  private static final int ROOM_SIZE = 4;
  private static final int JOINS = 100;

  private final int port;
  private final String database;
  private final String run = Long.toString(System.currentTimeMillis(), 36);
  private final PrintStream out = System.out;

  private CommitBenchmark(int port, String database) {
    this.port = port;
    this.database = database;
  }

  /** Something that is done over and over by one thread. */
  private interface Work extends AutoCloseable {
    void once(int round) throws Exception;

    @Override
    void close() throws SQLException;
  }

  public static void main(String[] arguments) throws Exception {
    new CommitBenchmark(Integer.parseInt(arguments[0]), arguments[1]).run();
  }

  private void run() throws Exception {
    for (int clients : new int[] {1, 16, 64}) {
      report("single-row inserts", clients, repeat(clients, this::insert));
    }
    repeat(16, i -> commit(i, i / ROOM_SIZE)); // the server's code is compiled meanwhile
    for (int clients : new int[] {1, 16, 256}) {
      report(
          "commits, rooms of " + ROOM_SIZE,
          clients,
          repeat(clients, i -> commit(i, i / ROOM_SIZE)));
    }
    for (int clients : new int[] {16, 100}) {
      report("commits, one room", clients, repeat(clients, i -> commit(i, 0)));
    }
    joins(100);
    joins(1_000_000);
  }

  private void report(String what, int clients, Latencies latencies) {
    out.printf(
        Locale.ROOT,
        "%-24s %4d clients  %8.0f/s  p50 %7.2f ms  p99 %7.2f ms%n",
        what,
        clients,
        latencies.count() / (double) MEASURED.toSeconds(),
        latencies.percentile(50),
        latencies.percentile(99));
  }

  private static Latencies repeat(int clients, IntFunction<Work> works) throws Exception {
    List<Work> opened = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        opened.add(works.apply(i));
      }
      long measuredFrom = System.nanoTime() + WARM_UP.toNanos();
      List<Callable<List<Long>>> loops = new ArrayList<>();
      opened.forEach(work -> loops.add(() -> loop(work, measuredFrom)));
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> loop : threads.invokeAll(loops)) {
        all.addAll(loop.get());
      }
      return new Latencies(all);
    } finally {
      for (Work work : opened) {
        work.close();
      }
    }
  }

  private static List<Long> loop(Work work, long measuredFrom) throws Exception {
    List<Long> took = new ArrayList<>();
    long end = measuredFrom + MEASURED.toNanos();
    int round = 0;
    for (long begun = System.nanoTime(); begun < end; begun = System.nanoTime()) {
      work.once(round++);
      if (begun >= measuredFrom) {
        took.add(System.nanoTime() - begun);
      }
    }
    return took;
  }

  private Work commit(int number, int room) {
    Client client = new Client(port, "bench-" + run + "-" + room);
    return new Work() {
      @Override
      public void once(int round) {
        client.commit("block-" + number, run + "-" + number + "-" + round);
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  private Work insert(int number) {
    try {
      Connection connection = DriverManager.getConnection(database);
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE IF NOT EXISTS bench_inserts (a bigint, b text)");
      }
      PreparedStatement insert =
          connection.prepareStatement("INSERT INTO bench_inserts VALUES (?, ?)");
      return new Work() {
        @Override
        public void once(int round) throws SQLException {
          insert.setLong(1, round);
          insert.setString(2, "x".repeat(120) + number);
          insert.executeUpdate();
        }

        @Override
        public void close() throws SQLException {
          connection.close();
        }
      };
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A room of which only the last 50 commits are behind the snapshot, however many there are. */
  private void joins(int commits) throws SQLException {
    String room = "history-" + run + "-" + commits;
    new Client(port, room).close();
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO commits (room_id, seq, block_id, client_id, events, stored_at)
          SELECT '%1$s', n, 'block-' || n %% 100, 'somebody',
                 '[{"type":"move","blockId":"block-' || n %% 100 || '"}]', now()
            FROM generate_series(1, %2$d) AS n;
          UPDATE rooms SET last_seq = %2$d WHERE room_id = '%1$s';
          INSERT INTO snapshots (room_id, form, seq, xml, stored_at)
          VALUES ('%1$s', 'xml', %2$d - 50, '<xml></xml>', now());
          ANALYZE commits
          """
              .formatted(room, commits));
    }
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < JOINS; i++) {
      long begun = System.nanoTime();
      Client client = new Client(port, room);
      took.add(System.nanoTime() - begun);
      client.close();
    }
    out.printf("joining a room with %,d commits: %s%n", commits, new Latencies(took));
  }
}
