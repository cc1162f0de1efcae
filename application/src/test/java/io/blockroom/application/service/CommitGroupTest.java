package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.domain.block.BlockId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What comes while a commit is on its way goes together: each is judged for itself. */
class CommitGroupTest {
  private static final BlockId LOOP = new BlockId("loop");
  private static final BlockId INTRO = new BlockId("intro");

  private final School school = School.ofThePatient();
  private final School.Server here = school.server();
  private final Pupil ada = here.seatOfV1("maze", "Ada");
  private final Pupil bob = here.seatOfV1("maze", "Bob");
  private final Pupil cat = here.seatOfV1("maze", "Cat");
  private final Pupil dan = here.seatOfV1("maze", "Dan");
  private final Pupil eve = school.server().seatOfV1("maze", "Eve");

  @BeforeEach
  void everybodyIsIn() {
    Stream.of(ada, bob, cat, dan, eve).forEach(Pupil::forgets);
  }

  @Test
  @DisplayName("C13: in a group only the bad are refused, and no number is left out")
  void only_the_bad_are_refused() {
    eve.asksFor(LOOP);
    dan.offers(dan.edit(INTRO).named("before"));
    ada.asksFor(INTRO);

    behindAStall(
        () -> ada.offers(ada.edit(INTRO).named("good")),
        () -> bob.offers(bob.edit(LOOP)),
        () -> cat.offers(cat.edit(new BlockId("c")).named("before")),
        () -> dan.offers(dan.edit(INTRO).named("before")));

    assertThat(ada.heard()).contains("applied 3");
    assertThat(bob.heard()).contains("refused [loop of pupil-5]");
    assertThat(cat.heard()).contains("mismatch");
    assertThat(dan.heard()).contains("applied before 1");
    assertThat(eve.heard())
        .filteredOn(heard -> heard.startsWith("commit"))
        .containsExactly("commit intro 1", "commit stall 2", "commit intro 3");
  }

  @Test
  void those_who_want_one_unheld_block_get_it_one_after_the_other() {
    behindAStall(
        () -> ada.commitsWithoutWorkspace(LOOP),
        () -> bob.commitsWithoutWorkspace(LOOP),
        () -> cat.commitsWithoutWorkspace(LOOP));

    assertThat(Stream.of(ada, bob, cat).flatMap(pupil -> pupil.heard().stream()))
        .contains("applied 2", "applied 3", "applied 4");
    assertThat(eve.heard())
        .filteredOn(heard -> heard.startsWith("commit"))
        .containsExactly("commit stall 1", "commit loop 2", "commit loop 3", "commit loop 4");
  }

  @Test
  @DisplayName("C13: if the storage fails all of the group are refused, and none is told")
  void a_group_that_cannot_be_stored_is_refused() {
    school.storage.afterNextStoring(school.storage::loseStorage);
    behindAStall(() -> ada.commitsWithoutWorkspace(LOOP), () -> bob.commitsWithoutWorkspace(INTRO));
    school.storage.restoreStorage();
    here.tend();

    assertThat(ada.heard()).contains("unavailable []");
    assertThat(bob.heard()).contains("unavailable []");
    assertThat(eve.heard())
        .filteredOn(heard -> heard.startsWith("commit"))
        .containsExactly("commit stall 1");
  }

  /** Lets these come while another commit is on its way. */
  private void behindAStall(Runnable... offers) {
    Pupil fay = here.seatOfV1("maze", "Fay");
    List<Thread> threads = Stream.of(offers).map(Thread.ofVirtual()::unstarted).toList();
    school.beforeNextStoring(() -> {
      threads.forEach(Thread::start);
      await().until(() -> threads.stream().allMatch(CommitGroupTest::hasToWait));
    });
    fay.commitsWithoutWorkspace(new BlockId("stall"));
    await().until(() -> threads.stream().noneMatch(Thread::isAlive));
  }

  private static boolean hasToWait(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING
        || thread.getState() == Thread.State.TERMINATED;
  }
}
