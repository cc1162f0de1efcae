package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.in.Seat;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The commits of a room pass in groups, one after the other. */
class CommitLaneTest {
  private static final RoomId MAZE = new RoomId("maze");

  private final CommitLane lane = new CommitLane();
  private final List<List<CommitOffer>> passed = new CopyOnWriteArrayList<>();

  @Test
  void a_commit_that_comes_alone_passes_alone() {
    CommitOffer ada = offer("ada");

    assertThat(lane.pass(ada, this::passes)).isTrue();

    assertThat(passed).containsExactly(List.of(ada));
  }

  @Test
  void one_that_must_give_way_tries_again_before_anything_else() {
    CommitOffer ada = offer("ada");
    AtomicBoolean isBusy = new AtomicBoolean(true);

    lane.pass(
        ada,
        group -> {
          passes(group);
          return isBusy.getAndSet(false) ? group : List.of();
        });

    assertThat(passed).containsExactly(List.of(ada), List.of(ada));
  }

  @Test
  void what_comes_while_a_group_is_on_its_way_is_the_next_group() throws InterruptedException {
    CommitOffer ada = offer("ada");
    CommitOffer bob = offer("bob");
    CommitOffer cat = offer("cat");
    CountDownLatch isOnItsWay = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    Thread first = start(() -> lane.pass(ada, group -> passes(group, isOnItsWay, mayGoOn)));
    isOnItsWay.await();

    Thread second = start(() -> lane.pass(bob, this::passes));
    awaitWaiting(second);
    Thread third = start(() -> lane.pass(cat, this::passes));
    awaitWaiting(third);
    mayGoOn.countDown();
    join(first, second, third);

    assertThat(passed).containsExactly(List.of(ada), List.of(bob, cat));
  }

  @Test
  void one_that_must_give_way_when_its_owner_has_stopped_waiting_is_handled_all_the_same()
      throws InterruptedException {
    CommitOffer ada = offer("ada");
    CommitOffer bob = offer("bob");
    CommitOffer cat = offer("cat");
    CountDownLatch adaIsOnHerWay = new CountDownLatch(1);
    CountDownLatch adaMayGoOn = new CountDownLatch(1);
    CountDownLatch catHasStoppedWaiting = new CountDownLatch(1);
    AtomicBoolean isCatBusy = new AtomicBoolean(true);
    Thread first = start(() -> lane.pass(ada, group -> passes(group, adaIsOnHerWay, adaMayGoOn)));
    adaIsOnHerWay.await();
    Thread second =
        start(() ->
            lane.pass(
                bob,
                group -> {
                  passes(group, new CountDownLatch(0), catHasStoppedWaiting);
                  return isCatBusy.getAndSet(false) ? List.of(cat) : List.of();
                }));
    awaitWaiting(second);
    Thread third = start(() -> assertThat(lane.pass(cat, this::passes)).isTrue());
    awaitWaiting(third);

    adaMayGoOn.countDown();
    join(first, third);
    catHasStoppedWaiting.countDown();
    join(second);

    assertThat(passed).containsExactly(List.of(ada), List.of(bob, cat), List.of(cat));
  }

  @Test
  void one_whose_turn_does_not_come_is_not_handled() throws InterruptedException {
    CountDownLatch isOnItsWay = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    CommitOffer ada = offer("ada");
    Thread first = start(() -> lane.pass(ada, group -> passes(group, isOnItsWay, mayGoOn)));
    isOnItsWay.await();

    assertThat(lane.pass(offer("bob"), this::passes)).isFalse();
    mayGoOn.countDown();
    join(first);

    assertThat(passed).containsExactly(List.of(ada));
  }

  private List<CommitOffer> passes(List<CommitOffer> group) {
    passed.add(group);
    return List.of();
  }

  private List<CommitOffer> passes(
      List<CommitOffer> group, CountDownLatch isOnItsWay, CountDownLatch mayGoOn) {
    passed.add(group);
    isOnItsWay.countDown();
    await().until(() -> mayGoOn.getCount() == 0);
    return List.of();
  }

  private static CommitOffer offer(String author) {
    ClientId id = new ClientId(author);
    BlockId block = new BlockId("loop");
    return new CommitOffer(
        new Seat(MAZE, id),
        new Edit(id, block).saying(EditEvents.of("[{}]", Set.of(block))).commit(),
        outcome -> {});
  }

  private static Thread start(Runnable work) {
    return Thread.ofPlatform().start(work);
  }

  private static void awaitWaiting(Thread thread) {
    await().until(() -> thread.getState() == Thread.State.TIMED_WAITING || !thread.isAlive());
  }

  private static void join(Thread... threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
