package io.blockroom.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresSettingsTest {
  private static final String HOST = "jdbc:postgresql://db.school:5433/blocks";

  @Test
  void start_with_times_below_the_promised_5_s() {
    assertThat(PostgresSettings.of(HOST, "ada", "s3cret"))
        .isEqualTo(
            new PostgresSettings(
                HOST,
                "ada",
                "s3cret",
                8,
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(60),
                false));
  }

  @Test
  void do_not_show_the_password() {
    assertThat(PostgresSettings.of(HOST, "ada", "s3cret").toString())
        .contains(HOST, "ada")
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2000, 3000, 60000",
    "101, 2000, 3000, 60000",
    "8, 249, 3000, 60000",
    "8, 4000, 4000, 60000",
    "8, 2000, 5000, 60000",
    "8, 2000, 3000, 2999",
    "8, 2000, 3000, 60001"
  })
  void that_cannot_keep_the_promises_are_refused(int pool, long acquire, long call, long archive) {
    assertThatThrownBy(() ->
            new PostgresSettings(
                HOST,
                "ada",
                "",
                pool,
                Duration.ofMillis(acquire),
                Duration.ofMillis(call),
                Duration.ofMillis(archive),
                false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
