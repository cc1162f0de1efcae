package io.blockroom.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/** Where the person who starts the server reads what became of it. */
record Terminal(PrintStream out, PrintStream err) {

  static Terminal standard() {
    return new Terminal(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8));
  }

  void say(String text) {
    out.println(text);
  }

  void complain(String text) {
    err.println(text);
  }
}
