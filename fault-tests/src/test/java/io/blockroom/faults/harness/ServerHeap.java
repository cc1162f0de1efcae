package io.blockroom.faults.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The heap of a server in a process of its own, as the JDK's {@code jcmd} sees it. */
public final class ServerHeap {
  private static final String JCMD =
      Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();

  private ServerHeap() {}

  /** The bytes of all objects that somebody refers to; it collects the garbage first. */
  public static long live(ServerProcess server) {
    List<String> histogram = ask(server, "GC.class_histogram");
    return histogram.stream()
        .filter(line -> line.startsWith("Total"))
        .map(line -> line.strip().split("\\s+", -1))
        .map(total -> Long.parseLong(total[2]))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(String.join("\n", histogram)));
  }

  private static List<String> ask(ServerProcess server, String command) {
    try {
      Process asking =
          new ProcessBuilder(JCMD, Long.toString(server.pid()), command)
              .redirectErrorStream(true)
              .start();
      return new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
