package io.blockroom.bootstrap.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {

  @TempDir private Path folder;

  @Test
  void a_folder_in_use_is_refused_and_free_again_after_close() {
    Path path = folder.resolve("data");
    try (StateFolder held = StateFolder.take(path)) {
      assertThat(held.path()).isEqualTo(path);
      assertThatThrownBy(() -> StateFolder.take(path))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("Another Blockroom is using " + path);
    }

    StateFolder.take(path).close();
  }

  @Test
  void what_is_made_once_stays_the_same() {
    Path path = folder.resolve("data");
    String nodeId;
    String password;
    try (StateFolder first = StateFolder.take(path)) {
      nodeId = first.nodeId();
      password = first.password("redis");
    }

    try (StateFolder second = StateFolder.take(path)) {
      assertThat(second.nodeId()).isEqualTo(nodeId).matches("[0-9a-f]{16}");
      assertThat(second.password("redis")).isEqualTo(password).hasSize(32);
      assertThat(second.password("postgres")).isNotEqualTo(password);
    }
  }

  @Test
  void only_the_owner_sees_what_is_inside() throws Exception {
    Path path = folder.resolve("data");
    try (StateFolder state = StateFolder.take(path)) {
      state.nodeId();
      state.password("redis");
      state.folder("log");
    }

    assertThat(mode(path)).isEqualTo("rwx------");
    assertThat(mode(path.resolve("log"))).isEqualTo("rwx------");
    assertThat(mode(path.resolve("lock"))).isEqualTo("rw-------");
    assertThat(mode(path.resolve("node.id"))).isEqualTo("rw-------");
    assertThat(mode(path.resolve("redis.password"))).isEqualTo("rw-------");
  }

  @Test
  void a_file_where_the_folder_should_be_is_told() throws Exception {
    Path path = Files.createFile(folder.resolve("data"));

    assertThatThrownBy(() -> StateFolder.take(path))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining(path.toString());
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
