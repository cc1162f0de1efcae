package io.blockroom.bootstrap.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who PostgreSQL runs as: it refuses to be root.
 *
 * <p>An ordinary user runs it plainly. Root runs it in a user namespace, where root has no name;
 * where those are forbidden, as in most containers, it becomes an unprivileged user who owns the
 * data and keeps the one right to reach it inside root's folders.
 */
final class PostgresUser {

  private static final int SECONDS = 10;
  private static final String IS_NOT_ROOT_AND_REACHES_BOTH =
      "test \"$(id -u)\" != 0 && test -x \"$0\" && test -w \"$1\"";

  private final Commands commands;
  private final String self;

  PostgresUser(Commands commands, String self) {
    this.commands = commands;
    this.self = self;
  }

  /** What to put before a command that works on the folder, whose owner may change by this. */
  List<String> prefix(Path program, Path folder) throws InterruptedException {
    if (!self.equals("root")) {
      return List.of();
    }
    List<String> namespace = List.of("unshare", "-U");
    if (owner(folder).equals("root") && works(namespace, program, folder)) {
      return namespace;
    }
    if (owner(folder).equals("root")) {
      giveToUnprivileged(folder);
    }
    List<String> other = become(folder);
    if (works(other, program, folder)) {
      return other;
    }
    throw new CannotStart(
        "PostgreSQL refuses to run as root, and this machine offers no way around it. Start Blockroom"
            + " as an ordinary user, or set DATABASE_URL.");
  }

  private boolean works(List<String> prefix, Path program, Path folder)
      throws InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of("sh", "-c", IS_NOT_ROOT_AND_REACHES_BOTH, program.toString(), folder.toString()));
    return commands.find(prefix.getFirst()).isPresent()
        && Commands.run(command, SECONDS).succeeded();
  }

  private static List<String> become(Path folder) {
    try {
      String id = Files.getAttribute(folder, "unix:uid").toString();
      return List.of(
          "setpriv",
          "--reuid=" + id,
          "--regid=" + id,
          "--clear-groups",
          // Without it access(2), which initdb asks, forgets the right below.
          "--securebits=+no_setuid_fixup",
          "--inh-caps=-all,+dac_override",
          "--ambient-caps=-all,+dac_override");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void giveToUnprivileged(Path folder) {
    try {
      UserPrincipal user = unprivileged(folder);
      try (var files = Files.walk(folder)) {
        for (Path file : files.toList()) {
          Files.setOwner(file, user);
        }
      }
    } catch (IOException e) {
      throw new CannotStart(
          "%s cannot be given to an unprivileged user: %s".formatted(folder, e), e);
    }
  }

  private static UserPrincipal unprivileged(Path folder) throws IOException {
    var users = folder.getFileSystem().getUserPrincipalLookupService();
    try {
      return users.lookupPrincipalByName("postgres");
    } catch (UserPrincipalNotFoundException e) {
      return users.lookupPrincipalByName("nobody");
    }
  }

  private static String owner(Path folder) {
    try {
      return Files.getOwner(folder).getName();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
