package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Cursor;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.presence.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the others see of what Ada is doing (G6). */
class WhereaboutsTest {
  private static final BlockId LOOP = new BlockId("loop[%]");

  private final School school = new School();
  private final School.Server here = school.server();
  private final School.Server there = school.server();
  private final Pupil ada = here.seatOfV1("maze", "Ada");
  private final Pupil bob = there.seatOfV1("maze", "Bob");

  @Test
  void what_she_says_is_told_on_every_server() {
    here.whereabouts.show(ada.seat(), pointing(3));

    here.whereabouts.tell();

    assertThat(bob.sees()).isEqualTo(Map.of(ada.id(), pointing(3)));
  }

  @Test
  @DisplayName("A13: of what she says in quick succession only the last is told")
  void of_what_she_says_in_quick_succession_only_the_last_is_told() {
    AtomicInteger broadcasts = new AtomicInteger();
    School.Server counting =
        school.server(ports ->
            ports.withBroadcast(
                Detour.of(
                    RoomBroadcast.class,
                    ports.broadcast(),
                    step -> {
                      broadcasts.incrementAndGet();
                      return step.get();
                    })));
    Pupil cat = counting.seatOfV1("maze", "Cat");
    broadcasts.set(0);
    for (int n = 0; n < 10_000; n++) {
      counting.whereabouts.show(cat.seat(), pointing(n));
    }

    counting.whereabouts.tell();
    counting.whereabouts.tell();

    assertThat(broadcasts).hasValue(1);
    assertThat(bob.sees()).containsEntry(cat.id(), pointing(9_999));
  }

  @Test
  void what_is_no_news_is_not_told() {
    here.whereabouts.show(ada.seat(), Presence.UNKNOWN);
    here.tendOnce();

    assertThat(bob.sees()).isEmpty();
  }

  @Test
  void whoever_comes_later_sees_what_she_said_last() {
    here.whereabouts.show(ada.seat(), pointing(3));
    here.whereabouts.tell();

    Pupil cat = there.seatOfV1("maze", "Cat");

    assertThat(cat.lastState().presence()).isEqualTo(Map.of(ada.id(), pointing(3)));
  }

  @Test
  void whoever_does_nothing_for_a_while_is_idle_until_they_do_something() {
    here.whereabouts.show(ada.seat(), pointing(3));
    school.clock.advance(School.IDLE_AFTER);
    here.tendOnce();
    assertThat(bob.sees()).containsEntry(ada.id(), pointing(3).withStatus(Status.IDLE));

    ada.asksFor(LOOP);
    here.tendOnce();

    assertThat(bob.sees()).containsEntry(ada.id(), pointing(3));
  }

  @Test
  void signs_of_life_are_no_deeds() {
    school.clock.advance(School.IDLE_AFTER);
    here.whereabouts.keep(ada.seat(), true);
    here.tendOnce();

    assertThat(statusOf(ada.id())).isEqualTo(Status.IDLE);
  }

  @Test
  void whoever_does_not_see_the_workspace_is_away() {
    here.whereabouts.keep(ada.seat(), false);
    here.whereabouts.tell();
    assertThat(statusOf(ada.id())).isEqualTo(Status.AWAY);

    here.whereabouts.keep(ada.seat(), true);
    here.whereabouts.tell();

    assertThat(statusOf(ada.id())).isEqualTo(Status.ACTIVE);
  }

  @Test
  void whose_connection_is_broken_is_away_until_they_are_back_on_any_server() {
    ada.breaksOff();
    here.tendOnce();
    assertThat(statusOf(ada.id())).isEqualTo(Status.AWAY);

    Pupil again = ada.comesBackTo(there);
    there.tendOnce();
    here.tendOnce();

    assertThat(again.id()).isEqualTo(ada.id());
    assertThat(statusOf(ada.id())).isEqualTo(Status.ACTIVE);
  }

  @Test
  @DisplayName("G6: nothing is seen of those who are gone")
  void nothing_is_seen_of_those_who_are_gone() {
    here.whereabouts.show(ada.seat(), pointing(3));
    here.whereabouts.tell();
    ada.leaves();
    here.whereabouts.show(ada.seat(), pointing(4));
    here.tendOnce();

    Pupil cat = there.seatOfV1("maze", "Cat");

    assertThat(cat.lastState().presence()).isEmpty();
    assertThat(bob.sees()).containsEntry(ada.id(), pointing(3));
  }

  @Test
  void what_could_not_be_told_is_told_later() {
    here.coordination.cutOff();
    here.whereabouts.show(ada.seat(), pointing(3));
    here.whereabouts.tell();
    here.coordination.reconnect();

    here.tendOnce();

    assertThat(bob.sees()).containsEntry(ada.id(), pointing(3));
  }

  private Status statusOf(ClientId clientId) {
    return bob.sees().getOrDefault(clientId, Presence.UNKNOWN).status();
  }

  private static Presence pointing(int x) {
    return new Presence(Status.ACTIVE, List.of(LOOP), Optional.of(new Cursor(x, 2 * x)));
  }

  @Test
  void time_alone_makes_nobody_idle_too_early() {
    school.clock.advance(School.IDLE_AFTER.minus(Duration.ofMillis(1)));
    here.tendOnce();

    assertThat(statusOf(ada.id())).isEqualTo(Status.ACTIVE);
  }
}
