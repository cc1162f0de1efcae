package io.blockroom.domain.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketTest {
  @Test
  void a_ticket_reads_as_its_value() {
    assertThat(new Ticket("018f-Ab")).hasToString("018f-Ab");
    assertThat(new Ticket("a".repeat(64)).value()).hasSize(64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\n", "글", "a_b", "a:b"})
  void a_ticket_is_of_letters_digits_and_hyphens(String value) {
    assertThatThrownBy(() -> new Ticket(value)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_ticket_has_at_most_64_characters() {
    assertThatThrownBy(() -> new Ticket("a".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
