package io.blockroom.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.logging.Level;
import java.util.logging.LogManager;

/**
 * The logs on stderr, one line each, that last until the process ends.
 *
 * <p>The stock manager takes all handlers away as soon as a shutdown begins, which is when a server
 * has most to tell.
 */
public final class LastingLogs extends LogManager {

  private volatile boolean lasting;

  /** For java.util.logging, which makes the one instance. */
  public LastingLogs() {}

  /** Lets Blockroom log from this level on, and what it is built on from warnings on. */
  static void from(System.Logger.Level level) {
    if (LogManager.getLogManager() instanceof LastingLogs logs) {
      logs.configure(
          switch (level) {
            case ERROR, OFF -> Level.SEVERE;
            case WARNING -> Level.WARNING;
            case INFO -> Level.INFO;
            case DEBUG -> Level.FINE;
            case TRACE, ALL -> Level.FINER;
          });
    }
  }

  @Override
  public void reset() {
    if (!lasting) {
      super.reset();
    }
  }

  private void configure(Level level) {
    String configuration =
        """
        handlers = java.util.logging.ConsoleHandler
        .level = WARNING
        io.blockroom.level = %s
        java.util.logging.ConsoleHandler.level = ALL
        java.util.logging.SimpleFormatter.format = %%1$tF %%1$tT.%%1$tL %%4$-7s %%3$s: %%5$s%%6$s%%n
        """
            .formatted(level.getName());
    try {
      readConfiguration(new ByteArrayInputStream(configuration.getBytes(UTF_8)));
      lasting = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
