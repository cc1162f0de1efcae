package io.blockroom.adapters.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The scripts that read and change a room; each is one indivisible step. */
enum RoomScript {
  TAKE_SEAT,
  GIVE_UP_SEAT,
  LOOK,
  COUNT_SEATS,
  REFRESH_SEAT,
  ACQUIRE_LOCKS,
  RELEASE_LOCKS,
  RESERVE,
  END_RESERVATION,
  STOCK_TOKENS,
  BAR_GRANTS,
  ANNOUNCE_COMMITS,
  TELL,
  END_NODE;

  private final String lua = read("room") + read(name().toLowerCase(java.util.Locale.ROOT));

  String lua() {
    return lua;
  }

  private static String read(String name) {
    try (InputStream file = RoomScript.class.getResourceAsStream(name + ".lua")) {
      if (file == null) {
        throw new IllegalStateException("script is missing: " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
