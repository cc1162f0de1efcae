package io.blockroom.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  @ParameterizedTest
  @CsvSource({
    "postgresql://ada:pw@db:5432/rooms, jdbc:postgresql://db:5432/rooms, ada, pw",
    "postgres://ada:pw@db/rooms, jdbc:postgresql://db/rooms, ada, pw",
    "jdbc:postgresql://db:5432/rooms?user=ada&password=pw, jdbc:postgresql://db:5432/rooms, ada, pw",
    "jdbc:postgresql://ada:pw@db/rooms?sslmode=require, jdbc:postgresql://db/rooms?sslmode=require, ada, pw",
    "postgresql://ada:p%40s+%25@db/r?a=1&b=2, jdbc:postgresql://db/r?a=1&b=2, ada, p@s+%",
    "postgresql://ada:p@w@db/r, jdbc:postgresql://db/r, ada, p@w",
    "'postgresql://ada@a:1,b:2/r', 'jdbc:postgresql://a:1,b:2/r', ada, ''",
    "postgresql://ada:pw@[::1]:5432, jdbc:postgresql://[::1]:5432/, ada, pw"
  })
  void both_forms_of_a_database_url_are_read(
      String text, String jdbc, String user, String password) {
    assertThat(DatabaseUrl.parse(text)).isEqualTo(new DatabaseUrl(jdbc, user, password));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "db", "mysql://a/b", "postgresql://", "postgresql:///x", "http://db/x"})
  void anything_else_is_no_database_url(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DatabaseUrl.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "redis://h, redis://h:6379, , , 0",
    "redis://:pw@h:1, redis://h:1, , pw, 0",
    "rediss://ada:p%3Aw@h:1/7, rediss://h:1, ada, p:w, 7",
    "redis://[::1]:1/, redis://[::1]:1, , , 0"
  })
  void a_redis_url_is_read(
      String text, String address, @Nullable String user, @Nullable String password, int database) {
    assertThat(RedisUrl.parse(text)).isEqualTo(new RedisUrl(address, user, password, database));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h:1",
        "http://h",
        "redis://",
        "redis://h:0",
        "redis://h:65536",
        "redis://h/x"
      })
  void anything_else_is_no_redis_url(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> RedisUrl.parse(text));
  }
}
