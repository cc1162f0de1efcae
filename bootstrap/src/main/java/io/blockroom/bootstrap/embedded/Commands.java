package io.blockroom.bootstrap.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The commands this machine has.
 *
 * @param path the folders to look in, separated by colons
 */
public record Commands(String path) {

  /** How a command ended, and what it wrote on both streams. */
  record Outcome(boolean succeeded, String output) {}

  /** The program of that name. */
  Optional<Path> find(String program) {
    return Arrays.stream(path.split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Runs a command that says little; one that cannot run or does not end in time has failed. */
  static Outcome run(List<String> command, int seconds) throws InterruptedException {
    try {
      Process process = builder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!ends(process, seconds)) {
        return new Outcome(false, "not finished after " + seconds + " s");
      }
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Outcome(process.exitValue() == 0, output);
    } catch (IOException e) {
      return new Outcome(false, String.valueOf(e.getMessage()));
    }
  }

  /** Whether it ends in time; otherwise, and when the wait is interrupted, it is killed. */
  private static boolean ends(Process process, int seconds) throws InterruptedException {
    boolean isEnded = false;
    try {
      isEnded = process.waitFor(seconds, TimeUnit.SECONDS);
      return isEnded;
    } finally {
      if (!isEnded) {
        process.destroyForcibly();
      }
    }
  }

  /**
   * The command in a session of its own, under the same process id: Ctrl-C at the terminal then
   * reaches this server alone, which stops its children when it no longer needs them. macOS has no
   * setsid but Perl; with neither the child runs, only less sheltered.
   */
  List<String> detached(List<String> command) {
    List<String> detached = new ArrayList<>();
    if (find("setsid").isPresent()) {
      detached.add("setsid");
    } else if (find("perl").isPresent()) {
      detached.addAll(List.of("perl", "-MPOSIX", "-e", "POSIX::setsid(); exec {$ARGV[0]} @ARGV"));
    }
    detached.addAll(command);
    return detached;
  }

  /** A process that speaks English and knows nothing of the caller's own PostgreSQL. */
  static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    return builder;
  }
}
