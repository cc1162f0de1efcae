package io.blockroom.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.blockroom.adapters.redis.RedisSettings.Topology;
import java.util.List;
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
  void the_url_of_one_redis_is_read(
      String text, String address, @Nullable String user, @Nullable String password, int database) {
    assertThat(RedisUrl.parse(text))
        .isEqualTo(new RedisUrl(new Topology.Single(address, database), user, password));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "redis-sentinel://a#m redis://a:26379 m '' '' 0",
        "redis-sentinel://:pw@a:1,b,[::1]:3#the-master redis://a:1,redis://b:26379,redis://[::1]:3"
            + " the-master '' pw 0",
        "rediss-sentinel://ada:p%2Cw@a:1,b:2/3#m rediss://a:1,rediss://b:2 m ada p,w 3",
        "redis-sentinel://a:1/#m redis://a:1 m '' '' 0"
      })
  void the_url_of_a_redis_watched_by_sentinels_is_read(
      String text, String sentinels, String master, String user, String password, int database) {
    assertThat(RedisUrl.parse(text))
        .isEqualTo(
            new RedisUrl(
                new Topology.Sentinel(List.of(sentinels.split(",")), master, database),
                unlessEmpty(user),
                unlessEmpty(password)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "redis-cluster://a redis://a:6379 '' ''",
        "redis-cluster://:pw@a:1,b,[::1]:3 redis://a:1,redis://b:6379,redis://[::1]:3 '' pw",
        "rediss-cluster://ada:p@w@a:1,b:2 rediss://a:1,rediss://b:2 ada p@w"
      })
  void the_url_of_a_redis_cluster_is_read(String text, String nodes, String user, String password) {
    assertThat(RedisUrl.parse(text))
        .isEqualTo(
            new RedisUrl(
                new Topology.Cluster(List.of(nodes.split(","))),
                unlessEmpty(user),
                unlessEmpty(password)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://ada:s3cret@h:1/2",
        "redis-sentinel://ada:s3cret@h:1,g/2#m",
        "rediss-cluster://ada:s3cret@h:1,g"
      })
  void a_redis_url_is_shown_without_its_password(String text) {
    assertThat(RedisUrl.parse(text).toString()).contains("h:1").doesNotContain("s3cret");
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
        "redis://h/x",
        "redis://a,b",
        "redis://a#m",
        "redis-sentinel://a",
        "redis-sentinel://a#",
        "redis-sentinel://a,#m",
        "redis-sentinel://a,b:0#m",
        "redis-sentinel://#m",
        "redis-cluster://a#m",
        "redis-cluster://a/0",
        "redis-cluster://a,,b",
        "redis-replica://a"
      })
  void anything_else_is_no_redis_url(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> RedisUrl.parse(text));
  }

  private static @Nullable String unlessEmpty(String text) {
    return text.isEmpty() ? null : text;
  }
}
