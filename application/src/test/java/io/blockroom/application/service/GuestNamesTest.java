package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.domain.participant.Participant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are called. */
class GuestNamesTest {
  private final School.Server here = new School().server();

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "\u0007\u202E", "\u200B"})
  @DisplayName("A07: without a visible nickname one is User and digits")
  void without_a_visible_nickname_one_is_user_and_four_digits(String nickname) {
    assertThat(enter(nickname).nickname().value()).matches("User[0-9]{4}");
  }

  @Test
  void a_nickname_is_kept_as_it_was_chosen() {
    assertThat(enter("<b>민아</b>").nickname().value()).isEqualTo("<b>민아</b>");
  }

  @Test
  void two_may_have_one_name_but_never_one_id() {
    Participant one = enter("Ada");
    Participant other = enter("Ada");

    assertThat(one.nickname()).isEqualTo(other.nickname());
    assertThat(one.clientId()).isNotEqualTo(other.clientId());
  }

  private Participant enter(String nickname) {
    JoinRoom.Outcome outcome = Pupil.ofSeed(here).triesToEnter("maze", nickname);
    assertThat(outcome).isInstanceOf(JoinRoom.Outcome.Joined.class);
    return ((JoinRoom.Outcome.Joined) outcome).participant();
  }
}
