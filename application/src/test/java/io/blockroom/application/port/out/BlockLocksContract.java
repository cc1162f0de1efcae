package io.blockroom.application.port.out;

import static io.blockroom.application.port.out.TwoServers.announcement;
import static io.blockroom.application.port.out.TwoServers.blocks;
import static io.blockroom.application.port.out.TwoServers.edit;
import static io.blockroom.application.port.out.TwoServers.grants;
import static io.blockroom.application.port.out.TwoServers.left;
import static io.blockroom.application.port.out.TwoServers.locked;
import static io.blockroom.application.port.out.TwoServers.owners;
import static io.blockroom.application.port.out.TwoServers.released;
import static io.blockroom.application.port.out.TwoServers.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.BlockLocks.Claim;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.ReleaseOutcome;
import io.blockroom.application.port.out.BlockLocks.ReserveOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsFence;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsTokens;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link BlockLocks} keeps to. */
public interface BlockLocksContract extends BlockLineContract {
  // Locks

  @Test
  default void a_free_block_is_granted_and_this_is_told_everywhere() {
    seat(there(), BOB);
    seat(here(), ADA);

    LockOutcome.Granted granted = lock(here(), ADA, INTRO);

    assertThat(granted.heldBefore()).isEmpty();
    assertThat(granted.locks())
        .extracting(BlockLock::block, BlockLock::owner)
        .containsExactly(tuple(INTRO, ADA.clientId()));
    there().heard().awaitAtEnd(room(), SOON, locked(INTRO, granted));
    here().heard().awaitAtEnd(room(), SOON, locked(INTRO, granted));
    assertThat(there().heard().changesOf(room()).getLast().revision()).isEqualTo(granted.asOf());
  }

  @Test
  default void a_group_is_told_in_one_step_in_the_order_of_the_request() {
    seat(here(), ADA);

    LockOutcome.Granted granted = lock(here(), ADA, LOOP, INTRO, END);

    assertThat(granted.locks()).extracting(BlockLock::block).containsExactly(LOOP, INTRO, END);
    List<RoomEvent> events =
        List.of(locked(LOOP, granted), locked(INTRO, granted), locked(END, granted));
    here().heard().awaitAtEnd(room(), SOON, events.toArray(RoomEvent[]::new));
    assertThat(here().heard().changesOf(room()).getLast())
        .isEqualTo(new RoomChange(room(), granted.asOf(), events));
  }

  @Test
  default void a_block_of_somebody_else_is_denied_with_its_lock() {
    seat(here(), ADA);
    seat(there(), BOB);
    LockOutcome.Granted bobs = lock(there(), BOB, INTRO);

    LockOutcome outcome = ask(here(), ADA, INTRO);

    assertThat(outcome).isInstanceOf(LockOutcome.Denied.class);
    LockOutcome.Denied denied = (LockOutcome.Denied) outcome;
    assertThat(denied.conflicts())
        .extracting(BlockLock::block, BlockLock::grant)
        .containsExactly(tuple(INTRO, bobs.locks().getFirst().grant()));
    assertThat(denied.conflicts().getFirst().remaining()).isPositive();
    assertThat(denied.asOf()).isEqualTo(here().seats().look(room()).revision());
  }

  @Test
  default void a_group_with_one_block_of_somebody_else_is_denied_as_a_whole() {
    seat(here(), ADA);
    seat(here(), BOB);
    lock(here(), BOB, END);
    lock(here(), BOB, LOOP);
    RoomView before = here().seats().look(room());

    LockOutcome outcome = ask(here(), ADA, INTRO, LOOP, END);

    assertThat(outcome).isInstanceOf(LockOutcome.Denied.class);
    assertThat(((LockOutcome.Denied) outcome).conflicts())
        .extracting(BlockLock::block)
        .containsExactly(LOOP, END);
    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void a_block_held_already_stays_the_holders_under_its_token_and_is_not_told_again() {
    seat(here(), ADA);
    LockOutcome.Granted first = lock(here(), ADA, INTRO);

    LockOutcome.Granted again = lock(here(), ADA, INTRO);
    LockOutcome.Granted more = lock(here(), ADA, LOOP, INTRO);

    assertThat(again.heldBefore()).containsExactly(INTRO);
    assertThat(again.asOf()).isEqualTo(first.asOf());
    assertThat(token(again, INTRO)).isEqualTo(token(first, INTRO));
    assertThat(more.heldBefore()).containsExactly(INTRO);
    assertThat(token(more, INTRO)).isEqualTo(token(first, INTRO));
    here()
        .heard()
        .awaitExactly(
            room(), SOON, TwoServers.joined(ADA), locked(INTRO, first), locked(LOOP, more));
  }

  @Test
  default void tokens_grow_with_every_grant_and_the_blocks_of_one_grant_share_one() {
    seat(here(), ADA);
    seat(there(), BOB);

    LockOutcome.Granted pair = lock(here(), ADA, INTRO, LOOP);
    LockOutcome.Granted other = lock(there(), BOB, END);
    ReserveOutcome.Reserved reserved =
        reserve(there(), BOB, new BlockId("free-1"), new BlockId("free-2"));
    LockOutcome.Granted last = lock(here(), ADA, new BlockId("x"));

    assertThat(token(pair, INTRO)).isEqualTo(token(pair, LOOP));
    assertThat(Set.copyOf(reserved.reserved().values())).hasSize(1);
    assertThat(
            List.of(
                token(pair, INTRO),
                token(other, END),
                reserved.reserved().values().iterator().next(),
                token(last, new BlockId("x"))))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  default void a_block_that_is_granted_again_has_a_higher_token() {
    seat(here(), ADA);
    seat(there(), BOB);
    LockOutcome.Granted first = lock(here(), ADA, INTRO);
    here().locks().release(room(), ADA.clientId(), blocks(INTRO));

    LockOutcome.Granted second = lock(there(), BOB, INTRO);

    assertThat(token(first, INTRO)).isLessThan(token(second, INTRO));
  }

  @Test
  default void who_has_no_seat_gets_nothing() {
    seat(here(), ADA);
    RoomView before = here().seats().look(room());

    for (Server server : List.of(here(), there())) {
      assertThat(ask(server, BOB, INTRO)).isInstanceOf(LockOutcome.SeatLost.class);
      assertThat(claim(server, BOB, INTRO)).isInstanceOf(ReserveOutcome.SeatLost.class);
      assertThat(server.locks().release(room(), BOB.clientId(), blocks(INTRO)))
          .isInstanceOf(ReleaseOutcome.SeatLost.class);
    }

    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void who_gave_up_their_seat_gets_nothing() {
    seat(here(), ADA);
    seat(here(), BOB);
    here().seats().giveUp(room(), ADA.clientId(), LeaveReason.LEFT);

    assertThat(ask(here(), ADA, INTRO)).isInstanceOf(LockOutcome.SeatLost.class);
    assertThat(claim(here(), ADA, INTRO)).isInstanceOf(ReserveOutcome.SeatLost.class);
    assertThat(here().locks().release(room(), ADA.clientId(), blocks(INTRO)))
        .isInstanceOf(ReleaseOutcome.SeatLost.class);
  }

  @Test
  default void locks_of_one_room_mean_nothing_in_another() {
    RoomId other = new RoomId(room().value() + "-b");
    seat(here(), ADA);
    lock(here(), ADA, INTRO);
    here().seats().take(other, BOB, 10);
    here().locks().stock(other, TwoServers.draw());

    LockOutcome outcome =
        here().locks().acquire(other, BOB.clientId(), LockRequest.of(INTRO, List.of()));

    assertThat(outcome).isInstanceOf(LockOutcome.Granted.class);
    assertThat(owners(here().seats().look(room()))).isEqualTo(Map.of(INTRO, ADA.clientId()));
  }

  @Test
  default void the_view_shows_the_tokens_of_the_locks() {
    seat(here(), ADA);
    LockOutcome.Granted granted = lock(here(), ADA, INTRO, END);

    assertThat(there().seats().look(room()).locks())
        .isEqualTo(
            Map.of(
                INTRO, granted.locks().getFirst().grant(), END, granted.locks().getLast().grant()));
  }

  // Letting go

  @Test
  default void released_blocks_are_told_in_one_step_in_the_order_of_the_wish() {
    seat(there(), BOB);
    seat(here(), ADA);
    lock(here(), ADA, INTRO, LOOP, END);

    ReleaseOutcome outcome = here().locks().release(room(), ADA.clientId(), blocks(END, INTRO));

    List<RoomEvent> events =
        List.of(released(END, ReleaseReason.RELEASED), released(INTRO, ReleaseReason.RELEASED));
    there().heard().awaitAtEnd(room(), SOON, events.toArray(RoomEvent[]::new));
    RoomChange last = there().heard().changesOf(room()).getLast();
    assertThat(last.events()).isEqualTo(events);
    assertThat(outcome).isEqualTo(new ReleaseOutcome.Released(last.revision()));
    assertThat(owners(here().seats().look(room()))).isEqualTo(Map.of(LOOP, ADA.clientId()));
  }

  @Test
  default void all_are_released_or_none() {
    seat(here(), ADA);
    seat(here(), BOB);
    lock(here(), ADA, INTRO);
    lock(here(), BOB, LOOP);
    reserve(here(), ADA, new BlockId("reserved"));
    RoomView before = here().seats().look(room());

    ReleaseOutcome outcome =
        here()
            .locks()
            .release(room(), ADA.clientId(), blocks(LOOP, INTRO, END, new BlockId("reserved")));

    assertThat(outcome)
        .isEqualTo(
            new ReleaseOutcome.NotHeld(
                before.revision(), blocks(LOOP, END, new BlockId("reserved"))));
    assertThat(((ReleaseOutcome.NotHeld) outcome).blocks())
        .containsExactly(LOOP, END, new BlockId("reserved"));
    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  // Claims

  @Test
  default void a_reservation_tells_the_authors_locks_and_reserves_the_other_blocks() {
    seat(here(), ADA);
    LockOutcome.Granted granted = lock(here(), ADA, INTRO);

    ReserveOutcome.Reserved reserved = reserve(here(), ADA, LOOP, INTRO, END);

    assertThat(reserved.held())
        .extracting(BlockLock::block, BlockLock::grant)
        .containsExactly(tuple(INTRO, granted.locks().getFirst().grant()));
    assertThat(reserved.reserved()).containsOnlyKeys(LOOP, END);
    assertThat(reserved.reserved().values())
        .allMatch(token -> token(granted, INTRO).isOlderThan(token));
    assertThat(reserved.asOf()).isEqualTo(here().seats().look(room()).revision());
  }

  @Test
  default void nobody_is_told_of_a_reservation_and_nobody_sees_it() {
    seat(there(), BOB);
    RoomView before = seat(here(), ADA);

    reserve(here(), ADA, INTRO);

    assertThat(there().seats().look(room())).isEqualTo(before);
    LockOutcome.Granted next = lock(there(), BOB, LOOP);
    there()
        .heard()
        .awaitExactly(
            room(), SOON, TwoServers.joined(BOB), TwoServers.joined(ADA), locked(LOOP, next));
  }

  @Test
  default void a_claim_on_somebody_elses_lock_is_told_all_locks_and_reserves_nothing() {
    seat(here(), ADA);
    seat(there(), BOB);
    LockOutcome.Granted adas = lock(here(), ADA, INTRO);
    LockOutcome.Granted bobs = lock(there(), BOB, LOOP);

    ReserveOutcome outcome = claim(here(), ADA, END, INTRO, LOOP);

    assertThat(outcome).isInstanceOf(ReserveOutcome.Conflicting.class);
    ReserveOutcome.Conflicting conflicting = (ReserveOutcome.Conflicting) outcome;
    assertThat(conflicting.locks())
        .extracting(BlockLock::block, BlockLock::grant)
        .containsExactly(
            tuple(INTRO, adas.locks().getFirst().grant()),
            tuple(LOOP, bobs.locks().getFirst().grant()));
    assertThat(conflicting.asOf()).isEqualTo(bobs.asOf());
    lock(there(), BOB, END);
  }

  @Test
  default void a_block_that_is_reserved_is_denied_as_if_the_author_held_it() {
    seat(here(), ADA);
    seat(there(), BOB);
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, INTRO);

    LockOutcome outcome = ask(there(), BOB, LOOP, INTRO);

    assertThat(outcome).isInstanceOf(LockOutcome.Denied.class);
    assertThat(((LockOutcome.Denied) outcome).conflicts())
        .extracting(BlockLock::block, BlockLock::owner, BlockLock::token)
        .containsExactly(tuple(INTRO, ADA.clientId(), reserved.reserved().get(INTRO)));
  }

  @Test
  default void a_block_that_is_reserved_for_the_asker_becomes_their_lock_under_its_token() {
    seat(here(), ADA);
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, INTRO);

    LockOutcome.Granted granted = lock(here(), ADA, INTRO);

    assertThat(granted.heldBefore()).isEmpty();
    assertThat(token(granted, INTRO)).isEqualTo(reserved.reserved().get(INTRO));
    here().heard().awaitAtEnd(room(), SOON, locked(INTRO, granted));
    end(here(), ADA, reserved, false);
    assertThat(owners(here().seats().look(room()))).isEqualTo(Map.of(INTRO, ADA.clientId()));
  }

  @Test
  default void a_block_is_reserved_for_one_commit_at_a_time() {
    seat(here(), ADA);
    seat(there(), BOB);
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, INTRO);

    for (ReserveOutcome outcome :
        List.of(claim(there(), BOB, LOOP, INTRO), claim(here(), ADA, INTRO))) {
      assertThat(outcome).isInstanceOf(ReserveOutcome.Busy.class);
      assertThat(((ReserveOutcome.Busy) outcome).reservations())
          .extracting(BlockLock::block, BlockLock::owner, BlockLock::token)
          .containsExactly(tuple(INTRO, ADA.clientId(), reserved.reserved().get(INTRO)));
    }
    reserve(there(), BOB, LOOP);
  }

  @Test
  default void each_claim_of_a_list_is_a_step_of_its_own() {
    seat(here(), ADA);
    seat(here(), BOB);

    List<ReserveOutcome> outcomes =
        here()
            .locks()
            .reserve(
                room(),
                List.of(
                    new Claim(ADA.clientId(), blocks(INTRO)),
                    new Claim(BOB.clientId(), blocks(INTRO, LOOP)),
                    new Claim(CAT.clientId(), blocks(END)),
                    new Claim(BOB.clientId(), blocks(LOOP)),
                    new Claim(ADA.clientId(), blocks())));

    assertThat(outcomes)
        .extracting(Object::getClass)
        .containsExactly(
            ReserveOutcome.Reserved.class,
            ReserveOutcome.Busy.class,
            ReserveOutcome.SeatLost.class,
            ReserveOutcome.Reserved.class,
            ReserveOutcome.Reserved.class);
  }

  @Test
  default void no_claims_have_no_outcomes() {
    assertThat(here().locks().reserve(room(), List.of())).isEmpty();
  }

  @Test
  default void an_ended_reservation_frees_what_was_reserved_and_nothing_else() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(here(), ADA, INTRO);
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, INTRO, LOOP);

    end(here(), ADA, reserved, false);

    assertThat(ask(there(), BOB, INTRO)).isInstanceOf(LockOutcome.Denied.class);
    assertThat(token(lock(there(), BOB, LOOP), LOOP)).isGreaterThan(reserved.reserved().get(LOOP));
  }

  @Test
  default void what_was_reserved_without_an_answer_is_freed_whatever_its_token() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(here(), ADA, INTRO);
    ReserveOutcome.Reserved unanswered = reserve(here(), ADA, INTRO, LOOP);
    reserve(there(), BOB, END);

    here().locks().endReservation(room(), ADA.clientId(), Map.of(), blocks(INTRO, LOOP, END), true);

    assertThat(owners(here().seats().look(room()))).isEqualTo(Map.of(INTRO, ADA.clientId()));
    assertThat(claim(here(), ADA, END)).isInstanceOf(ReserveOutcome.Busy.class);
    assertThat(ask(there(), BOB, LOOP)).isEqualTo(new NeedsFence(unanswered.reserved()));
    here().locks().release(room(), ADA.clientId(), blocks(INTRO));
    assertThat(ask(there(), BOB, LOOP, INTRO)).isEqualTo(new NeedsFence(grants(unanswered)));
  }

  @Test
  default void the_end_of_a_former_reservation_does_not_end_the_next_one() {
    seat(here(), ADA);
    ReserveOutcome.Reserved former = reserve(here(), ADA, INTRO);
    end(here(), ADA, former, false);
    reserve(here(), ADA, INTRO);

    end(here(), ADA, former, false);

    assertThat(claim(here(), ADA, INTRO)).isInstanceOf(ReserveOutcome.Busy.class);
  }

  @Test
  default void a_reservation_ends_with_its_authors_seat_and_nobody_is_told() {
    seat(there(), BOB);
    seat(here(), ADA);
    reserve(here(), ADA, INTRO);

    here().seats().giveUp(room(), ADA.clientId(), LeaveReason.LEFT);

    assertThat(askPrepared(there(), BOB, INTRO)).isInstanceOf(LockOutcome.Granted.class);
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(there().heard().eventsOf(room())).contains(left(ADA, LeaveReason.LEFT)));
    assertThat(there().heard().eventsOf(room()))
        .doesNotContain(released(INTRO, ReleaseReason.DISCONNECTED));
  }

  // Fences

  @Test
  default void what_a_dead_server_left_is_granted_once_it_was_barred_and_its_end_told() {
    seat(here(), ADA);
    seat(there(), BOB);
    LockOutcome.Granted bobs = lock(there(), BOB, INTRO);
    ReserveOutcome.Reserved dying = reserve(there(), BOB, LOOP);

    crashThere();

    await()
        .atMost(crashIsToldWithin())
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !(ask(here(), ADA, INTRO) instanceof LockOutcome.Denied));
    RoomEvent[] told = {
      TwoServers.joined(ADA),
      TwoServers.joined(BOB),
      locked(INTRO, bobs),
      released(INTRO, ReleaseReason.NODE_DOWN),
      left(BOB, LeaveReason.NODE_DOWN)
    };
    here().heard().awaitExactly(room(), SOON, told);
    RoomView before = here().seats().look(room());
    Map<BlockId, FencingToken> former = grants(dying);
    former.put(INTRO, token(bobs, INTRO));
    assertThat(ask(here(), ADA, END, INTRO, LOOP)).isEqualTo(new NeedsFence(former));
    assertThat(claim(here(), ADA, END, INTRO, LOOP)).isEqualTo(new NeedsFence(former));
    assertThat(here().seats().look(room())).isEqualTo(before);

    here().locks().barred(room(), former);

    LockOutcome.Granted adas = lock(here(), ADA, END, INTRO, LOOP);
    assertThat(former.values()).allMatch(token -> token.isOlderThan(token(adas, INTRO)));
    here()
        .heard()
        .awaitAtEnd(room(), SOON, locked(END, adas), locked(INTRO, adas), locked(LOOP, adas));
  }

  @Test
  default void what_was_given_back_needs_no_fence() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(there(), BOB, INTRO, LOOP, END);
    there().locks().release(room(), BOB.clientId(), blocks(INTRO));
    ReserveOutcome.Reserved reserved = reserve(there(), BOB, LOOP, new BlockId("free"));
    there().broadcast().announce(room(), List.of(announcement(edit(BOB), reserved, LOOP)));
    ReserveOutcome.Reserved refused = reserve(there(), BOB, new BlockId("other"));
    end(there(), BOB, refused, false);
    there().seats().giveUp(room(), BOB.clientId(), LeaveReason.TIMEOUT);

    lock(here(), ADA, INTRO, LOOP, END, new BlockId("free"), new BlockId("other"));
  }

  @Test
  default void what_a_commit_of_unknown_outcome_touched_needs_a_fence() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(here(), ADA, INTRO);
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, INTRO, LOOP);

    end(here(), ADA, reserved, true);

    lock(here(), ADA, INTRO);
    assertThat(ask(there(), BOB, INTRO)).isInstanceOf(LockOutcome.Denied.class);
    here().locks().release(room(), ADA.clientId(), blocks(INTRO));
    NeedsFence needed = new NeedsFence(grants(reserved));
    assertThat(ask(there(), BOB, INTRO, LOOP)).isEqualTo(needed);
    assertThat(claim(there(), BOB, INTRO, LOOP)).isEqualTo(needed);
    assertThat(ask(here(), ADA, INTRO, LOOP)).isEqualTo(needed);
    there().locks().barred(room(), needed.former());
    lock(there(), BOB, INTRO, LOOP);
  }

  @Test
  default void what_is_let_go_while_a_commit_is_under_way_needs_a_fence_until_that_is_through() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(here(), ADA, INTRO);
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, INTRO);
    here().locks().release(room(), ADA.clientId(), blocks(INTRO));

    assertThat(ask(there(), BOB, INTRO)).isEqualTo(new NeedsFence(grants(reserved)));

    here().broadcast().announce(room(), List.of(announcement(edit(ADA), reserved)));
    lock(there(), BOB, INTRO);
  }

  @Test
  default void what_its_owner_leaves_while_a_commit_is_under_way_needs_a_fence() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(here(), ADA, INTRO, END);
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, INTRO, LOOP);

    here().seats().giveUp(room(), ADA.clientId(), LeaveReason.LEFT);

    assertThat(ask(there(), BOB, INTRO, LOOP, END)).isEqualTo(new NeedsFence(grants(reserved)));
    end(here(), ADA, reserved, false);
    lock(there(), BOB, INTRO, LOOP, END);
  }

  @Test
  default void of_two_commits_on_a_lock_the_end_of_one_is_not_enough() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(here(), ADA, INTRO);
    ReserveOutcome.Reserved first = reserve(here(), ADA, INTRO);
    ReserveOutcome.Reserved second = reserve(here(), ADA, INTRO);

    here().broadcast().announce(room(), List.of(announcement(edit(ADA), first, INTRO)));

    assertThat(ask(there(), BOB, INTRO)).isEqualTo(new NeedsFence(grants(second)));
    end(here(), ADA, second, false);
    lock(there(), BOB, INTRO);
  }

  @Test
  default void only_the_newest_grant_counts_as_barred() {
    seat(here(), ADA);
    seat(there(), BOB);
    FencingToken older = token(lock(here(), ADA, INTRO), INTRO);
    here().locks().release(room(), ADA.clientId(), blocks(INTRO));
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, INTRO);
    end(here(), ADA, reserved, true);

    here().locks().barred(room(), Map.of(INTRO, older));

    assertThat(ask(there(), BOB, INTRO)).isEqualTo(new NeedsFence(grants(reserved)));
    FencingToken newer = token(lock(there(), BOB, LOOP), LOOP);
    there().locks().barred(room(), Map.of(INTRO, newer));
    lock(there(), BOB, INTRO);
  }

  @Test
  default void the_end_of_a_barred_commit_does_not_vouch_for_the_next_one() {
    seat(here(), ADA);
    seat(there(), BOB);
    ReserveOutcome.Reserved former = reserve(here(), ADA, INTRO);
    end(here(), ADA, former, true);
    here().locks().barred(room(), grants(former));
    ReserveOutcome.Reserved next = reserve(here(), ADA, INTRO);
    end(here(), ADA, next, true);

    end(here(), ADA, former, false);

    assertThat(ask(there(), BOB, INTRO)).isEqualTo(new NeedsFence(grants(next)));
  }

  @Test
  default void nobody_is_told_of_fences_and_a_room_without_anybody_forgets_them() {
    RoomView before = seat(here(), ADA);
    here().locks().barred(room(), Map.of(INTRO, new FencingToken(1)));
    end(here(), ADA, reserve(here(), ADA, INTRO), true);
    assertThat(here().seats().look(room())).isEqualTo(before);

    here().seats().giveUp(room(), ADA.clientId(), LeaveReason.LEFT);

    assertThat(sit(there(), BOB).hasTokens()).isFalse();
    there().locks().stock(room(), TwoServers.draw());
    lock(there(), BOB, INTRO);
  }

  // Tokens

  @Test
  default void a_room_without_tokens_grants_nothing_and_changes_nothing() {
    RoomView before = sit(here(), ADA).view();

    assertThat(ask(here(), ADA, INTRO)).isInstanceOf(NeedsTokens.class);
    assertThat(claim(here(), ADA, INTRO)).isInstanceOf(NeedsTokens.class);

    assertThat(here().seats().look(room())).isEqualTo(before);
    assertThat(claim(here(), ADA)).isInstanceOf(ReserveOutcome.Reserved.class);
  }

  @Test
  default void grants_have_the_tokens_of_the_room_in_their_order_and_no_others() {
    sit(here(), ADA);
    FencingToken first = TwoServers.draw().first();
    here().locks().stock(room(), new TokenRange(first, new FencingToken(first.value() + 1)));

    assertThat(token(lock(here(), ADA, INTRO), INTRO)).isEqualTo(first);
    assertThat(reserve(here(), ADA, LOOP).reserved())
        .isEqualTo(Map.of(LOOP, new FencingToken(first.value() + 1)));
    assertThat(ask(here(), ADA, END)).isInstanceOf(NeedsTokens.class);
    assertThat(claim(here(), ADA, END)).isInstanceOf(NeedsTokens.class);
    lock(here(), ADA, INTRO);
    reserve(here(), ADA, INTRO);
  }

  @Test
  default void a_newcomer_is_told_whether_there_are_tokens() {
    assertThat(sit(here(), ADA).hasTokens()).isFalse();
    here().locks().stock(room(), TwoServers.draw());

    assertThat(sit(there(), BOB).hasTokens()).isTrue();
  }

  @Test
  default void the_first_tokens_of_a_room_change_nothing_that_can_be_seen() {
    RoomView before = sit(here(), ADA).view();

    here().locks().stock(room(), TwoServers.draw());

    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void tokens_that_were_drawn_before_the_rooms_own_are_ignored() {
    TokenRange older = TwoServers.draw();
    TokenRange newer = TwoServers.draw();
    sit(here(), ADA);
    here().locks().stock(room(), newer);
    LockOutcome.Granted granted = lock(here(), ADA, INTRO);
    RoomView before = here().seats().look(room());

    there().locks().stock(room(), older);
    there().locks().stock(room(), newer);

    assertThat(here().seats().look(room())).isEqualTo(before);
    assertThat(token(lock(here(), ADA, LOOP), LOOP)).isGreaterThan(token(granted, INTRO));
  }

  @Test
  default void with_later_tokens_locks_that_stand_get_new_ones_and_this_is_told() {
    seat(there(), BOB);
    seat(here(), ADA);
    List<FencingToken> former = new ArrayList<>();
    former.add(token(lock(here(), ADA, INTRO, LOOP), INTRO));
    former.add(token(lock(there(), BOB, END), END));
    TokenRange later = TwoServers.draw();

    here().locks().stock(room(), later);

    RoomView after = here().seats().look(room());
    assertThat(owners(after))
        .isEqualTo(Map.of(INTRO, ADA.clientId(), LOOP, ADA.clientId(), END, BOB.clientId()));
    assertThat(after.locks().values())
        .allMatch(grant -> !grant.token().isOlderThan(later.first()))
        .allMatch(grant -> former.stream().allMatch(old -> old.isOlderThan(grant.token())));
    List<RoomEvent> renewed = new ArrayList<>();
    after
        .locks()
        .forEach((block, grant) ->
            renewed.add(new RoomEvent.BlockLocked(block, grant.owner(), grant.token())));
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          RoomChange last = there().heard().changesOf(room()).getLast();
          assertThat(last.revision()).isEqualTo(after.revision());
          assertThat(last.events()).containsExactlyInAnyOrderElementsOf(renewed);
        });
    assertThat(token(lock(here(), ADA, new BlockId("next")), new BlockId("next")))
        .isGreaterThan(
            after.locks().values().stream()
                .map(grant -> grant.token())
                .sorted()
                .toList()
                .getLast());
  }

  @Test
  default void with_later_tokens_reservations_and_the_need_of_fences_end() {
    seat(here(), ADA);
    seat(there(), BOB);
    end(here(), ADA, reserve(here(), ADA, LOOP), true);
    ReserveOutcome.Reserved underWay = reserve(here(), ADA, INTRO);

    there().locks().stock(room(), TwoServers.draw());

    lock(there(), BOB, INTRO, LOOP);
    end(here(), ADA, underWay, false);
    assertThat(owners(there().seats().look(room())))
        .isEqualTo(Map.of(INTRO, BOB.clientId(), LOOP, BOB.clientId()));
  }

  @Test
  default void a_room_without_anybody_takes_no_tokens() {
    here().locks().stock(room(), TwoServers.draw());

    assertThat(sit(here(), ADA).hasTokens()).isFalse();
  }

  @Test
  default void a_lock_outlives_its_owners_server_for_a_moment_at_the_most() {
    seat(here(), ADA);

    BlockLock lock = lock(here(), ADA, INTRO).locks().getFirst();

    assertThat(lock.remaining()).isPositive().isLessThanOrEqualTo(here().locks().ttl());
  }

  @Test
  default void no_answer_about_locks_is_told_within_3_seconds() {
    seat(here(), ADA);
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, LOOP);

    assertRefusedWithin3Seconds(
        () -> ask(here(), ADA, INTRO),
        () -> here().locks().release(room(), ADA.clientId(), blocks(INTRO)),
        () -> claim(here(), ADA, INTRO),
        () -> end(here(), ADA, reserved, false),
        () -> here().locks().stock(room(), TwoServers.draw()),
        () -> here().locks().barred(room(), Map.of(INTRO, new FencingToken(1))));
  }
}
