package io.blockroom.bootstrap.embedded;

import java.util.List;
import java.util.Locale;

/**
 * The kind of machine this is, and the server programs that run on it.
 *
 * @param postgresArchive the resource with PostgreSQL's programs
 * @param redisPrograms the resources with Redis, the better choice first
 */
record Platform(String name, String postgresArchive, List<String> redisPrograms) {

  Platform {
    redisPrograms = List.copyOf(redisPrograms);
  }

  private static final List<Platform> KNOWN =
      List.of(
          new Platform(
              "linux-amd64",
              "postgres-linux-x86_64.txz",
              // The second one is static: it runs where the first one's OpenSSL 3 is missing.
              List.of("redis-server-6.2.6-v5-linux-amd64", "redis-server-6.2.7-linux-386")),
          new Platform(
              "linux-arm64",
              "postgres-linux-arm_64.txz",
              List.of("redis-server-6.2.7-linux-arm64")),
          new Platform(
              "macos-amd64",
              "postgres-darwin-x86_64.txz",
              List.of("redis-server-6.2.6-v5-darwin-amd64")),
          new Platform(
              "macos-arm64",
              "postgres-darwin-arm_64.txz",
              List.of("redis-server-6.2.6-v5-darwin-arm64")));

  /** All platforms that have embedded servers. */
  static List<Platform> known() {
    return KNOWN;
  }

  /** The platform this runs on. */
  static Platform current() {
    return of(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static Platform of(String system, String architecture) {
    String os =
        system.toLowerCase(Locale.ROOT).startsWith("mac")
            ? "macos"
            : system.toLowerCase(Locale.ROOT);
    String cpu =
        switch (architecture) {
          case "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          default -> architecture;
        };
    return KNOWN.stream()
        .filter(platform -> platform.name().equals(os + "-" + cpu))
        .findFirst()
        .orElseThrow(() ->
            new CannotStart(
                "There is no embedded PostgreSQL and Redis for %s on %s; set DATABASE_URL and REDIS_URL."
                    .formatted(system, architecture)));
  }
}
