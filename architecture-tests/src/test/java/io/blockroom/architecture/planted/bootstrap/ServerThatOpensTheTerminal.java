package io.blockroom.architecture.planted.bootstrap;

import java.io.FileDescriptor;

/** Prints past the stream that everybody knows. */
public final class ServerThatOpensTheTerminal {
  public Object terminal() {
    return FileDescriptor.out;
  }
}
