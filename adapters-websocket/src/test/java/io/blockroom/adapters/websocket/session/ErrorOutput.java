package io.blockroom.adapters.websocket.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the process logs and writes to its error output while this is open. */
final class ErrorOutput extends Handler implements AutoCloseable {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final SimpleFormatter formatter = new SimpleFormatter();

  ErrorOutput() {
    System.setErr(new PrintStream(written, true, UTF_8));
    Logger.getLogger("").addHandler(this);
  }

  String text() {
    return written.toString(UTF_8);
  }

  @Override
  public void publish(LogRecord line) {
    written.writeBytes(formatter.format(line).getBytes(UTF_8));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    Logger.getLogger("").removeHandler(this);
    System.setErr(before);
  }
}
