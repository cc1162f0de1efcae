package io.blockroom.adapters.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The scripts that read and change a room; each is one indivisible step. */
enum RoomScript {
  TAKE_SEAT("view"),
  TAKE_OVER_SEAT("view"),
  CONFIRM_SEAT,
  LEAVE_BEHIND,
  GIVE_UP_SEAT,
  LOOK("view"),
  COUNT_SEATS,
  ACQUIRE_LOCKS("limit"),
  RELEASE_LOCKS,
  LEAVE_LINE,
  ADVANCE,
  HAND_OVER("limit"),
  END_IDLE,
  FORCE,
  RESERVE,
  END_RESERVATION("reservation"),
  STOCK_TOKENS,
  BAR_GRANTS,
  ANNOUNCE_COMMITS("reservation"),
  TELL,
  SHOW_PRESENCE,
  END_NODE;

  private final String lua;

  /**
   * @param parts what it needs besides what all need
   */
  RoomScript(String... parts) {
    String needed = Stream.of(parts).map(RoomScript::read).collect(Collectors.joining());
    lua = read("room") + needed + read(name().toLowerCase(Locale.ROOT));
  }

  String lua() {
    return lua;
  }

  static String read(String name) {
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
