package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.ResumeRoom;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.Seats;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.SequenceNumber;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ada's connection breaks, and she comes back (G8). */
class ResumeTest {
  private static final BlockId LOOP = new BlockId("loop[%]");
  private static final BlockId INTRO = new BlockId("intro:{*}");
  private static final BlockId END = new BlockId("end");

  private final School school = new School();
  private final School.Server here = school.server();
  private final School.Server there = school.server();
  private final Pupil ada = here.seatOfV1("maze", "Ada");
  private final Pupil bob = there.seatOfV1("maze", "Bob");

  @BeforeEach
  void adaHoldsABlock() {
    ada.asksFor(LOOP);
    ada.forgets();
    bob.forgets();
  }

  // Within the grace

  @Test
  void within_the_grace_she_finds_her_seat_her_locks_and_exactly_what_she_missed() {
    bob.commitsWithoutWorkspace(INTRO);
    ada.breaksOff();
    bob.commitsWithoutWorkspace(INTRO);
    bob.commitsWithoutWorkspace(END);
    school.clock.advance(School.GRACE.minusMillis(1));
    here.tend();

    Pupil again = ada.comesBackTo(here);

    assertThat(again.id()).isEqualTo(ada.id());
    assertThat(again.heard()).containsExactly("resumed, keeps [loop[%]] [Bob] [loop[%]] +2 +3");
    assertThat(again.lastState().workspace().snapshot()).isEmpty();
    assertThat(again.lastState().workspace().tail())
        .isEqualTo(school.log(ada.room()).subList(1, 3));
    bob.asksFor(LOOP);
    assertThat(bob.heard()).endsWith("denied [loop[%] of pupil-1]").doesNotContain("left, timeout");
  }

  @Test
  void she_goes_on_as_if_nothing_had_happened() {
    ada.breaksOff();
    Pupil again = ada.comesBackTo(here);
    again.forgets();

    again.offers(again.edit(LOOP).under(ada.token(LOOP)).named("c1"));
    bob.commitsWithoutWorkspace(INTRO);

    assertThat(again.heard())
        .containsExactly(
            "commit loop[%] 1",
            "released loop[%], committed",
            "applied 1",
            "commit intro:{*} 2",
            "released intro:{*}, committed");
  }

  @Test
  void she_hears_the_verdict_on_each_commit_that_had_no_answer() {
    school.storage.loseNextAnswer();
    ada.offers(ada.edit(LOOP).keepingTheLock().named("stands"));
    school.storage.loseStorage();
    ada.offers(ada.edit(LOOP).keepingTheLock().named("lost"));
    school.storage.restoreStorage();
    ada.breaksOff();

    Pupil again = ada.comesBackTo(here, pending("stands", "lost", "never-sent"));

    assertThat(again.heard())
        .containsExactly("resumed, keeps [loop[%]], acked {stands=1} [Bob] [loop[%]] +1");
  }

  @Test
  void what_happens_while_she_is_being_shown_what_she_missed_comes_behind_it() {
    ada.breaksOff();
    here.coordination.holdBackChanges();
    bob.commitsWithoutWorkspace(INTRO);
    Pupil again = ada.comesBackTo(here);
    bob.commitsWithoutWorkspace(END);
    assertThat(again.heard()).isEmpty();

    here.coordination.deliverChanges();

    assertThat(again.heard())
        .containsExactly(
            "resumed, keeps [loop[%]] [Bob] [loop[%]] +1",
            "commit end 2", "released end, committed");
  }

  // Later, or elsewhere

  @Test
  void after_the_grace_her_seat_and_locks_are_gone_and_the_others_are_told_why() {
    ada.breaksOff();
    assertThat(bob.heard()).isEmpty();

    school.clock.advance(School.GRACE);
    here.tendOnce();

    assertThat(bob.heard()).containsExactly("released loop[%], disconnected", "left, timeout");
  }

  @Test
  void after_the_grace_she_is_somebody_new_who_gets_the_history_all_the_same() {
    ada.breaksOff();
    school.clock.advance(School.GRACE);
    here.tend();
    bob.commitsWithoutWorkspace(INTRO);
    bob.forgets();

    Pupil again = ada.comesBackTo(here);

    assertThat(again.id()).isNotEqualTo(ada.id());
    assertThat(again.heard()).containsExactly("resumed anew [Bob] [] +1");
    assertThat(bob.heard()).containsExactly("joined Ada");
  }

  @Test
  void on_another_server_she_finds_her_seat_and_her_locks_too() {
    ada.breaksOff();
    bob.commitsWithoutWorkspace(INTRO);

    Pupil again = ada.comesBackTo(there);

    assertThat(again.id()).isEqualTo(ada.id());
    assertThat(again.heard()).containsExactly("resumed, keeps [loop[%]] [Bob] [loop[%]] +1");
    assertThat(bob.heard()).doesNotContain("left, timeout", "joined Ada");
  }

  @Test
  void the_server_that_she_left_does_not_end_her_seat_when_her_grace_is_over_there() {
    ada.breaksOff();
    Pupil again = ada.comesBackTo(there);
    school.clock.advance(School.GRACE);
    here.tend();
    there.tend();
    again.forgets();

    again.offers(again.edit(LOOP).keepingTheLock().named("c1"));

    assertThat(again.heard()).containsExactly("commit loop[%] 1", "applied 1");
    assertThat(bob.heard()).doesNotContain("left, timeout", "released loop[%], disconnected");
  }

  @Test
  @DisplayName("C17: a connection that still stands elsewhere is told that it is replaced")
  void a_connection_that_still_stands_elsewhere_is_told_that_it_is_replaced() {
    Pupil again = ada.comesBackTo(there);
    here.tend();

    ada.asksFor(INTRO);

    assertThat(ada.heard()).containsExactly("replaced", "no seat");
    assertThat(again.heard()).containsExactly("resumed, keeps [loop[%]] [Bob] [loop[%]]");
  }

  @Test
  void she_may_go_to_another_server_and_back() {
    ada.breaksOff();
    Pupil elsewhere = ada.comesBackTo(there);
    elsewhere.breaksOff();

    Pupil again = elsewhere.comesBackTo(here);
    here.tend();
    there.tend();
    again.forgets();
    bob.commitsWithoutWorkspace(INTRO);

    assertThat(again.id()).isEqualTo(ada.id());
    assertThat(again.heard())
        .containsExactly("commit intro:{*} 1", "released intro:{*}, committed");
  }

  @Test
  @DisplayName("O02: whoever was on a server that ended finds seat and locks on another")
  void seats_that_a_server_left_behind_are_found_on_another() {
    ada.breaksOff();
    here.presence.depart();

    Pupil again = ada.comesBackTo(there);
    school.shared.endSeatsLeftBehind();

    assertThat(again.id()).isEqualTo(ada.id());
    assertThat(again.heard()).containsExactly("resumed, keeps [loop[%]] [Bob] [loop[%]]");
  }

  @Test
  @DisplayName("O02: a seat that was left behind ends when nobody comes back to it")
  void a_seat_that_was_left_behind_ends_when_nobody_comes_back_to_it() {
    ada.breaksOff();
    here.presence.depart();

    school.shared.endSeatsLeftBehind();

    assertThat(bob.heard()).containsExactly("released loop[%], disconnected", "left, timeout");
  }

  @Test
  void a_seat_that_may_have_been_taken_over_unheard_ends_after_the_grace() {
    School.Server shaky =
        school.server(ports ->
            ports.withSeats(
                Detour.of(
                    Seats.class,
                    ports.seats(),
                    step -> {
                      Object answer = step.get();
                      if (answer instanceof Seats.TakeOverOutcome) {
                        throw new CoordinationUnavailable(new IllegalStateException("on purpose"));
                      }
                      return answer;
                    })));
    ada.breaksOff();
    assertThatThrownBy(() -> ada.comesBackTo(shaky)).isInstanceOf(CoordinationUnavailable.class);

    school.clock.advance(School.GRACE);
    shaky.tend();

    assertThat(bob.heard()).containsExactly("released loop[%], disconnected", "left, timeout");
  }

  @Test
  void when_her_server_has_died_she_gets_the_history_from_another() {
    ada.offers(ada.edit(LOOP).named("c1"));
    here.coordination.crash();
    bob.commitsWithoutWorkspace(INTRO);

    Pupil again = ada.comesBackTo(there, pending("c1"));

    assertThat(again.heard()).containsExactly("resumed anew, acked {c1=1} [Bob] [] +2");
  }

  @Test
  void up_to_500_missed_commits_are_told_and_more_are_shown() {
    ada.breaksOff();
    for (int i = 0; i < RoomFeed.MOST_MISSED; i++) {
      bob.commitsWithoutWorkspace(INTRO);
    }
    Pupil within = ada.comesBackTo(here);
    within.breaksOff();
    assertThat(within.lastState().workspace().tail()).hasSize(RoomFeed.MOST_MISSED);
    bob.commitsWithoutWorkspace(INTRO);

    Pupil beyond = ada.comesBackTo(here);

    assertThat(beyond.id()).isEqualTo(ada.id());
    assertThat(beyond.heard().getFirst()).startsWith("returned, gap");
    assertThat(beyond.lastState().workspace().tail()).isEqualTo(school.log(ada.room()));
  }

  @Test
  void what_was_compacted_away_is_shown_as_a_snapshot() {
    ada.breaksOff();
    bob.commits(INTRO, "<xml>1</xml>");
    bob.commits(INTRO, "<xml>2</xml>");
    school.storage.compact(school.clock.instant().plusSeconds(1), 100);

    Pupil again = ada.comesBackTo(here);

    assertThat(again.heard()).containsExactly("returned, gap [Bob] [loop[%]] <xml>2</xml>");
  }

  // Another history

  @Test
  void what_she_knows_of_another_history_is_void() {
    bob.commits(INTRO, "<xml>1</xml>");
    bob.commits(INTRO, "<xml>2</xml>");
    ada.breaksOff();
    there.history.restore(ada.room(), new SequenceNumber(2));

    Pupil again = ada.comesBackTo(here);

    assertThat(again.id()).isEqualTo(ada.id());
    assertThat(again.heard())
        .containsExactly("returned, epoch_changed [Bob] [loop[%]] <xml>2</xml>");
  }

  @Test
  void an_epoch_that_never_was_or_none_at_all_is_void_too() {
    ada.breaksOff();

    Pupil one = ada.comesBackTo(here, knowing(Optional.of(new Epoch("made-up")), 0));
    one.breaksOff();
    Pupil other = ada.comesBackTo(here, knowing(Optional.empty(), 0));

    assertThat(one.heard()).containsExactly("returned, epoch_changed [Bob] [loop[%]]");
    assertThat(other.heard()).isEqualTo(one.heard());
  }

  @Test
  @DisplayName("A21: whoever claims to know what is not there yet begins anew")
  void a_last_number_that_is_ahead_is_not_believed() {
    bob.commitsWithoutWorkspace(INTRO);
    ada.breaksOff();

    Pupil again =
        ada.comesBackTo(here, knowing(Optional.of(ada.lastState().workspace().epoch()), 2));

    assertThat(again.heard()).containsExactly("returned, gap [Bob] [loop[%]] +1");
  }

  // Tokens

  @ParameterizedTest
  @ValueSource(strings = {"", "forged", "token-pupil-1-1-0x", "token-pupil-2-1-0"})
  @DisplayName("A21: a forged token gives nobody's identity")
  void a_forged_token_gives_nobodys_identity(String token) {
    ada.breaksOff();

    Pupil again = ada.comesBackTo(here, showing(token));

    assertThat(again.id()).isNotIn(ada.id(), bob.id());
    assertThat(again.heard()).containsExactly("returned, token_refused [Ada, Bob] [loop[%]]");
  }

  @Test
  @DisplayName("A21: a token of another room gives nobody's identity")
  void a_token_of_another_room_gives_nobodys_identity() {
    Pupil elsewhere = here.seatOfV1("music", "Ada");
    String foreign = elsewhere.lastState().resumeToken().orElseThrow();

    Pupil again = ada.comesBackTo(here, showing(foreign));

    assertThat(again.id()).isNotIn(ada.id(), elsewhere.id());
    assertThat(again.heard()).containsExactly("returned, token_refused [Ada, Bob] [loop[%]]");
    assertThat(ada.heard()).containsExactly("joined Ada");
  }

  @Test
  @DisplayName("A21: an expired token gives nobody's identity")
  void an_expired_token_gives_nobodys_identity() {
    school.clock.advance(Duration.ofHours(24));

    Pupil again = ada.comesBackTo(here);

    assertThat(again.id()).isNotEqualTo(ada.id());
    assertThat(again.heard().getFirst()).startsWith("returned, token_refused");
  }

  @Test
  @DisplayName("A21: a token is used up by the first message under a newer one")
  void a_token_is_used_up_by_the_first_message_under_a_newer_one() {
    ada.breaksOff();
    Pupil again = ada.comesBackTo(here);
    again.speaks();
    again.forgets();

    Pupil thief = ada.comesBackTo(here);

    assertThat(thief.id()).isNotEqualTo(ada.id());
    assertThat(thief.heard().getFirst()).startsWith("returned, token_refused");
    assertThat(again.heard()).containsExactly("joined Ada");
  }

  @Test
  void a_token_stays_good_however_often_its_successors_never_arrived() {
    ada.breaksOff();
    Pupil second = ada.comesBackTo(here);
    second.breaksOff();
    Pupil third = ada.comesBackTo(here);
    third.breaksOff();

    Pupil fourth = ada.comesBackTo(here);

    assertThat(fourth.id()).isEqualTo(ada.id());
    fourth.speaks();
    assertThat(second.comesBackTo(here).id()).isNotEqualTo(ada.id());
    assertThat(fourth.comesBackTo(here).id()).isEqualTo(ada.id());
  }

  @Test
  void each_state_brings_a_token_to_those_who_can_use_one() {
    Pupil seed = here.seat("maze", "Dan");

    assertThat(ada.lastState().resumeToken()).isPresent();
    assertThat(ada.comesBackTo(here).lastState().resumeToken())
        .isPresent()
        .isNotEqualTo(ada.lastState().resumeToken());
    assertThat(seed.lastState().resumeToken()).isEmpty();
  }

  // Two connections

  @Test
  void a_connection_that_still_stands_is_told_that_it_is_replaced() {
    Pupil again = ada.comesBackTo(here);

    bob.commitsWithoutWorkspace(INTRO);

    assertThat(ada.heard()).containsExactly("replaced");
    assertThat(again.heard())
        .containsExactly(
            "resumed, keeps [loop[%]] [Bob] [loop[%]]",
            "commit intro:{*} 1", "released intro:{*}, committed");
  }

  @Test
  void the_late_end_of_the_old_connection_does_no_harm() {
    Pupil again = ada.comesBackTo(here);

    ada.leaves();
    ada.breaksOff();
    school.clock.advance(School.GRACE);
    here.tend();
    bob.commitsWithoutWorkspace(INTRO);

    assertThat(again.heard()).contains("commit intro:{*} 1");
    assertThat(bob.heard()).doesNotContain("left, left", "left, timeout");
    bob.asksFor(LOOP);
    assertThat(bob.heard()).endsWith("denied [loop[%] of pupil-1]");
  }

  @Test
  void the_answer_to_the_old_connections_request_goes_to_the_old_connection() {
    here.coordination.holdBackChanges();
    ada.asksFor(INTRO);
    Pupil again = ada.comesBackTo(here);

    here.coordination.deliverChanges();

    assertThat(ada.heard()).containsExactly("replaced", "granted, held before []");
    assertThat(again.heard()).doesNotContain("granted, held before []").hasSize(1);
  }

  @Test
  void a_seat_that_is_lost_is_not_taken_over() {
    here.coordination.endSeats(ada.room());

    Pupil again = ada.comesBackTo(here);
    here.tendOnce();

    assertThat(again.id()).isNotEqualTo(ada.id());
    assertThat(again.heard()).containsExactly("resumed anew [Bob] []");
  }

  @Test
  void a_seat_that_is_lost_at_the_moment_of_the_return_is_not_taken_over() {
    Runnable[] afterLooking = {() -> {}};
    School.Server shaky =
        school.server(ports ->
            ports.withSeats(
                Detour.of(
                    Seats.class,
                    ports.seats(),
                    step -> {
                      Object answer = step.get();
                      Runnable next = afterLooking[0];
                      afterLooking[0] = () -> {};
                      next.run();
                      return answer;
                    })));
    Pupil cat = shaky.seatOfV1("maze", "Cat");
    cat.breaksOff();
    afterLooking[0] = () -> shaky.coordination.endSeats(cat.room());

    Pupil again = cat.comesBackTo(shaky);
    shaky.tendOnce();

    assertThat(again.id()).isNotEqualTo(cat.id());
    assertThat(again.heard()).containsExactly("resumed anew [Ada, Bob] [loop[%]]");
  }

  @Test
  void a_closed_room_takes_nobody_back() {
    ada.breaksOff();
    school.storage.change(ada.room(), room -> room.closed(true));

    assertThat(Pupil.ofV1(here).resumes(ada, command -> command))
        .isInstanceOf(JoinRoom.Outcome.RoomClosed.class);
  }

  @Test
  void whoever_leaves_on_purpose_frees_everything_at_once() {
    ada.leaves();

    assertThat(bob.heard()).containsExactly("released loop[%], disconnected", "left, left");
    assertThat(ada.comesBackTo(here).id()).isNotEqualTo(ada.id());
  }

  @Test
  void whoever_cannot_come_back_frees_everything_at_once_when_the_connection_breaks() {
    Pupil cat = here.seat("maze", "Cat");
    bob.forgets();

    cat.breaksOff();

    assertThat(bob.heard()).containsExactly("left, left");
  }

  @Test
  void who_cannot_be_shown_what_was_missed_may_come_again_within_the_grace() {
    ada.breaksOff();
    school.storage.loseStorage();
    assertThatThrownBy(() -> ada.comesBackTo(here)).isInstanceOf(StorageUnavailable.class);
    school.storage.restoreStorage();

    Pupil again = ada.comesBackTo(here);

    assertThat(again.id()).isEqualTo(ada.id());
    assertThat(again.heard()).containsExactly("resumed, keeps [loop[%]] [Bob] [loop[%]]");
  }

  @Test
  void who_offers_a_commit_again_while_it_is_still_on_its_way_is_told_to_try_later() {
    Pupil[] again = new Pupil[1];
    school.beforeNextStoring(() -> {
      again[0] = ada.comesBackTo(here);
      again[0].forgets();
      again[0].offers(again[0].edit(END).named("c1"));
    });
    ada.offers(ada.edit(END).named("c1"));
    again[0].offers(again[0].edit(END).named("c1"));

    assertThat(again[0].heard())
        .containsExactly(
            "unavailable []",
            "commit end 1",
            "released end, committed",
            "released end, committed",
            "applied before 1");
    assertThat(school.log(ada.room())).hasSize(1);
  }

  private static UnaryOperator<ResumeRoom.Command> pending(String... names) {
    Set<CommitId> ids =
        Arrays.stream(names)
            .map(CommitId::new)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return command ->
        new ResumeRoom.Command(
            command.room(),
            command.nickname(),
            command.token(),
            command.epoch(),
            command.last(),
            ids,
            command.follower());
  }

  private static UnaryOperator<ResumeRoom.Command> knowing(Optional<Epoch> epoch, long last) {
    return command ->
        new ResumeRoom.Command(
            command.room(),
            command.nickname(),
            command.token(),
            epoch,
            new SequenceNumber(last),
            command.pending(),
            command.follower());
  }

  private static UnaryOperator<ResumeRoom.Command> showing(String token) {
    return command ->
        new ResumeRoom.Command(
            command.room(),
            command.nickname(),
            token,
            command.epoch(),
            command.last(),
            command.pending(),
            command.follower());
  }
}
