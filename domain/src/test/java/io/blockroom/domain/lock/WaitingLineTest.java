package io.blockroom.domain.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WaitingLineTest {
  private static final ClientId ADA = new ClientId("ada");
  private static final ClientId BOB = new ClientId("bob");
  private static final ClientId CAT = new ClientId("cat");
  private static final ClientId DAN = new ClientId("dan");
  private static final BlockId B1 = new BlockId("b1");
  private static final BlockId B2 = new BlockId("b2");
  private static final BlockId B3 = new BlockId("b3");

  // The order

  @Test
  void whoever_came_first_is_the_first() {
    WaitingLine line = line(waiter("t1", ADA, B1), waiter("t2", BOB, B1));

    assertThat(next(line, Map.of(B1, CAT))).isEmpty();
    assertThat(next(line, Map.of())).contains("t1");
    assertThat(next(line.without(new Ticket("t1")), Map.of())).contains("t2");
  }

  @Test
  void who_wants_another_block_does_not_wait_for_those_ahead() {
    WaitingLine line = line(waiter("t1", ADA, B1), waiter("t2", BOB, B2));

    assertThat(next(line, Map.of(B1, CAT))).contains("t2");
  }

  @Test
  void a_group_gets_all_of_its_blocks_or_none() {
    WaitingLine line = line(waiter("t1", ADA, B1, B2));

    assertThat(next(line, Map.of(B2, CAT))).isEmpty();
    assertThat(next(line, Map.of(B1, CAT))).isEmpty();
    assertThat(next(line, Map.of())).contains("t1");
  }

  @Test
  void nobody_gets_a_free_block_of_a_group_that_came_earlier() {
    WaitingLine line = line(waiter("t1", ADA, B1, B2), waiter("t2", BOB, B2, B3));

    assertThat(next(line, Map.of(B1, CAT))).isEmpty();
    assertThat(next(line.with(waiter("t3", DAN, B3)), Map.of(B1, CAT))).isEmpty();
  }

  @Test
  void what_is_ones_own_already_need_not_come_free() {
    assertThat(next(line(waiter("t1", ADA, B1, B2)), Map.of(B1, ADA))).contains("t1");
  }

  @Test
  void what_is_ones_own_already_is_no_matter_of_the_line() {
    WaitingLine line = line(waiter("t1", BOB, B1), waiter("t2", ADA, B1, B2));

    assertThat(next(line, Map.of(B1, ADA, B2, CAT))).isEmpty();
    assertThat(next(line, Map.of(B1, ADA))).contains("t2");
  }

  @Test
  void ones_own_later_place_comes_after_the_earlier_one() {
    WaitingLine line = line(waiter("t1", ADA, B1, B2), waiter("t2", ADA, B1));

    assertThat(next(line, Map.of(B2, CAT))).isEmpty();
  }

  @Test
  void a_block_that_is_reserved_comes_free_for_its_author_only_and_in_their_turn() {
    WaitingLine line = line(waiter("t1", ADA, B1));

    assertThat(line.next(Map.of(), Map.of(B1, BOB), Set.of())).isEmpty();
    assertThat(line.next(Map.of(), Map.of(B1, ADA), Set.of())).isPresent();
    assertThat(line.with(waiter("t2", BOB, B1)).next(Map.of(), Map.of(B1, BOB), Set.of()))
        .isEmpty();
  }

  @Test
  void who_is_held_up_keeps_the_place_and_others_go_past_for_other_blocks_only() {
    WaitingLine line =
        line(waiter("t1", ADA, B1, B2), waiter("t2", BOB, B2), waiter("t3", CAT, B3));

    assertThat(line.next(Map.of(), Map.of(), Set.of(new Ticket("t1"))).map(Waiter::client))
        .contains(CAT);
    assertThat(line.next(Map.of(B3, DAN), Map.of(), Set.of(new Ticket("t1")))).isEmpty();
  }

  // Places

  @Test
  void the_position_counts_those_ahead_who_want_one_of_the_blocks() {
    WaitingLine line =
        line(
            waiter("t1", ADA, B1),
            waiter("t2", BOB, B2),
            waiter("t3", CAT, B1, B2),
            waiter("t4", DAN, B1));

    assertThat(line.positionOf(new Ticket("t1"))).contains(1);
    assertThat(line.positionOf(new Ticket("t2"))).contains(1);
    assertThat(line.positionOf(new Ticket("t3"))).contains(3);
    assertThat(line.positionOf(new Ticket("t4"))).contains(3);
    assertThat(line.without(BOB).positionOf(new Ticket("t3"))).contains(2);
    assertThat(line.positionOf(new Ticket("t5"))).isEmpty();
  }

  @Test
  void everybody_who_wants_a_block_waits_for_it() {
    WaitingLine line = line(waiter("t1", ADA, B1, B2), waiter("t2", BOB, B2));

    assertThat(line.waitingFor(B1)).isOne();
    assertThat(line.waitingFor(B2)).isEqualTo(2);
    assertThat(line.waitingFor(B3)).isZero();
  }

  @Test
  void the_first_for_a_block_is_sought_among_others() {
    WaitingLine line = line(waiter("t1", ADA, B1, B2), waiter("t2", BOB, B2));

    assertThat(line.firstFor(B2, CAT).map(Waiter::client)).contains(ADA);
    assertThat(line.firstFor(B2, ADA).map(Waiter::client)).contains(BOB);
    assertThat(line.firstFor(B1, ADA)).isEmpty();
  }

  @Test
  void whoever_leaves_leaves_all_places() {
    WaitingLine line = line(waiter("t1", ADA, B1), waiter("t2", BOB, B1), waiter("t3", ADA, B2));

    assertThat(line.without(ADA)).isEqualTo(line(waiter("t2", BOB, B1)));
  }

  @Test
  void a_ticket_names_one_place() {
    assertThatThrownBy(() -> line(waiter("t1", ADA, B1), waiter("t1", BOB, B2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // Bounds

  @Test
  void so_many_may_wait_for_one_block() {
    WaitingLine line = line(waiter("t1", ADA, B1), waiter("t2", BOB, B1, B2));

    assertThat(line.hasRoomFor(waiter("t3", CAT, B1), 3)).isTrue();
    assertThat(line.hasRoomFor(waiter("t3", CAT, B1), 2)).isFalse();
    assertThat(line.hasRoomFor(waiter("t3", CAT, B3, B1), 2)).isFalse();
    assertThat(line.hasRoomFor(waiter("t3", CAT, B2), 2)).isTrue();
  }

  @Test
  void one_participant_may_have_20_places() {
    WaitingLine line =
        new WaitingLine(
            IntStream.range(0, 20).mapToObj(i -> waiter("t" + i, ADA, block(i))).toList());

    assertThat(line.hasRoomFor(waiter("last", ADA, B1), 100)).isFalse();
    assertThat(line.hasRoomFor(waiter("last", BOB, B1), 100)).isTrue();
    assertThat(line.without(new Ticket("t7")).hasRoomFor(waiter("last", ADA, B1), 100)).isTrue();
  }

  @Test
  void what_somebody_waits_for_is_what_they_want_at_all_their_places() {
    WaitingLine line =
        line(waiter("t1", ADA, B1, B2), waiter("t2", BOB, block(1)), waiter("t3", ADA, B2, B3));

    assertThat(line.wantedBy(ADA)).containsExactlyInAnyOrder(B1, B2, B3);
    assertThat(line.wantedBy(CAT)).isEmpty();
  }

  // Deadlock

  @Test
  void two_who_each_have_what_the_other_wants_do_not_both_wait() {
    Map<BlockId, ClientId> owners = Map.of(B1, ADA, B2, BOB);
    WaitingLine line = line(waiter("t1", ADA, B2));

    assertThat(line.wouldDeadlock(waiter("t2", BOB, B1), owners)).isTrue();
    assertThat(line.wouldDeadlock(waiter("t2", CAT, B1), owners)).isFalse();
    assertThat(WaitingLine.EMPTY.wouldDeadlock(waiter("t1", ADA, B2), owners)).isFalse();
  }

  @Test
  void a_circle_through_others_is_seen() {
    Map<BlockId, ClientId> owners = Map.of(B1, ADA, B2, BOB, B3, CAT);
    WaitingLine line = line(waiter("t1", ADA, B2), waiter("t2", BOB, B3));

    assertThat(line.wouldDeadlock(waiter("t3", CAT, B1), owners)).isTrue();
    assertThat(line.wouldDeadlock(waiter("t3", DAN, B2), owners)).isFalse();
  }

  @Test
  void one_waits_for_those_ahead_too() {
    WaitingLine line = line(waiter("t1", ADA, B1), waiter("t2", BOB, B1));

    assertThat(line.wouldDeadlock(waiter("t3", ADA, B2), Map.of(B1, CAT, B2, BOB))).isTrue();
    assertThat(line.wouldDeadlock(waiter("t3", BOB, B2), Map.of(B1, CAT, B2, ADA))).isFalse();
  }

  @Test
  void one_does_not_wait_for_those_who_want_what_is_ones_own() {
    WaitingLine line = line(waiter("t1", BOB, B1));

    assertThat(line.wouldDeadlock(waiter("t2", ADA, B1, B2), Map.of(B1, ADA, B2, CAT))).isFalse();
  }

  @Test
  void ones_own_places_are_no_circle() {
    WaitingLine line = line(waiter("t1", ADA, B1, B2));

    assertThat(line.wouldDeadlock(waiter("t2", ADA, B2, B3), Map.of(B1, CAT, B3, ADA))).isFalse();
  }

  /** Whatever is asked for: if owners only let go, everybody's turn comes. */
  @Test
  void whoever_was_let_into_the_line_comes_to_their_turn() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<ClientId> people = List.of(ADA, BOB, CAT, DAN);
    for (int round = 0; round < 500; round++) {
      Map<BlockId, ClientId> owners = new HashMap<>();
      WaitingLine line = WaitingLine.EMPTY;
      for (int i = 0; i < 12; i++) {
        Waiter newcomer = anybody("t" + i, people, random);
        BlockId tried = newcomer.request().asked();
        if (random.nextInt(3) == 0 && line.firstFor(tried, newcomer.client()).isEmpty()) {
          owners.putIfAbsent(tried, newcomer.client());
        } else if (!line.wouldDeadlock(newcomer, owners)) {
          line = line.with(newcomer);
        }
        line = granting(line, owners);
      }

      assertThat(afterEverybodyLetGo(line, owners).waiters()).as("seed " + seed).isEmpty();
    }
  }

  /** Those who wait for nothing let go of all they have, again and again. */
  private static WaitingLine afterEverybodyLetGo(WaitingLine line, Map<BlockId, ClientId> owners) {
    WaitingLine left = line;
    int before;
    do {
      before = left.waiters().size();
      Set<ClientId> waiting = new HashSet<>();
      left.waiters().forEach(each -> waiting.add(each.client()));
      owners.values().removeIf(owner -> !waiting.contains(owner));
      left = granting(left, owners);
    } while (left.waiters().size() < before);
    return left;
  }

  private static WaitingLine granting(WaitingLine line, Map<BlockId, ClientId> owners) {
    WaitingLine left = line;
    for (Optional<Waiter> next = left.next(owners, Map.of(), Set.of());
        next.isPresent();
        next = left.next(owners, Map.of(), Set.of())) {
      Waiter granted = next.get();
      granted.request().blocks().forEach(block -> owners.put(block, granted.client()));
      left = left.without(granted.ticket());
    }
    return left;
  }

  private static Waiter anybody(String ticket, List<ClientId> people, Random random) {
    BlockId[] others =
        IntStream.range(0, random.nextInt(3))
            .mapToObj(i -> block(random.nextInt(5)))
            .toArray(BlockId[]::new);
    return waiter(
        ticket, people.get(random.nextInt(people.size())), block(random.nextInt(5)), others);
  }

  private static BlockId block(int number) {
    return new BlockId("block-" + number);
  }

  private static Optional<String> next(WaitingLine line, Map<BlockId, ClientId> owners) {
    return line.next(owners, Map.of(), Set.of()).map(each -> each.ticket().value());
  }

  private static WaitingLine line(Waiter... waiters) {
    return new WaitingLine(new ArrayList<>(List.of(waiters)));
  }

  private static Waiter waiter(String ticket, ClientId client, BlockId asked, BlockId... others) {
    return new Waiter(new Ticket(ticket), client, LockRequest.of(asked, List.of(others)));
  }
}
