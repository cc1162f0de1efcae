package io.blockroom.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What a server costs on which nothing happens: with nobody, with 10,000 locks that are held, and
 * with 10,000 connections, each in a room of its own. Linux only: it reads {@code /proc}.
 */
public final class IdleBenchmark {
  private static final Duration WATCHED = Duration.ofSeconds(30);
  private static final Duration SETTLING = Duration.ofSeconds(15);
  private static final int ROOMS_WITH_LOCKS = 100;
  private static final int LOCKS_PER_ROOM = 100;
  private static final int IDLE = 10_000;
  private static final int AT_ONCE = 32;

  /** A clock tick of Linux, in which it counts processor time. */
  private static final Duration TICK = Duration.ofMillis(10);

  private final PrintStream out = System.out;
  private final int port;
  private final long server;
  private final long redis;

  private IdleBenchmark(int port, long server, long redis) {
    this.port = port;
    this.server = server;
    this.redis = redis;
  }

  /** Arguments: the server's port, its process id, that of its Redis. */
  public static void main(String[] arguments) throws Exception {
    new IdleBenchmark(
            Integer.parseInt(arguments[0]),
            Long.parseLong(arguments[1]),
            Long.parseLong(arguments[2]))
        .run();
  }

  private void run() throws Exception {
    say("| | server CPU % | Redis CPU % | server RSS MB | threads |");
    say("|---|---|---|---|---|");
    watch("nobody");
    List<Client> clients = open(ROOMS_WITH_LOCKS, "held-%d"::formatted);
    for (Client client : clients) {
      client.lock(IntStream.range(0, LOCKS_PER_ROOM).mapToObj(n -> "b" + n).toList());
    }
    watch("10,000 locks held in 100 rooms");
    clients.forEach(Client::close);
    List<Client> idle = open(IDLE, "idle-%d"::formatted);
    watch("10,000 connections, each in a room of its own");
    idle.forEach(Client::close);
  }

  private List<Client> open(int number, IntFunction<String> rooms) throws Exception {
    try (ExecutorService opening = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Client>> all = new ArrayList<>();
      for (int n = 0; n < number; n++) {
        String room = rooms.apply(n);
        all.add(opening.submit(() -> new Client(port, room)));
      }
      List<Client> clients = new ArrayList<>();
      for (Future<Client> each : all) {
        clients.add(each.get());
      }
      return clients;
    }
  }

  private void watch(String what) throws Exception {
    pass(SETTLING);
    long serverBefore = ticks(server);
    long redisBefore = ticks(redis);
    pass(WATCHED);
    say(
        "| %s | %.1f | %.1f | %s | %s |"
            .formatted(
                what,
                percent(ticks(server) - serverBefore),
                percent(ticks(redis) - redisBefore),
                Long.parseLong(status(server, "VmRSS").split(" ", 2)[0]) / 1024,
                status(server, "Threads")));
  }

  private static double percent(long ticks) {
    return 100.0 * ticks * TICK.toMillis() / WATCHED.toMillis();
  }

  /** Processor time of a process, user and system. */
  private static long ticks(long process) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static String status(long process, String field) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process), "status")).stream()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  private static void pass(Duration time) throws InterruptedException {
    var _ = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void say(String line) {
    out.println(line);
  }
}
