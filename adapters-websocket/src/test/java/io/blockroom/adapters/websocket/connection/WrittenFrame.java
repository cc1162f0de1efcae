package io.blockroom.adapters.websocket.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Reads back what a frame says. */
public final class WrittenFrame {
  private WrittenFrame() {}

  /** The text of a frame. */
  public static String textOf(TextFrame frame) {
    byte[] wire = frame.counted().wire();
    int header =
        switch (wire[1]) {
          case 126 -> 4;
          case 127 -> 10;
          default -> 2;
        };
    return new String(wire, header, wire.length - header, UTF_8);
  }
}
