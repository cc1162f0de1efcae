package io.blockroom.bootstrap.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The folder that outlives a run, held by one server at a time.
 *
 * <p>Folder and files are the owner's alone: there are passwords in it.
 */
public final class StateFolder implements AutoCloseable {

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;
  private final FileChannel lock;

  private StateFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Takes the folder, and makes it if there is none.
   *
   * @throws CannotStart when another server holds it, or it cannot be written
   */
  public static StateFolder take(Path path) {
    try {
      makePrivate(path);
      FileChannel channel =
          FileChannel.open(path.resolve("lock"), Set.of(CREATE, WRITE), OWNER_ONLY);
      if (!lock(channel)) {
        channel.close();
        throw new CannotStart(
            "Another Blockroom is using %s. Stop it, or choose another folder with --data-dir."
                .formatted(path));
      }
      return new StateFolder(path, channel);
    } catch (IOException e) {
      throw new CannotStart("The data folder %s cannot be used: %s".formatted(path, e), e);
    }
  }

  public Path path() {
    return path;
  }

  /** A folder inside, the owner's alone. */
  public Path folder(String name) {
    try {
      return makePrivate(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The node's id: made once, then always the same. */
  public String nodeId() {
    return kept("node.id", () -> HexFormat.of().formatHex(random(8)));
  }

  /** The file of a random password: made once, then always the same. */
  Path passwordFile(String name) {
    Path file = path.resolve(name + ".password");
    password(name);
    return file;
  }

  String password(String name) {
    return kept(
        name + ".password",
        () -> Base64.getUrlEncoder().withoutPadding().encodeToString(random(24)));
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String kept(String name, Supplier<String> made) {
    Path file = path.resolve(name);
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      String value = made.get();
      writePrivate(file, value + "\n");
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file that only its owner may read, whole or not at all. */
  static void writePrivate(Path file, String text) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      Files.createFile(fresh, OWNER_ONLY);
      Files.writeString(fresh, text);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path makePrivate(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return folder;
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
