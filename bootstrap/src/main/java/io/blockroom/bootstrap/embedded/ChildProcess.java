package io.blockroom.bootstrap.embedded;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A server running as a child of this process.
 *
 * <p>It survives a crash of its parent; the next start finds it by its pid file and ends it before
 * it starts a new one. A process is only ever touched if it names the data folder on its command
 * line: a pid alone may have gone to somebody else.
 */
final class ChildProcess implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(ChildProcess.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration STEP = Duration.ofMillis(20);
  private static final int TAIL_LINES = 15;

  private final ServerProgram program;
  private final Process process;
  private final PidFile pidFile;
  private final Path log;
  private volatile boolean closing;

  private ChildProcess(ServerProgram program, Process process, PidFile pidFile, Path log) {
    this.program = program;
    this.process = process;
    this.pidFile = pidFile;
    this.log = log;
  }

  /** Starts the program; whether it serves is for {@link #awaitReady}. */
  static ChildProcess start(ServerProgram program, Commands commands, PidFile pidFile, Path log) {
    try {
      if (Files.exists(log)) {
        Files.move(
            log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
      }
      StateFolder.writePrivate(log, "");
      Process process =
          Commands.builder(commands.detached(program.command()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      pidFile.write(process.pid(), program.port());
      process.getOutputStream().close();
      return new ChildProcess(program, process, pidFile, log);
    } catch (IOException e) {
      throw new CannotStart("%s cannot be started: %s".formatted(program.name(), e), e);
    }
  }

  /** Waits until the server answers; if it does not in time, it is ended again. */
  void awaitReady(BooleanSupplier answers, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    boolean ready = false;
    try {
      while (!ready) {
        if (process.waitFor(STEP.toMillis(), MILLISECONDS)) {
          throw new CannotStart(
              "%s ended with status %d while starting.%n%s"
                  .formatted(program.name(), process.exitValue(), tail()));
        }
        if (System.nanoTime() > end) {
          throw new CannotStart(
              "%s did not answer within %d s.%n%s"
                  .formatted(program.name(), limit.toSeconds(), tail()));
        }
        ready = answers.getAsBoolean();
      }
    } finally {
      if (!ready) {
        close();
      }
    }
    var _ = process.onExit().thenRun(this::noteUnexpectedEnd);
  }

  @Override
  public void close() {
    closing = true;
    end(program, process.toHandle(), ProcessHandle::isAlive);
    pidFile.delete();
  }

  /** Ends what an earlier run left behind, if the process in the pid file still is that. */
  static void endEarlier(ServerProgram program, PidFile pidFile) {
    pidFile
        .process()
        .filter(process -> serves(program, process))
        .ifPresent(process -> end(program, process));
    pidFile.delete();
  }

  /** Ends a process that an earlier run left behind. */
  static void end(ServerProgram program, ProcessHandle process) {
    LOG.log(
        System.Logger.Level.WARNING,
        "Ending the {0} that an earlier run left behind (process {1})",
        program.name(),
        Long.toString(process.pid()));
    end(program, process, still -> serves(program, still));
  }

  /** Whether the process serves the program's data; a dead one that nobody reaped does not. */
  static boolean serves(ServerProgram program, ProcessHandle process) {
    return process.isAlive() && arguments(process).contains(program.ownFolder().toString());
  }

  /** Java shows no arguments of a process under another user; Linux itself does. */
  private static List<String> arguments(ProcessHandle process) {
    try {
      Path commandLine = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      return Arrays.asList(Files.readString(commandLine).split("\0"));
    } catch (IOException notLinuxOrGone) {
      return Arrays.asList(process.info().arguments().orElse(new String[0]));
    }
  }

  private static void end(
      ServerProgram program, ProcessHandle process, Predicate<ProcessHandle> lives) {
    program.stopSignal().send(process);
    if (!isGone(process, lives)) {
      LOG.log(System.Logger.Level.WARNING, "{0} does not stop; it is killed", program.name());
      process.destroyForcibly();
      isGone(process, lives);
    }
  }

  private static boolean isGone(ProcessHandle process, Predicate<ProcessHandle> lives) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    boolean interrupted = false;
    while (lives.test(process) && System.nanoTime() < end) {
      try {
        process.onExit().get(STEP.toMillis(), MILLISECONDS);
      } catch (TimeoutException | ExecutionException stillThere) {
        // Asked again above.
      } catch (InterruptedException e) {
        // Half a stop would leave an orphan: it is finished first.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !lives.test(process);
  }

  private void noteUnexpectedEnd() {
    if (!closing) {
      LOG.log(
          System.Logger.Level.ERROR,
          "{0} ended by itself with status {1}; see {2}",
          program.name(),
          process.exitValue(),
          log);
    }
  }

  private String tail() {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      List<String> all = lines.toList();
      return all.stream()
          .skip(Math.max(0, all.size() - TAIL_LINES))
          .collect(joining("\n  ", "Its log " + log + " ends with:\n  ", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
