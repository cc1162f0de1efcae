package io.blockroom.bootstrap.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Redis server program that runs on this machine and is new enough. */
final class RedisProgram {

  private static final String NAME = "redis-server";
  private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.(\\d+)\\.");
  private static final int SECONDS = 10;

  private RedisProgram() {}

  /** The machine's own if it has a fitting one, else the one from the class path. */
  static Path find(Commands commands, ProgramCache cache) throws InterruptedException {
    Optional<Path> installed = installed(commands);
    return installed.isPresent() ? installed.get() : bundled(cache);
  }

  private static Optional<Path> installed(Commands commands) throws InterruptedException {
    for (Path program :
        Stream.of(NAME, "valkey-server").map(commands::find).flatMap(Optional::stream).toList()) {
      if (fits(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  /** The one from the class path. */
  static Path bundled(ProgramCache cache) throws InterruptedException {
    for (String name : Platform.current().redisPrograms()) {
      URL resource = RedisProgram.class.getResource("/" + name);
      if (resource != null) {
        Path program = cache.unpacked(NAME, resource, RedisProgram::unpack).resolve(NAME);
        if (fits(program)) {
          return program;
        }
      }
    }
    throw new CannotStart(
        "The Redis that comes along does not run on this machine. Install one (redis-server or"
            + " valkey-server, 6.2 or newer), or set REDIS_URL.");
  }

  private static boolean fits(Path program) throws InterruptedException {
    Commands.Outcome outcome = Commands.run(List.of(program.toString(), "--version"), SECONDS);
    Matcher version = VERSION.matcher(outcome.output());
    if (!outcome.succeeded() || !version.find()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > 6 || (major == 6 && Integer.parseInt(version.group(2)) >= 2);
  }

  private static void unpack(InputStream content, Path folder) throws IOException {
    Path program = folder.resolve(NAME);
    Files.copy(content, program);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
