package io.blockroom.bootstrap.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-amd64",
    "Linux, aarch64, linux-arm64",
    "Mac OS X, x86_64, macos-amd64",
    "Mac OS X, aarch64, macos-arm64"
  })
  void the_programs_are_chosen_by_system_and_processor(String system, String cpu, String name) {
    assertThat(Platform.of(system, cpu).name()).isEqualTo(name);
  }

  @Test
  void elsewhere_the_servers_must_be_given() {
    assertThatThrownBy(() -> Platform.of("Windows 11", "amd64"))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("DATABASE_URL");
  }

  @Test
  void every_redis_named_here_is_in_the_package_and_this_platforms_postgresql_too() {
    assertThat(Platform.known())
        .flatExtracting(Platform::redisPrograms)
        .allSatisfy(name -> assertThat(getClass().getResource("/" + name)).isNotNull());
    assertThat(EmbeddedPostgres.isPackaged()).isTrue();
  }
}
