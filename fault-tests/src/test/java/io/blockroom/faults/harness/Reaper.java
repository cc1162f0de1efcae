package io.blockroom.faults.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Ends the processes that a test started when the test does not any more: also when the test's own
 * process was killed.
 */
final class Reaper {
  private static final String WAIT_AND_KILL =
      "pids=; while read -r pid; do pids=\"$pids $pid\"; done; kill -9 $pids 2>/dev/null";

  private static final Process REAPER = start();

  private Reaper() {}

  /** All that this process has started so far. */
  static synchronized void watch() {
    ProcessHandle.current()
        .descendants()
        .map(ProcessHandle::pid)
        .filter(pid -> pid != REAPER.pid())
        .forEach(Reaper::tell);
  }

  private static void tell(long pid) {
    try {
      REAPER.getOutputStream().write((pid + "\n").getBytes(StandardCharsets.UTF_8));
      REAPER.getOutputStream().flush();
    } catch (IOException ended) {
      throw new UncheckedIOException(ended);
    }
  }

  private static Process start() {
    try {
      return new ProcessBuilder("sh", "-c", WAIT_AND_KILL)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
