package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.in.ForceRelease;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.participant.ClientId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Pupils wait in line for blocks, on whichever server they are. */
class WaitingTest {
  private static final BlockId LOOP = new BlockId("loop");
  private static final BlockId INTRO = new BlockId("intro");
  private static final BlockId END = new BlockId("end");

  private final School school = new School();
  private final School.Server here = school.server();
  private final School.Server there = school.server();
  private final Pupil ada = here.seatOfV1("maze", "Ada");
  private final Pupil bob = there.seatOfV1("maze", "Bob");
  private final Pupil cat = here.seatOfV1("maze", "Cat");
  private final Pupil dan = there.seatOfV1("maze", "Dan");

  @BeforeEach
  void adaHasTheLoop() {
    ada.asksFor(LOOP);
    everybodyForgets();
  }

  private void everybodyForgets() {
    Stream.of(ada, bob, cat, dan).forEach(Pupil::forgets);
  }

  private void pass(Duration time) {
    school.clock.advance(time);
    here.tendOnce();
    there.tendOnce();
  }

  /** Who holds what, as the coordination has it. */
  private Map<BlockId, ClientId> owners() {
    return TwoServers.owners(here.coordination.look(ada.room()));
  }

  private List<ClientId> line() {
    return here.coordination.look(ada.room()).line().waiters().stream()
        .map(Waiter::client)
        .toList();
  }

  @Nested
  class InTurn {
    @Test
    void who_waits_is_told_the_place_and_the_owner_who_is_in_the_way_of_whom() {
      bob.waitsFor(LOOP);
      cat.waitsFor(LOOP);

      assertThat(bob.heard()).containsExactly("waits at 1 behind pupil-1");
      assertThat(cat.heard()).containsExactly("waits at 2 behind pupil-1");
      assertThat(ada.heard())
          .containsExactly(
              "wanted loop by pupil-2, 1 waiting", "wanted loop by pupil-3, 2 waiting");
      assertThat(dan.heard()).isEmpty();
    }

    @Test
    void a_released_block_is_the_next_ones_on_whichever_server_they_are() {
      bob.waitsFor(LOOP);
      cat.waitsFor(LOOP);
      everybodyForgets();

      ada.releases(LOOP);

      assertThat(ada.heard()).containsExactly("released loop, released", "locked loop", "let go");
      assertThat(bob.heard())
          .containsExactly(
              "released loop, released", "locked loop", "granted [loop], held before []");
      assertThat(cat.heard())
          .containsExactly("released loop, released", "locked loop", "waits at 1 behind pupil-2");
      bob.commits(LOOP, "<xml>1</xml>");
      assertThat(cat.heard()).endsWith("locked loop", "granted [loop], held before []");
    }

    @Test
    void who_can_have_it_at_once_does_not_wait() {
      bob.waitsFor(INTRO, END);

      assertThat(bob.heard())
          .containsExactly("locked intro", "locked end", "granted [intro, end], held before []");
      assertThat(line()).isEmpty();
    }

    @Test
    void a_group_comes_as_a_whole_and_nobody_goes_past_it() {
      bob.asksFor(END);
      bob.waitsFor(INTRO, LOOP, END);
      cat.waitsFor(INTRO);
      dan.asksFor(INTRO);
      assertThat(dan.heard()).endsWith("denied [intro of pupil-2]");
      assertThat(owners()).doesNotContainKey(INTRO);
      everybodyForgets();

      ada.releases(LOOP);

      assertThat(bob.heard())
          .containsExactly(
              "released loop, released",
              "locked intro",
              "locked loop",
              "granted [intro, loop, end], held before [end]");
      bob.releases(INTRO);
      assertThat(cat.heard()).endsWith("locked intro", "granted [intro], held before []");
    }

    @Test
    void the_state_shows_who_waits() {
      bob.waitsFor(LOOP);

      RoomState state = here.seatOfV1("maze", "Eve").lastState();

      assertThat(state.line().waiters()).extracting(Waiter::client).containsExactly(bob.id());
    }

    @Test
    void who_would_wait_forever_is_denied() {
      bob.asksFor(INTRO);
      bob.waitsFor(LOOP);
      everybodyForgets();

      ada.waitsFor(END, INTRO);

      assertThat(ada.heard()).containsExactly("denied [intro of pupil-2]");
      assertThat(line()).containsExactly(bob.id());
    }

    @Test
    void so_many_may_wait_and_no_more() {
      Pupil eve = here.seat("maze", "Eve");
      bob.waitsFor(LOOP);
      cat.waitsFor(LOOP);
      dan.waitsFor(LOOP);
      eve.forgets();

      eve.waitsFor(LOOP);

      assertThat(eve.heard()).containsExactly("line full");
    }

    @Test
    @DisplayName("S05 who has as many locks as they may gets no more, in whatever way")
    void who_has_as_many_locks_as_they_may_gets_no_more_in_whatever_way() {
      BlockId[] others =
          IntStream.range(1, BlockLock.MOST_PER_CLIENT)
              .mapToObj(i -> new BlockId("b" + i))
              .toArray(BlockId[]::new);
      bob.asksFor(END, others);
      everybodyForgets();

      bob.asksFor(INTRO);
      bob.waitsFor(LOOP);
      ada.handsOver(LOOP, bob);

      assertThat(bob.heard()).containsExactly("too many", "too many");
      assertThat(ada.heard()).containsExactly("too many");
      bob.releases(END);
      bob.forgets();
      ada.handsOver(LOOP, bob);
      assertThat(bob.heard())
          .containsExactly("released loop, handover", "locked loop", "handed over loop");
    }
  }

  @Nested
  class GivingUp {
    @Test
    void who_has_waited_for_so_long_gives_up_and_the_others_come_nearer() {
      bob.waitsFor(Duration.ofSeconds(2), LOOP);
      cat.waitsFor(LOOP);
      everybodyForgets();

      pass(Duration.ofMillis(1_999));
      assertThat(bob.heard()).isEmpty();
      pass(Duration.ofMillis(1));

      assertThat(bob.heard()).containsExactly("given up");
      assertThat(cat.heard()).containsExactly("waits at 1 behind pupil-1");
      ada.releases(LOOP);
      assertThat(owners()).isEqualTo(Map.of(LOOP, cat.id()));
    }

    @Test
    void nobody_waits_longer_than_the_server_allows() {
      bob.waitsFor(Duration.ofDays(1), LOOP);

      pass(School.LONGEST_WAIT);

      assertThat(bob.heard()).endsWith("given up");
    }

    @Test
    void who_does_not_want_to_wait_any_more_need_not() {
      bob.asksFor(END);
      bob.waitsFor(LOOP);
      bob.waitsFor(INTRO, LOOP);
      bob.forgets();

      bob.waitsNoMoreFor(LOOP);

      assertThat(bob.heard()).containsExactly("given up", "given up", "waits no more");
      bob.waitsNoMoreFor(LOOP);
      bob.waitsNoMoreFor(END);
      assertThat(bob.heard()).hasSize(5);
      assertThat(owners()).containsEntry(END, bob.id());
    }

    @Test
    void who_leaves_waits_no_more() {
      bob.waitsFor(LOOP);
      cat.waitsFor(LOOP);
      everybodyForgets();

      bob.leaves();

      assertThat(bob.heard()).containsExactly("given up");
      assertThat(line()).containsExactly(cat.id());
      assertThat(cat.heard()).containsExactly("left, left", "waits at 1 behind pupil-1");
    }

    @Test
    void the_place_of_a_broken_connection_ends_though_the_seat_is_kept() {
      bob.waitsFor(LOOP);
      bob.forgets();

      there.feeds.leaveLines(bob.seat());

      assertThat(bob.heard()).containsExactly("given up");
      assertThat(line()).isEmpty();
    }

    @Test
    void what_comes_to_somebody_who_gave_up_before_is_given_back() {
      bob.waitsFor(LOOP);
      cat.waitsFor(LOOP);
      there.coordination.cutOff();
      there.feeds.leaveLines(bob.seat());

      ada.releases(LOOP);
      assertThat(owners()).isEqualTo(Map.of(LOOP, bob.id()));
      there.coordination.reconnect();
      there.tendOnce();

      assertThat(owners()).isEqualTo(Map.of(LOOP, cat.id()));
    }
  }

  @Nested
  class HandingOver {
    @Test
    void a_lock_is_given_past_the_line_and_the_recipient_is_told_so() {
      cat.waitsFor(LOOP);
      everybodyForgets();

      ada.handsOver(LOOP, bob);

      assertThat(ada.heard()).containsExactly("released loop, handover", "locked loop", "gave it");
      assertThat(bob.heard())
          .containsExactly("released loop, handover", "locked loop", "handed over loop");
      assertThat(cat.heard()).containsExactly("released loop, handover", "locked loop");
      assertThat(line()).containsExactly(cat.id());
    }

    @Test
    void who_is_given_what_they_wait_for_has_waited_enough() {
      cat.waitsFor(LOOP);
      bob.waitsFor(LOOP);
      everybodyForgets();

      ada.handsOver(LOOP, bob);

      assertThat(bob.heard())
          .containsExactly(
              "released loop, handover",
              "locked loop",
              "handed over loop",
              "granted [loop], held before []");
      assertThat(line()).containsExactly(cat.id());
    }

    @Test
    void only_what_is_held_is_given_and_only_to_somebody_who_is_there() {
      cat.handsOver(LOOP, bob);
      assertThat(cat.heard()).containsExactly("not held");

      bob.leaves();
      ada.handsOver(LOOP, bob);
      assertThat(ada.heard()).endsWith("nobody there");
    }

    @Test
    void what_is_taken_away_by_force_goes_to_the_next_in_line() {
      bob.waitsFor(LOOP);
      everybodyForgets();

      assertThat(here.locks.force("maze", LOOP)).isEqualTo(ForceRelease.Outcome.FREED);

      assertThat(bob.heard())
          .containsExactly(
              "released loop, forced", "locked loop", "granted [loop], held before []");
      assertThat(here.locks.force("maze", INTRO)).isEqualTo(ForceRelease.Outcome.NOT_HELD);
      assertThat(here.locks.force("?", LOOP)).isEqualTo(ForceRelease.Outcome.NO_SUCH_ROOM);
      assertThat(here.locks.force("nowhere", LOOP)).isEqualTo(ForceRelease.Outcome.NO_SUCH_ROOM);
    }
  }

  @Nested
  class WhateverDies {
    @Test
    void the_owners_server_dies_and_the_next_one_has_the_block_without_a_tick() {
      bob.waitsFor(LOOP);
      everybodyForgets();

      here.coordination.crash();

      assertThat(bob.heard())
          .containsExactly(
              "released loop, node_down",
              "left, node_down",
              "left, node_down",
              "locked loop",
              "granted [loop], held before []");
    }

    @Test
    void what_an_idle_owner_had_goes_to_the_next_one_without_a_tick() {
      bob.waitsFor(LOOP);
      everybodyForgets();

      here.coordination.endIdle(ada.room(), ada.id());

      assertThat(bob.heard())
          .containsExactly("released loop, idle", "locked loop", "granted [loop], held before []");
    }

    @Test
    void a_turn_that_nobody_saw_to_is_seen_to_with_the_next_ticks() {
      bob.waitsFor(LOOP);
      there.coordination.holdBackChanges();
      here.coordination.endIdle(ada.room(), ada.id());
      assertThat(owners()).isEmpty();

      there.tendOnce();
      there.tendOnce();

      assertThat(owners()).isEqualTo(Map.of(LOOP, bob.id()));
    }

    @Test
    void the_waiters_server_dies_and_those_behind_come_nearer() {
      bob.waitsFor(INTRO, LOOP);
      cat.waitsFor(INTRO);
      everybodyForgets();

      there.coordination.crash();

      assertThat(cat.heard())
          .containsExactly(
              "left, node_down",
              "left, node_down",
              "locked intro",
              "granted [intro], held before []");
    }

    @Test
    void who_lost_the_seat_waits_no_more() {
      bob.waitsFor(LOOP);
      everybodyForgets();

      there.coordination.endSeats(bob.room());

      assertThat(bob.heard()).containsExactly("seat lost", "no seat");
    }
  }

  @Nested
  class WhileTheCoordinationIsAway {
    @Test
    void who_asks_then_is_told_so_and_does_not_wait() {
      there.coordination.cutOff();

      assertThatThrownBy(() -> bob.waitsFor(LOOP)).isInstanceOf(CoordinationUnavailable.class);

      there.coordination.reconnect();
      there.tend();
      assertThat(bob.heard()).isEmpty();
    }

    @Test
    void who_has_waited_for_so_long_is_told_at_once_and_leaves_when_it_is_back() {
      bob.waitsFor(Duration.ofSeconds(2), LOOP);
      bob.forgets();
      there.coordination.cutOff();

      pass(Duration.ofSeconds(2));

      assertThat(bob.heard()).containsExactly("unavailable");
      assertThat(line()).containsExactly(bob.id());
      there.coordination.reconnect();
      there.tendOnce();
      assertThat(line()).isEmpty();
      assertThat(bob.heard()).containsExactly("unavailable");
    }

    @Test
    void what_came_to_them_all_the_same_is_given_back() {
      bob.waitsFor(Duration.ofSeconds(2), LOOP);
      there.coordination.cutOff();
      pass(Duration.ofSeconds(2));
      bob.forgets();

      ada.releases(LOOP);
      assertThat(owners()).isEqualTo(Map.of(LOOP, bob.id()));
      there.coordination.reconnect();
      there.tendOnce();

      assertThat(owners()).isEmpty();
      assertThat(bob.heard())
          .containsExactly("released loop, released", "locked loop", "released loop, released");
    }
  }

  @Nested
  class WhenBroadcastsAreLost {
    @Test
    void a_turn_is_told_though_its_broadcast_was_lost() {
      bob.waitsFor(LOOP);
      bob.forgets();
      there.coordination.loseChanges(1);

      ada.releases(LOOP);
      assertThat(bob.heard()).isEmpty();
      there.tend();

      assertThat(bob.heard())
          .containsExactly(
              "released loop, released", "locked loop", "granted [loop], held before []");
    }

    @Test
    void an_end_is_told_though_its_broadcast_was_lost() {
      bob.waitsFor(Duration.ofSeconds(1), LOOP);
      bob.forgets();
      there.coordination.loseChanges(1);

      pass(Duration.ofSeconds(1));
      there.tend();

      assertThat(bob.heard()).containsExactly("given up");
    }

    @Test
    void who_came_and_got_it_unheard_is_told_that_it_is_theirs() {
      there.coordination.loseChanges(2);
      bob.waitsFor(LOOP);
      ada.releases(LOOP);
      assertThat(bob.heard()).isEmpty();

      there.tend();

      assertThat(bob.heard())
          .containsExactly(
              "released loop, released", "locked loop", "granted [loop], held before []");
    }

    @Test
    void the_place_is_right_again_and_the_owner_hears_who_waits() {
      dan.waitsFor(LOOP);
      bob.waitsFor(LOOP);
      everybodyForgets();
      there.coordination.loseChanges(1);
      here.coordination.loseChanges(2);
      dan.waitsNoMoreFor(LOOP);
      cat.waitsFor(LOOP);

      here.tend();
      there.tend();

      assertThat(bob.heard()).containsExactly("waits at 1 behind pupil-1");
      assertThat(cat.heard()).containsExactly("waits at 2 behind pupil-1");
      assertThat(ada.heard()).containsExactly("wanted loop by pupil-3, 2 waiting");
      assertThat(dan.heard()).containsExactly("given up", "waits no more");
    }

    @Test
    void an_answer_waits_for_what_led_to_it() {
      there.coordination.holdBackChanges();
      bob.waitsFor(LOOP);
      ada.releases(LOOP);
      assertThat(bob.heard()).isEmpty();

      there.coordination.deliverChanges();

      assertThat(bob.heard())
          .containsExactly(
              "waits at 1 behind pupil-1",
              "released loop, released",
              "locked loop",
              "granted [loop], held before []");
    }
  }
}
