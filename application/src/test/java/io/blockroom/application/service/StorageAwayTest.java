package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** While the storage is away nothing is pretended, and on its return the truth is shown. */
class StorageAwayTest {
  private static final BlockId LOOP = new BlockId("loop");
  private static final BlockId INTRO = new BlockId("intro");

  private final School school = new School();
  private final School.Server here = school.server();
  private final School.Server there = school.server();
  private final Pupil ada = here.seat("maze", "Ada");
  private final Pupil bob = here.seat("maze", "Bob");
  private final Pupil cat = there.seat("maze", "Cat");

  @BeforeEach
  void everybodyIsIn() {
    forgetAll();
  }

  @Test
  void a_commit_is_refused_with_the_known_locks_and_nobody_is_told_of_it() {
    ada.asksFor(LOOP);
    forgetAll();
    school.storage.loseStorage();

    ada.commits(LOOP, "<xml>1</xml>");
    tend();

    assertThat(ada.heard()).containsExactly("unavailable [loop of pupil-1]");
    assertThat(bob.heard()).isEmpty();
  }

  @Test
  void locks_and_presence_go_on() {
    school.storage.loseStorage();
    ada.commits(LOOP, "<xml>1</xml>");
    tend();

    cat.asksFor(INTRO);
    tend();
    cat.letsGo(INTRO);
    cat.leaves();

    assertThat(ada.heard())
        .containsExactly(
            "unavailable []",
            "locked intro",
            "commit intro 0",
            "released intro, committed",
            "left, left");
    assertThat(cat.heard()).contains("granted, held before []", "applied 0");
  }

  @Test
  void a_block_whose_commit_may_yet_be_stored_is_granted_to_nobody() {
    school.storage.loseStorage();
    ada.commits(LOOP, "<xml>1</xml>");

    assertThatThrownBy(() -> cat.asksFor(LOOP)).isInstanceOf(StorageUnavailable.class);
    school.storage.restoreStorage();
    cat.asksFor(LOOP);

    assertThat(cat.heard()).containsExactly("locked loop", "granted, held before []");
  }

  @Test
  void nobody_can_come_in_and_no_seat_is_kept() {
    school.storage.loseStorage();
    Pupil dan = Pupil.ofSeed(here);

    assertThatThrownBy(() -> dan.triesToEnter("maze", "Dan"))
        .isInstanceOf(StorageUnavailable.class);

    assertThat(ada.heard()).isEmpty();
    assertThat(here.coordination.taken(ada.room())).isEqualTo(3);
  }

  @Test
  void a_seat_is_given_back_when_the_state_cannot_be_read() {
    Pupil dan =
        Pupil.ofSeed(
            school.server(ports ->
                ports.withSeats(
                    new School.SeatsAtAPrice(ports.seats(), school.storage::loseStorage))));

    assertThatThrownBy(() -> dan.triesToEnter("maze", "Dan"))
        .isInstanceOf(StorageUnavailable.class);

    assertThat(ada.heard()).containsExactly("joined Dan", "left, left");
  }

  @Test
  void on_its_return_the_refused_author_alone_is_shown_the_room_again() {
    school.storage.loseStorage();
    ada.commits(LOOP, "<xml>1</xml>");

    school.storage.restoreStorage();
    tend();

    assertThat(ada.heard()).containsExactly("unavailable []", "again, outage [Bob, Cat] []");
    assertThat(bob.heard()).isEmpty();
  }

  @Test
  void a_commit_that_had_been_stored_all_the_same_is_told_to_everybody() {
    school.storage.loseNextAnswer();
    ada.commits(LOOP, "<xml>1</xml>");
    tend();

    assertThat(ada.heard())
        .containsExactly(
            "unavailable []", "commit loop 1", "again, outage [Bob, Cat] [] <xml>1</xml>");
    assertThat(bob.heard()).containsExactly("commit loop 1");
  }

  @Test
  void a_commit_that_had_been_stored_is_told_even_if_its_author_has_gone() {
    school.storage.loseNextAnswer();
    ada.commits(LOOP, "<xml>1</xml>");
    ada.leaves();
    tend();

    assertThat(bob.heard()).containsExactly("left, left", "commit loop 1");
  }

  @Test
  void what_everybody_was_shown_is_not_shown_to_all_once_more() {
    school.storage.loseNextAnswer();
    ada.commits(LOOP, "<xml>1</xml>");
    tend();
    bob.forgets();
    school.storage.loseStorage();
    ada.commits(LOOP, "<xml>2</xml>");

    school.storage.restoreStorage();
    tend();

    assertThat(bob.heard()).isEmpty();
  }

  @Test
  @DisplayName("G7: what another server stored and told nobody is told within three seconds")
  void another_server_notices_that_it_was_not_told_of_a_commit() {
    school.storage.loseNextAnswer();
    ada.commits(LOOP, "<xml>1</xml>");

    for (int i = 0; i < 5; i++) {
      there.tendOnce();
    }

    assertThat(cat.heard()).containsExactly("commit loop 1");
  }

  @Test
  void another_server_notices_at_the_next_commit_that_it_was_not_told_of_one() {
    school.storage.loseNextAnswer();
    ada.commits(LOOP, "<xml>1</xml>");
    bob.commits(INTRO, "<xml>2</xml>");
    assertThat(cat.heard()).isEmpty();

    there.tendOnce();

    assertThat(cat.heard())
        .containsExactly("commit loop 1", "commit intro 2", "released intro, committed");
  }

  @Test
  void whoever_is_refused_while_being_shown_the_room_is_shown_it_once_more() {
    school.storage.loseStorage();
    ada.commits(LOOP, "<xml>1</xml>");
    school.storage.restoreStorage();
    here.coordination.holdBackChanges();
    cat.asksFor(INTRO);
    here.feeds.tend(); // the state waits for what was held back
    school.storage.loseStorage();
    ada.commits(LOOP, "<xml>2</xml>");
    school.storage.restoreStorage();

    here.coordination.deliverChanges();
    tend();

    assertThat(ada.heard())
        .containsExactly(
            "unavailable []",
            "locked intro",
            "again, outage [Bob, Cat] [intro]",
            "unavailable []",
            "again, outage [Bob, Cat] [intro]");
  }

  @Test
  void a_lock_is_let_go_at_once_though_another_commit_waits_for_the_storage() throws Exception {
    CountDownLatch stalled = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    bob.asksFor(LOOP);
    forgetAll();
    school.storage.afterNextStoring(() -> {
      stalled.countDown();
      await().until(() -> released.getCount() == 0);
    });
    Thread slow = Thread.ofVirtual().start(() -> ada.commits(INTRO, "<xml>1</xml>"));
    stalled.await();

    bob.letsGo(LOOP);
    assertThat(cat.heard()).containsExactly("commit loop 0", "released loop, committed");
    released.countDown();
    slow.join();

    assertThat(cat.heard()).endsWith("commit intro 1", "released intro, committed");
  }

  @Test
  void a_commit_whose_turn_does_not_come_is_refused() throws Exception {
    CountDownLatch stalled = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    school.storage.afterNextStoring(() -> {
      stalled.countDown();
      await().until(() -> released.getCount() == 0);
    });
    Thread slow = Thread.ofVirtual().start(() -> ada.commits(INTRO, "<xml>1</xml>"));
    stalled.await();

    bob.commits(LOOP, "<xml>2</xml>");
    released.countDown();
    slow.join();

    assertThat(bob.heard().getFirst()).isEqualTo("unavailable []");
    assertThat(cat.heard()).containsExactly("commit intro 1", "released intro, committed");
  }

  private void tend() {
    here.tend();
    there.tend();
  }

  private void forgetAll() {
    ada.forgets();
    bob.forgets();
    cat.forgets();
  }
}
