package io.blockroom.bootstrap.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The user's folder of unpacked server programs, shared by all data folders.
 *
 * <p>Each lies under the hash of what it was unpacked from, so a new version never meets an old
 * one's files, and appears under that name only when it is complete.
 */
final class ProgramCache {

  /** Puts the content of a resource into a folder. */
  interface Unpacking {
    void unpack(InputStream content, Path folder) throws IOException;
  }

  private final Path folder;

  ProgramCache(Path folder) {
    this.folder = folder;
  }

  /** The cache in the user's home; where there is no home to write to, in the data folder. */
  static ProgramCache ofUser(Map<String, String> environment, StateFolder state) {
    String configured = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path home = Path.of(System.getProperty("user.home", ""));
    Path caches = configured.isEmpty() ? home.resolve(".cache") : Path.of(configured);
    Path folder = caches.resolve("blockroom");
    try {
      StateFolder.makePrivate(folder);
      if (Files.isWritable(folder) && folder.isAbsolute()) {
        return new ProgramCache(folder);
      }
    } catch (IOException notThere) {
      // The data folder it is.
    }
    return new ProgramCache(state.folder("programs"));
  }

  /** The folder of the unpacked resource, unpacked now if it never was. */
  Path unpacked(String name, URL resource, Unpacking unpacking) {
    try {
      Path target = folder.resolve(name + "-" + hash(resource));
      if (Files.isDirectory(target)) {
        return target;
      }
      try (FileChannel channel = FileChannel.open(folder.resolve("lock"), CREATE, WRITE);
          FileLock held = channel.lock();
          InputStream content = resource.openStream()) {
        if (held.isValid() && !Files.isDirectory(target)) {
          Path partial = folder.resolve(name + ".partial");
          delete(partial);
          Files.createDirectory(partial);
          unpacking.unpack(content, partial);
          Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String hash(URL resource) throws IOException {
    try (DigestInputStream content =
        new DigestInputStream(resource.openStream(), MessageDigest.getInstance("SHA-256"))) {
      content.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(content.getMessageDigest().digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
