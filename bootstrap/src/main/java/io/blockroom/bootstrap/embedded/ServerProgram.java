package io.blockroom.bootstrap.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A server to run as a child, and how it is told from all other processes.
 *
 * @param name what to call it
 * @param command what to execute
 * @param port where it listens
 * @param ownFolder the argument that names its data: no other process has it
 * @param stopSignal the signal that makes it stop cleanly and soon
 */
record ServerProgram(
    String name, List<String> command, int port, Path ownFolder, StopSignal stopSignal) {

  ServerProgram {
    command = List.copyOf(command);
    if (!command.contains(ownFolder.toString())) {
      throw new IllegalArgumentException(name + " would not be recognized: " + command);
    }
  }

  /** What is sent to a server to make it stop. */
  enum StopSignal {
    /** Ends a Redis after its log is written. */
    TERMINATE {
      @Override
      void send(ProcessHandle process) {
        process.destroy();
      }
    },
    /** Makes a PostgreSQL end its sessions and stop; on the signal above it waits for them. */
    INTERRUPT {
      @Override
      void send(ProcessHandle process) {
        try {
          new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start();
        } catch (IOException e) {
          process.destroy();
        }
      }
    };

    abstract void send(ProcessHandle process);
  }
}
