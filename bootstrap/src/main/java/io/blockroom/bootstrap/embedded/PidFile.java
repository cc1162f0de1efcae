package io.blockroom.bootstrap.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file that remembers which process serves a data folder, and on which port. */
record PidFile(Path path) {

  void write(long pid, int port) {
    StateFolder.writePrivate(path, "%d%n%d%n".formatted(pid, port));
  }

  /** The process in it, whatever that process is by now. */
  Optional<ProcessHandle> process() {
    return firstNumber().flatMap(ProcessHandle::of);
  }

  void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Long> firstNumber() {
    try {
      List<String> lines = Files.readAllLines(path);
      return Optional.of(Long.parseLong(lines.getFirst().strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | RuntimeException brokenOff) {
      // Half a file of a crashed machine: its processes are gone with it.
      return Optional.empty();
    }
  }
}
