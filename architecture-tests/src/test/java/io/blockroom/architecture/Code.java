package io.blockroom.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The code that the rules are asked about: Blockroom's own, or the planted one that breaks them.
 *
 * @param root the package in which the layers lie
 * @param classes what runs in production
 * @param fakes the test code in which the in-memory twins of the adapters live
 * @param sources the Java and Lua files that {@code classes} were made of
 */
record Code(String root, JavaClasses classes, JavaClasses fakes, List<Path> sources) {
  private static final Path MODULE = Path.of("").toAbsolutePath();

  /** The directory of the whole project. */
  static final Path PROJECT = MODULE.resolve("..").normalize();

  Code {
    sources = List.copyOf(sources);
  }

  /** Blockroom itself. */
  static Code ofBlockroom() {
    String root = "io.blockroom";
    return new Code(
        root,
        imported(root, location -> !isTest(location)),
        imported(root + ".application", location -> isTest(location) && !isHere(location)),
        listed(PROJECT, "/src/main/"));
  }

  /** The planted violations. */
  static Code planted() {
    String root = "io.blockroom.architecture.planted";
    String fakes = "/planted/fakes/";
    return new Code(
        root,
        imported(root, location -> isHere(location) && !location.contains(fakes)),
        imported(root, location -> isHere(location) && location.contains(fakes)),
        listed(MODULE, "/planted/"));
  }

  String domain() {
    return root + ".domain..";
  }

  String domain(String part) {
    return root + ".domain." + part + "..";
  }

  String application() {
    return root + ".application..";
  }

  String ports() {
    return root + ".application.port..";
  }

  String inPorts() {
    return root + ".application.port.in..";
  }

  String outPorts() {
    return root + ".application.port.out..";
  }

  String services() {
    return root + ".application.service..";
  }

  String adapters() {
    return root + ".adapters..";
  }

  String websocket() {
    return root + ".adapters.websocket..";
  }

  String redis() {
    return root + ".adapters.redis..";
  }

  String postgres() {
    return root + ".adapters.postgres..";
  }

  String bootstrap() {
    return root + ".bootstrap..";
  }

  private static JavaClasses imported(String root, ImportOption which) {
    return new ClassFileImporter().withImportOption(which).importPackages(root);
  }

  /** Within a build the other modules are directories or jars, as far as it has come. */
  private static boolean isTest(Location location) {
    return location.contains("/target/test-classes/") || location.contains("-tests.jar");
  }

  private static boolean isHere(Location location) {
    return location.contains("/architecture-tests/target/");
  }

  private static List<Path> listed(Path directory, String part) {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(path -> path.toString().contains(part))
          .filter(path -> !path.toString().contains("/target/"))
          .filter(path -> path.toString().endsWith(".java") || path.toString().endsWith(".lua"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
