package io.blockroom.adapters.websocket.connection;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts virtual threads, which only a thread dump shows. */
final class LiveThreads {

  private LiveThreads() {}

  static long named(String part) throws IOException {
    Path folder = Files.createTempDirectory("threads");
    Path dump = folder.resolve("dump.txt");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
      try (var lines = Files.lines(dump)) {
        return lines.filter(line -> line.startsWith("#") && line.contains(part)).count();
      }
    } finally {
      Files.deleteIfExists(dump);
      Files.deleteIfExists(folder);
    }
  }
}
