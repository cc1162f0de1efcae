package io.blockroom.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresUrlTest {
  private static final String HOST = "jdbc:postgresql://db.school:5433/blocks";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          postgresql://ada:secret@db.school:5433/blocks                     | jdbc:postgresql://db.school:5433/blocks | ada | secret
          postgres://ada:secret@db.school:5433/blocks                       | jdbc:postgresql://db.school:5433/blocks | ada | secret
          jdbc:postgresql://ada:secret@db.school:5433/blocks                | jdbc:postgresql://db.school:5433/blocks | ada | secret
          jdbc:postgresql://db.school:5433/blocks?user=ada&password=secret  | jdbc:postgresql://db.school:5433/blocks | ada | secret
          postgresql://db.school:5433/blocks?password=a%26b&user=ada        | jdbc:postgresql://db.school:5433/blocks | ada | a&b
          postgresql://ada@db.school/blocks                                 | jdbc:postgresql://db.school/blocks | ada | ''
          postgresql://ada:@db.school/blocks                                | jdbc:postgresql://db.school/blocks | ada | ''
          postgresql://a%40b:p%40%3A%2F%3F%25@db.school/blocks              | jdbc:postgresql://db.school/blocks | a@b | p@:/?%
          postgresql://ada:p@ss:w+rd@db.school/blocks                       | jdbc:postgresql://db.school/blocks | ada | p@ss:w+rd
          postgresql://ada:%ED%95%9C%EA%B8%80@db.school/blocks              | jdbc:postgresql://db.school/blocks | ada | 한글
          postgresql://ada@[::1]:5433/blocks                                | jdbc:postgresql://[::1]:5433/blocks | ada | ''
          postgresql://ada@one:1,two:2/blocks?targetServerType=primary      | jdbc:postgresql://one:1,two:2/blocks?targetServerType=primary | ada | ''
          postgresql://ada@db/my%20blocks                                   | jdbc:postgresql://db/my+blocks | ada | ''
          postgresql://ada@db/blocks?sslmode=verify-full&sslrootcert=/a%20b | jdbc:postgresql://db/blocks?sslmode=verify-full&sslrootcert=%2Fa+b | ada | ''
          """)
  void a_url_is_taken_apart(String url, String jdbcUrl, String user, String password) {
    assertThat(PostgresUrl.parse(url)).isEqualTo(new PostgresUrl(jdbcUrl, user, password));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                          | does not start with postgresql://
          mysql://ada:s3cret@db/blocks                | does not start with postgresql://
          ada:s3cret@db/blocks                        | does not start with postgresql://
          jdbc:postgresql:blocks?password=s3cret      | does not start with postgresql://
          postgresql://ada:s3cret@/blocks             | no host
          postgresql://ada:s3cret@db:port/blocks      | no host
          postgresql://ada:s3/cret@db/blocks          | no host
          postgresql://ada:s3?cret@db/blocks          | no host
          postgresql://ada:s3cret@a b/blocks          | no host
          postgresql://ada:s3cret@db                  | no database name
          postgresql://ada:s3cret@db/                 | no database name
          postgresql://ada:s3cret@db?sslmode=require  | no database name
          postgresql://:s3cret@db/blocks              | no user
          postgresql://db/blocks?password=s3cret      | no user
          postgresql://ada:s3cret%@db/blocks          | a '%' is not followed
          postgresql://ada:s3cret%zz@db/blocks        | a '%' is not followed
          """)
  void a_wrong_url_is_refused_with_the_reason_but_without_its_password(String url, String reason) {
    assertThatThrownBy(() -> PostgresUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason.replace("''", "'"))
        .hasNoCause()
        .message()
        .doesNotContain("s3", "cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a+b", "a b", "ä&=?#/", "%41"})
  void a_database_name_survives_the_driver(String name) {
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    PGSimpleDataSource source = new PGSimpleDataSource();

    source.setURL(PostgresUrl.parse("postgresql://ada@db/" + encoded).jdbcUrl());

    assertThat(source.getDatabaseName()).isEqualTo(name);
  }

  @Test
  void settings_start_from_a_url_with_times_below_the_promised_5_s() {
    PostgresSettings settings =
        PostgresSettings.of("postgresql://ada:s3cret@db.school:5433/blocks");

    assertThat(settings)
        .isEqualTo(
            new PostgresSettings(
                HOST, "ada", "s3cret", 8, Duration.ofSeconds(2), Duration.ofSeconds(4), false));
  }

  @Test
  void settings_do_not_show_the_password() {
    String url = "postgresql://ada:s3cret@db.school:5433/blocks";

    assertThat(PostgresSettings.of(url).toString()).contains(HOST, "ada").doesNotContain("s3cret");
    assertThat(PostgresUrl.parse(url).toString()).contains(HOST, "ada").doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource({"0, 2000, 4000", "101, 2000, 4000", "8, 249, 4000", "8, 4000, 4000", "8, 2000, 5000"})
  void settings_that_cannot_keep_the_promises_are_refused(int pool, long acquire, long call) {
    assertThatThrownBy(() ->
            new PostgresSettings(
                HOST, "ada", "", pool, Duration.ofMillis(acquire), Duration.ofMillis(call), false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
