package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.ResumeRoom;
import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.participant.Participant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who comes late has what the others have: nothing twice, nothing not at all. */
class LatecomerTest {
  private static final BlockId LOOP = new BlockId("loop");
  private static final BlockId INTRO = new BlockId("intro");

  private final School school = new School();
  private final School.Server here = school.server();
  private final School.Server there = school.server();

  @Test
  void a_latecomer_is_shown_people_locks_and_workspace() {
    Pupil ada = here.seat("maze", "Ada");
    ada.asksFor(LOOP);
    ada.commits(INTRO, "<xml>1</xml>");

    Pupil bob = there.seat("maze", "Bob");

    assertThat(bob.heard()).containsExactly("state [Ada] [loop] <xml>1</xml>");
    assertThat(bob.lastState().self().clientId()).isEqualTo(bob.id());
    assertThat(bob.lastState().locks())
        .isEqualTo(Map.of(LOOP, new Grant(ada.id(), ada.token(LOOP))));
    assertThat(bob.lastState().others())
        .extracting(Participant::clientId)
        .isEqualTo(List.of(ada.id()));
    assertThat(ada.heard()).endsWith("joined Bob");
  }

  @Test
  void a_commit_that_is_stored_before_and_announced_after_the_arrival_is_told_once() {
    Pupil ada = here.seat("maze", "Ada");
    Pupil bob = Pupil.ofSeed(there);

    school.storage.afterNextStoring(() -> bob.enters("maze", "Bob"));
    ada.commits(LOOP, "<xml>1</xml>");

    assertThat(bob.heard())
        .containsExactly("state [Ada] [] <xml>1</xml>", "released loop, committed");
    assertThat(ada.heard())
        .containsExactly(
            "state [] []", "joined Bob", "commit loop 1", "released loop, committed", "applied 1");
  }

  @Test
  void a_commit_between_the_seat_and_the_state_is_told_once() {
    here.seat("maze", "Ada");
    Pupil bob = Pupil.ofSeed(there);
    there.coordination.holdBackChanges();
    bob.enters("maze", "Bob");
    Pupil cat = here.seat("maze", "Cat");
    cat.commits(LOOP, "<xml>1</xml>");

    there.coordination.deliverChanges();

    assertThat(bob.heard())
        .containsExactly(
            "state [Ada] []", "joined Cat", "commit loop 1", "released loop, committed");
  }

  @Test
  @DisplayName("C21 when many come at once some wait until others are in")
  void when_many_come_at_once_some_wait_until_others_are_in() {
    CountDownLatch first = new CountDownLatch(Doorway.AT_ONCE);
    AtomicInteger inside = new AtomicInteger();
    Queue<Integer> crowds = new ConcurrentLinkedQueue<>();
    School large = new School(new RoomDefaults(true, 100));
    School.Server server =
        large.server(ports ->
            ports.withSeats(
                new School.SeatsAtAPrice(
                    ports.seats(),
                    () -> {
                      crowds.add(inside.incrementAndGet());
                      first.countDown();
                      awaitAll(first);
                      inside.decrementAndGet();
                    })));

    List<JoinRoom.Outcome> outcomes =
        AtOnce.call(60, n -> Pupil.ofSeed(server).triesToEnter("maze", "Pupil"));

    assertThat(outcomes).hasOnlyElementsOfType(JoinRoom.Outcome.Joined.class);
    assertThat(Collections.max(crowds)).isEqualTo(Doorway.AT_ONCE);
  }

  @Test
  @DisplayName("C21 G8 who comes back does not wait behind newcomers, with a token that is good")
  void who_comes_back_does_not_wait_behind_newcomers() {
    CountDownLatch inside = new CountDownLatch(Doorway.AT_ONCE);
    CountDownLatch going = new CountDownLatch(1);
    AtomicBoolean isCrowded = new AtomicBoolean();
    School large = new School(new RoomDefaults(true, 100));
    School.Server server =
        large.server(ports ->
            ports.withSeats(
                new School.SeatsAtAPrice(
                    ports.seats(),
                    () -> {
                      if (isCrowded.get()) {
                        inside.countDown();
                        awaitAll(going);
                      }
                    })));
    Pupil ada = server.seatOfV1("maze", "Ada");
    ada.breaksOff();
    isCrowded.set(true);
    try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < Doorway.AT_ONCE; n++) {
        var _ = people.submit(() -> Pupil.ofSeed(server).triesToEnter("maze", "Pupil"));
      }
      awaitAll(inside);

      assertThatThrownBy(() -> Pupil.ofV1(server).resumes(ada, LatecomerTest::forged))
          .isInstanceOf(StorageUnavailable.class);
      assertThat(ada.comesBackTo(server).id()).isEqualTo(ada.id());

      going.countDown();
    }
  }

  private static ResumeRoom.Command forged(ResumeRoom.Command command) {
    return new ResumeRoom.Command(
        command.room(),
        command.nickname(),
        "forged",
        command.epoch(),
        command.last(),
        command.pending(),
        command.follower());
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_full_room_takes_nobody_more_until_somebody_leaves() {
    School small = new School(new RoomDefaults(true, 2));
    School.Server one = small.server();
    School.Server other = small.server();
    Pupil ada = one.seat("maze", "Ada");
    one.seat("maze", "Bob");
    Pupil cat = Pupil.ofSeed(other);

    assertThat(cat.triesToEnter("maze", "Cat")).isInstanceOf(JoinRoom.Outcome.RoomFull.class);
    assertThat(cat.heard()).isEmpty();
    ada.leaves();
    cat.enters("maze", "Cat");

    assertThat(cat.heard()).containsExactly("state [Bob] []");
  }
}
