package io.blockroom.adapters.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void a_burst_is_free_and_then_each_one_waits_its_turn() {
    RateLimit limit = new RateLimit(300, 600, 0);
    for (int i = 0; i < 600; i++) {
      assertThat(limit.takesAtOnce()).isTrue();
    }

    assertThat(limit.takesAtOnce()).isFalse();
    assertThat(limit.take(0)).isBetween(SECOND / 300 - 1, SECOND / 300 + 1);
  }

  @Test
  void after_a_rest_the_burst_is_back_and_no_more() {
    RateLimit limit = new RateLimit(300, 600, 0);
    for (int i = 0; i < 600; i++) {
      assertThat(limit.takesAtOnce()).isTrue();
    }

    assertThat(limit.take(60 * SECOND)).isZero();
    int free = 1;
    while (limit.takesAtOnce()) {
      free++;
    }
    assertThat(free).isEqualTo(600);
  }

  @Test
  void a_flood_gets_its_rate() {
    RateLimit limit = new RateLimit(300, 600, 0);
    long now = 0;
    int taken = 0;
    while (now < 10 * SECOND) {
      if (!limit.takesAtOnce()) {
        now += limit.take(now);
      }
      taken++;
    }

    assertThat(taken).isBetween(3590, 3610);
  }
}
