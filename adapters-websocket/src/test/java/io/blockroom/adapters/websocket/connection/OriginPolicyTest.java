package io.blockroom.adapters.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.adapters.websocket.connection.OriginPolicy.Verdict;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A19 Origin and Host")
class OriginPolicyTest {

  private static final OriginPolicy ANYWHERE = new OriginPolicy(Set.of(), false, false);
  private static final OriginPolicy LOOPBACK = new OriginPolicy(Set.of(), true, true);

  @ParameterizedTest
  @CsvSource({
    "localhost:8000, http://localhost:8000",
    "localhost:8000, HTTP://LOCALHOST:8000",
    "LocalHost:8000, http://localhost:8000",
    "localhost:8000, https://localhost:8000",
    "school.example, https://school.example",
    "school.example, http://school.example",
    "school.example, https://school.example:443",
    "school.example:443, https://school.example",
    "school.example:80, http://school.example",
    "[::1]:8000, http://[::1]:8000",
    "127.0.0.1:8000, http://127.0.0.1:8000"
  })
  void a_page_of_the_same_host_is_allowed(String host, String origin) {
    assertThat(ANYWHERE.check(Optional.of(host), Optional.of(origin))).isEqualTo(Verdict.ALLOWED);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8000, https://evil.example",
    "localhost:8000, null",
    "localhost:8000, ''",
    "localhost:8000, http://localhost:8000.evil.com",
    "localhost:8000, http://localhost.evil.com:8000",
    "localhost:8000, http://evil.com/localhost:8000",
    "localhost:8000, http://localhost:8000/",
    "localhost:8000, http://localhost:8000@evil.com",
    "localhost:8000, http://user@localhost:8000",
    "localhost:8000, http://user:secret@localhost:8000",
    "localhost:8000, http://localhost:8001",
    "localhost:8000, http://localhost",
    "localhost:8000, http://127.0.0.1:8000",
    "localhost:8000, file://localhost:8000",
    "localhost:8000, http://localhost:8000 http://evil.com",
    "localhost:8000, http://localhost:999999",
    "localhost:8000, http://xlocalhost:8000",
    "school.example:80, https://school.example",
    "school.example, http://school.example:443"
  })
  void a_foreign_page_is_refused(String host, String origin) {
    assertThat(ANYWHERE.check(Optional.of(host), Optional.of(origin)))
        .isEqualTo(Verdict.FOREIGN_ORIGIN);
  }

  @Test
  void a_listed_origin_is_allowed_in_any_case_and_with_its_default_port() {
    OriginPolicy policy =
        new OriginPolicy(Set.of("https://School.Example", "http://localhost:5173"), false, false);

    assertThat(policy.check(Optional.of("api.example"), Optional.of("https://school.example:443")))
        .isEqualTo(Verdict.ALLOWED);
    assertThat(policy.check(Optional.of("api.example"), Optional.of("http://LOCALHOST:5173")))
        .isEqualTo(Verdict.ALLOWED);
    assertThat(policy.check(Optional.of("api.example"), Optional.of("http://school.example")))
        .isEqualTo(Verdict.FOREIGN_ORIGIN);
  }

  @Test
  void an_absent_origin_is_a_matter_of_the_setting() {
    assertThat(ANYWHERE.check(Optional.of("school.example"), Optional.empty()))
        .isEqualTo(Verdict.MISSING_ORIGIN);
    assertThat(LOOPBACK.check(Optional.of("localhost:8000"), Optional.empty()))
        .isEqualTo(Verdict.ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8000",
        "127.0.0.1",
        "127.1.2.3:8000",
        "127.255.255.255",
        "[::1]",
        "[::1]:8000"
      })
  void a_loopback_server_answers_to_loopback_names(String host) {
    assertThat(LOOPBACK.check(Optional.of(host), Optional.empty())).isEqualTo(Verdict.ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.com",
        "evil.com:8000",
        "localhost.evil.com",
        "127.0.0.1.evil.com",
        "127.0.0.256",
        "127.0.0",
        "127.1",
        "128.0.0.1",
        "0.0.0.0",
        "localhost@evil.com",
        "user@localhost",
        "localhost:",
        "localhost:80:80",
        "[::2]",
        "[::1]x",
        "",
        "local host"
      })
  void a_loopback_server_answers_to_no_other_name(String host) {
    assertThat(LOOPBACK.check(Optional.of(host), Optional.empty())).isEqualTo(Verdict.FOREIGN_HOST);
    assertThat(LOOPBACK.check(Optional.of(host), Optional.of("http://" + host)))
        .isEqualTo(Verdict.FOREIGN_HOST);
  }

  @Test
  void a_request_without_a_host_is_refused() {
    assertThat(ANYWHERE.check(Optional.empty(), Optional.of("http://localhost")))
        .isEqualTo(Verdict.FOREIGN_HOST);
  }

  @Test
  void a_setting_that_is_no_origin_is_named() {
    assertThatThrownBy(() -> new OriginPolicy(Set.of("https://school.example/path"), false, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https://school.example/path");
  }
}
