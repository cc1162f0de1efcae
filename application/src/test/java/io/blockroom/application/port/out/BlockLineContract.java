package io.blockroom.application.port.out;

import static io.blockroom.application.port.out.TwoServers.announcement;
import static io.blockroom.application.port.out.TwoServers.blocks;
import static io.blockroom.application.port.out.TwoServers.edit;
import static io.blockroom.application.port.out.TwoServers.grants;
import static io.blockroom.application.port.out.TwoServers.left;
import static io.blockroom.application.port.out.TwoServers.owners;
import static io.blockroom.application.port.out.TwoServers.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.BlockLocks.AdvanceOutcome;
import io.blockroom.application.port.out.BlockLocks.HandOverOutcome;
import io.blockroom.application.port.out.BlockLocks.LineOutcome;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.ReserveOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsFence;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsTokens;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.GrantReason;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link BlockLocks} keeps to where participants wait for locks or lose them. */
public interface BlockLineContract extends TwoServers {
  Participant DAN = TwoServers.participant("dan-4", "Dan");

  /** How many may wait for a block, where a test does not say otherwise. */
  int MOST_PER_BLOCK = 20;

  static Waiter waiter(String ticket, Participant who, BlockId asked, BlockId... others) {
    return new Waiter(new Ticket(ticket), who.clientId(), LockRequest.of(asked, List.of(others)));
  }

  /** Asks for blocks, if need be in line. */
  default LineOutcome queue(
      Server server, String ticket, Participant who, BlockId asked, BlockId... others) {
    return server.locks().queue(room(), waiter(ticket, who, asked, others), MOST_PER_BLOCK);
  }

  /** Asks for blocks, for which the asker must wait in line. */
  default LineOutcome.Queued wait(
      Server server, String ticket, Participant who, BlockId asked, BlockId... others) {
    LineOutcome outcome = queue(server, ticket, who, asked, others);
    assertThat(outcome).isInstanceOf(LineOutcome.Queued.class);
    return (LineOutcome.Queued) outcome;
  }

  default void letGo(Server server, Participant who, BlockId... released) {
    server.locks().release(room(), who.clientId(), blocks(released));
  }

  private static RoomEvent joined(String ticket, Participant who, BlockId asked, BlockId... more) {
    return new RoomEvent.LineJoined(waiter(ticket, who, asked, more));
  }

  private static RoomEvent gone(String ticket) {
    return new RoomEvent.LineLeft(new Ticket(ticket));
  }

  private static RoomEvent turn(String ticket) {
    return new RoomEvent.TurnCame(new Ticket(ticket));
  }

  private static RoomEvent released(BlockId block, ReleaseReason reason, int waiting) {
    return new RoomEvent.BlockReleased(block, reason, waiting);
  }

  /** The lock that somebody has now, as it was told when so many waited. */
  private RoomEvent locked(BlockId block, Participant who, int waiting) {
    return locked(block, who, GrantReason.ACQUIRED, waiting);
  }

  private RoomEvent locked(BlockId block, Participant who, GrantReason how, int waiting) {
    FencingToken token = Objects.requireNonNull(tokens().get(block));
    return new RoomEvent.BlockLocked(block, who.clientId(), token, how, waiting);
  }

  /** Of all locks. */
  private Map<BlockId, FencingToken> tokens() {
    Map<BlockId, FencingToken> tokens = new HashMap<>();
    here().seats().look(room()).locks().forEach((block, grant) -> tokens.put(block, grant.token()));
    return tokens;
  }

  /** Waits until both servers have heard this change, as the last one. */
  private void assertLastChange(RoomEvent... events) {
    Revision revision = here().seats().look(room()).revision();
    RoomChange change = new RoomChange(room(), revision, List.of(events));
    for (Server server : List.of(here(), there())) {
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(server.heard().changesOf(room()).getLast()).isEqualTo(change));
    }
  }

  private WaitingLine line() {
    return there().seats().look(room()).line();
  }

  private List<String> tickets() {
    return line().waiters().stream().map(each -> each.ticket().value()).toList();
  }

  /** Ada has the introduction; Bob is on the other server, Cat and Dan on this one. */
  private LockOutcome.Granted adaHasTheIntroduction() {
    seat(here(), ADA);
    seat(there(), BOB);
    seat(here(), CAT);
    seat(here(), DAN);
    return lock(here(), ADA, INTRO);
  }

  // Coming into line

  @Test
  default void who_cannot_have_a_block_waits_and_this_is_told_everywhere() {
    LockOutcome.Granted adas = adaHasTheIntroduction();

    LineOutcome.Queued queued = wait(there(), "t1", BOB, INTRO, LOOP);

    assertThat(queued.position()).isOne();
    assertThat(queued.obstacle().block()).isEqualTo(INTRO);
    assertThat(queued.obstacle().grant()).isEqualTo(adas.locks().getFirst().grant());
    assertThat(queued.obstacle().remaining()).isPositive();
    RoomView view = here().seats().look(room());
    assertThat(view.line().waiters()).containsExactly(waiter("t1", BOB, INTRO, LOOP));
    assertThat(view.line().waiters().getFirst().request().blocks()).containsExactly(INTRO, LOOP);
    assertThat(owners(view)).isEqualTo(Map.of(INTRO, ADA.clientId()));
    assertThat(queued.asOf()).isEqualTo(view.revision());
    assertLastChange(joined("t1", BOB, INTRO, LOOP));
  }

  @Test
  default void who_can_have_all_blocks_is_granted_them_and_does_not_wait() {
    adaHasTheIntroduction();

    LineOutcome outcome = queue(there(), "t1", BOB, LOOP, END);

    assertThat(outcome).isInstanceOf(LockOutcome.Granted.class);
    assertThat(tickets()).isEmpty();
    assertLastChange(locked(LOOP, BOB, 0), locked(END, BOB, 0));
  }

  @Test
  default void what_is_in_the_way_is_named_on_the_asked_block_if_anything_is() {
    adaHasTheIntroduction();
    lock(here(), CAT, LOOP);

    assertThat(wait(there(), "t1", BOB, LOOP, INTRO).obstacle().owner()).isEqualTo(CAT.clientId());
    assertThat(wait(there(), "t2", BOB, END, INTRO).obstacle().block()).isEqualTo(INTRO);
  }

  @Test
  default void the_position_counts_those_ahead_who_want_one_of_the_blocks() {
    adaHasTheIntroduction();
    lock(here(), ADA, LOOP);

    assertThat(wait(there(), "t1", BOB, INTRO).position()).isOne();
    assertThat(wait(here(), "t2", CAT, LOOP).position()).isOne();
    assertThat(wait(here(), "t3", DAN, INTRO, LOOP).position()).isEqualTo(3);
    assertThat(tickets()).containsExactly("t1", "t2", "t3");
  }

  @Test
  default void a_full_line_takes_nobody_and_changes_nothing() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO);
    wait(here(), "t2", CAT, INTRO, LOOP);
    RoomView before = here().seats().look(room());

    LineOutcome outcome = here().locks().queue(room(), waiter("t3", DAN, LOOP, INTRO), 2);

    assertThat(outcome).isEqualTo(new LineOutcome.LineFull(before.revision()));
    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void nobody_may_wait_for_more_than_200_blocks_in_all() {
    adaHasTheIntroduction();
    for (String half : List.of("x", "y")) {
      BlockId[] others =
          IntStream.range(1, 100).mapToObj(i -> new BlockId(half + i)).toArray(BlockId[]::new);
      assertThat(there().locks().queue(room(), waiter(half, BOB, INTRO, others), 100))
          .isInstanceOf(LineOutcome.Queued.class);
    }

    assertThat(there().locks().queue(room(), waiter("more", BOB, INTRO), 100))
        .isInstanceOf(LineOutcome.LineFull.class);
  }

  // How many one may have (S05)

  /** So many blocks that are nobody's. */
  private static BlockId[] fresh(String name, int number) {
    return IntStream.range(0, number).mapToObj(i -> new BlockId(name + i)).toArray(BlockId[]::new);
  }

  private LockOutcome.Granted lockAll(Server server, Participant asker, BlockId... wanted) {
    List<BlockId> others = List.of(wanted).subList(1, wanted.length);
    return lock(server, asker, wanted[0], others.toArray(BlockId[]::new));
  }

  private void assertNothingChanged(Supplier<?> request, Function<Revision, ?> outcome) {
    RoomView before = here().seats().look(room());

    assertThat(request.get()).isEqualTo(outcome.apply(before.revision()));

    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  @DisplayName("S05 nobody locks more than 200 blocks")
  default void nobody_locks_more_than_200_blocks() {
    seat(here(), ADA);
    seat(there(), BOB);
    BlockId[] many = fresh("x", 199);
    lockAll(here(), ADA, many);

    assertNothingChanged(() -> ask(here(), ADA, INTRO, LOOP), LockOutcome.LimitReached::new);
    lock(here(), ADA, INTRO, many[7]);
    assertNothingChanged(() -> ask(here(), ADA, many[7], LOOP), LockOutcome.LimitReached::new);
    assertNothingChanged(() -> queue(here(), "t1", ADA, LOOP), LockOutcome.LimitReached::new);

    assertThat(lockAll(here(), ADA, many).heldBefore()).containsExactlyInAnyOrder(many);
    lock(there(), BOB, LOOP);
    letGo(here(), ADA, many[7]);
    lock(here(), ADA, END);
  }

  @Test
  @DisplayName("S05 whoever has as many as they may hears so, whoever else wants the block")
  default void the_limit_is_looked_at_before_what_is_in_the_way() {
    seat(here(), ADA);
    seat(there(), BOB);
    lockAll(here(), ADA, fresh("x", 200));
    lock(there(), BOB, INTRO);

    assertNothingChanged(() -> ask(here(), ADA, INTRO), LockOutcome.LimitReached::new);
    assertNothingChanged(() -> queue(here(), "t1", ADA, INTRO), LockOutcome.LimitReached::new);
  }

  @Test
  @DisplayName("S05 what one waits for counts, each block once")
  default void what_one_waits_for_counts_each_block_once() {
    adaHasTheIntroduction();
    BlockId[] many = fresh("x", 100);
    lockAll(there(), BOB, many);
    wait(there(), "t1", BOB, INTRO, many);
    lockAll(there(), BOB, fresh("y", 98));

    assertNothingChanged(() -> ask(there(), BOB, LOOP, END), LockOutcome.LimitReached::new);
    lock(there(), BOB, LOOP);

    assertNothingChanged(() -> ask(there(), BOB, END), LockOutcome.LimitReached::new);
    letGo(here(), ADA, INTRO);
    assertThat(owners(here().seats().look(room())))
        .hasSize(200)
        .containsEntry(INTRO, BOB.clientId());
    assertNothingChanged(() -> ask(there(), BOB, END), LockOutcome.LimitReached::new);
  }

  @Test
  @DisplayName("S05 a commit under way counts until it ends")
  default void what_a_commit_is_under_way_on_counts_until_it_ends() {
    seat(here(), ADA);
    BlockId[] many = fresh("x", 199);
    ReserveOutcome.Reserved underWay = reserve(here(), ADA, many);

    assertNothingChanged(() -> ask(here(), ADA, INTRO, LOOP), LockOutcome.LimitReached::new);
    lock(here(), ADA, many[0], INTRO);
    end(here(), ADA, underWay, false);

    lock(here(), ADA, LOOP, END);
  }

  @Test
  @DisplayName("S05 a commit on more blocks than one may lock makes no way around")
  default void what_a_large_commit_is_under_way_on_is_not_locked() {
    seat(here(), ADA);
    BlockId[] many = fresh("x", 300);
    ReserveOutcome.Reserved underWay = reserve(here(), ADA, many);

    assertNothingChanged(() -> ask(here(), ADA, many[7]), LockOutcome.LimitReached::new);
    end(here(), ADA, underWay, false);

    lock(here(), ADA, many[7], INTRO);
  }

  @Test
  @DisplayName("S05 nobody is handed more than they may have")
  default void nobody_is_handed_more_than_they_may_have() {
    adaHasTheIntroduction();
    BlockId[] many = fresh("x", 200);
    lockAll(there(), BOB, many);

    assertNothingChanged(
        () -> here().locks().handOver(room(), ADA.clientId(), INTRO, BOB.clientId()),
        HandOverOutcome.LimitReached::new);

    letGo(there(), BOB, many[7]);
    assertThat(here().locks().handOver(room(), ADA.clientId(), INTRO, BOB.clientId()))
        .isInstanceOf(HandOverOutcome.HandedOver.class);
  }

  @Test
  default void nobody_may_wait_at_more_than_20_places() {
    adaHasTheIntroduction();
    for (int i = 0; i < WaitingLine.MOST_PLACES; i++) {
      assertThat(there().locks().queue(room(), waiter("t" + i, BOB, INTRO), 100))
          .isInstanceOf(LineOutcome.Queued.class);
    }

    assertThat(there().locks().queue(room(), waiter("more", BOB, INTRO), 100))
        .isInstanceOf(LineOutcome.LineFull.class);
    assertThat(here().locks().queue(room(), waiter("other", CAT, INTRO), 100))
        .isInstanceOf(LineOutcome.Queued.class);
  }

  @Test
  default void whose_turn_could_never_come_is_denied_and_nothing_changes() {
    adaHasTheIntroduction();
    lock(there(), BOB, LOOP);
    wait(there(), "t1", BOB, INTRO);
    RoomView before = here().seats().look(room());

    LineOutcome outcome = queue(here(), "t2", ADA, END, LOOP);

    assertThat(outcome).isInstanceOf(LockOutcome.Denied.class);
    assertThat(((LockOutcome.Denied) outcome).conflicts())
        .extracting(BlockLock::block, BlockLock::owner)
        .containsExactly(tuple(LOOP, BOB.clientId()));
    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void a_circle_through_others_is_no_line_either() {
    adaHasTheIntroduction();
    lock(there(), BOB, LOOP);
    lock(here(), CAT, END);
    wait(there(), "t1", BOB, END);
    wait(here(), "t2", CAT, INTRO);

    assertThat(queue(here(), "t3", ADA, LOOP)).isInstanceOf(LockOutcome.Denied.class);
    assertThat(queue(here(), "t4", DAN, LOOP)).isInstanceOf(LineOutcome.Queued.class);
  }

  @Test
  default void a_commit_under_way_makes_no_circle() {
    adaHasTheIntroduction();
    ReserveOutcome.Reserved bobs = reserve(there(), BOB, LOOP);
    wait(there(), "t1", BOB, INTRO);

    wait(here(), "t2", ADA, LOOP);

    end(there(), BOB, bobs, false);
    assertLastChange(turn("t2"), locked(LOOP, ADA, 0));
  }

  @Test
  default void who_has_no_seat_can_neither_wait_nor_hand_over() {
    adaHasTheIntroduction();

    assertThat(queue(there(), "t1", CAT, INTRO)).isInstanceOf(LockOutcome.SeatLost.class);
    assertThat(there().locks().handOver(room(), ADA.clientId(), INTRO, BOB.clientId()))
        .isInstanceOf(HandOverOutcome.SeatLost.class);
  }

  @Test
  default void who_need_not_wait_gets_nothing_before_the_room_is_ready() {
    sit(here(), ADA);
    assertThat(queue(here(), "t1", ADA, INTRO)).isInstanceOf(NeedsTokens.class);
    here().locks().stock(room(), TwoServers.draw());
    ReserveOutcome.Reserved unknown = reserve(here(), ADA, INTRO);
    end(here(), ADA, unknown, true);

    assertThat(queue(here(), "t1", ADA, LOOP, INTRO)).isEqualTo(new NeedsFence(grants(unknown)));

    assertThat(tickets()).isEmpty();
  }

  // Coming to one's turn

  @Test
  default void the_turn_comes_in_the_very_step_of_the_release() {
    LockOutcome.Granted adas = adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO, LOOP);

    letGo(here(), ADA, INTRO);

    assertLastChange(
        released(INTRO, ReleaseReason.RELEASED, 1),
        turn("t1"),
        locked(INTRO, BOB, 0),
        locked(LOOP, BOB, 0));
    assertThat(tickets()).isEmpty();
    Map<BlockId, FencingToken> tokens = tokens();
    assertThat(tokens.get(INTRO)).isEqualTo(tokens.get(LOOP)).isGreaterThan(token(adas, INTRO));
  }

  @Test
  default void whoever_came_first_comes_first_and_each_event_counts_who_waits_then() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO);
    wait(here(), "t2", CAT, INTRO);
    wait(here(), "t3", DAN, LOOP, END, INTRO);

    letGo(here(), ADA, INTRO);

    assertLastChange(released(INTRO, ReleaseReason.RELEASED, 3), turn("t1"), locked(INTRO, BOB, 2));
    letGo(there(), BOB, INTRO);
    assertLastChange(released(INTRO, ReleaseReason.RELEASED, 2), turn("t2"), locked(INTRO, CAT, 1));
    letGo(here(), CAT, INTRO);
    assertLastChange(
        released(INTRO, ReleaseReason.RELEASED, 1),
        turn("t3"),
        locked(LOOP, DAN, 0),
        locked(END, DAN, 0),
        locked(INTRO, DAN, 0));
  }

  @Test
  default void one_release_may_bring_several_turns() {
    adaHasTheIntroduction();
    lock(here(), ADA, LOOP);
    wait(there(), "t1", BOB, LOOP);
    wait(here(), "t2", CAT, INTRO);

    letGo(here(), ADA, INTRO, LOOP);

    assertLastChange(
        released(INTRO, ReleaseReason.RELEASED, 1),
        released(LOOP, ReleaseReason.RELEASED, 1),
        turn("t1"),
        locked(LOOP, BOB, 0),
        turn("t2"),
        locked(INTRO, CAT, 0));
    assertThat(tokens().get(LOOP)).isLessThan(tokens().get(INTRO));
  }

  @Test
  default void a_group_holds_nothing_while_it_waits_but_nobody_goes_past_it() {
    adaHasTheIntroduction();
    FencingToken newest = token(lock(here(), CAT, END), END);
    wait(there(), "t1", BOB, LOOP, INTRO);

    LockOutcome tried = ask(here(), CAT, LOOP);

    assertThat(tried).isInstanceOf(LockOutcome.Denied.class);
    assertThat(((LockOutcome.Denied) tried).conflicts())
        .extracting(BlockLock::block, BlockLock::owner, BlockLock::token)
        .containsExactly(tuple(LOOP, BOB.clientId(), newest));
    LineOutcome.Queued queued = wait(here(), "t2", CAT, LOOP);
    assertThat(queued.position()).isEqualTo(2);
    assertThat(queued.obstacle().owner()).isEqualTo(BOB.clientId());
    assertThat(owners(here().seats().look(room())))
        .isEqualTo(Map.of(INTRO, ADA.clientId(), END, CAT.clientId()));
    letGo(here(), ADA, INTRO);
    assertLastChange(
        released(INTRO, ReleaseReason.RELEASED, 1),
        turn("t1"),
        locked(LOOP, BOB, 1),
        locked(INTRO, BOB, 0));
  }

  @Test
  default void all_that_is_in_the_way_is_named_in_the_order_of_the_request() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, LOOP, INTRO);

    LockOutcome tried = ask(here(), CAT, LOOP, END, INTRO);

    assertThat(((LockOutcome.Denied) tried).conflicts())
        .extracting(BlockLock::block, BlockLock::owner)
        .containsExactly(tuple(LOOP, BOB.clientId()), tuple(INTRO, ADA.clientId()));
  }

  @Test
  default void who_waits_may_take_what_only_they_wait_for() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, LOOP, INTRO);

    lock(there(), BOB, LOOP);

    assertLastChange(locked(LOOP, BOB, 1));
  }

  @Test
  default void what_is_theirs_already_stays_theirs_whoever_waits_for_it() {
    LockOutcome.Granted adas = adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO);
    lock(here(), CAT, LOOP);

    assertThat(lock(here(), ADA, END, INTRO).heldBefore()).containsExactly(INTRO);
    wait(here(), "t2", ADA, INTRO, LOOP);
    letGo(here(), CAT, LOOP);

    assertLastChange(released(LOOP, ReleaseReason.RELEASED, 1), turn("t2"), locked(LOOP, ADA, 0));
    assertThat(here().seats().look(room()).locks().get(INTRO))
        .isEqualTo(adas.locks().getFirst().grant());
  }

  @Test
  default void the_turn_comes_with_the_commit_that_lets_go() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO);
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, INTRO);

    here().broadcast().announce(room(), List.of(announcement(edit(ADA), reserved, INTRO)));

    assertLastChange(
        edit(ADA), released(INTRO, ReleaseReason.COMMITTED, 1), turn("t1"), locked(INTRO, BOB, 0));
  }

  @Test
  default void the_turn_comes_when_a_commit_frees_what_was_reserved_for_it() {
    adaHasTheIntroduction();
    ReserveOutcome.Reserved announced = reserve(here(), ADA, LOOP);
    ReserveOutcome.Reserved refused = reserve(here(), ADA, END);
    assertThat(wait(there(), "t1", BOB, LOOP).obstacle().owner()).isEqualTo(ADA.clientId());
    wait(here(), "t2", CAT, END);

    here().broadcast().announce(room(), List.of(announcement(edit(ADA), announced)));
    assertLastChange(edit(ADA), turn("t1"), locked(LOOP, BOB, 0));

    end(here(), ADA, refused, false);
    assertLastChange(turn("t2"), locked(END, CAT, 0));
  }

  @Test
  default void what_is_reserved_for_the_asker_does_not_let_them_pass_others() {
    adaHasTheIntroduction();
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, LOOP);
    wait(there(), "t1", BOB, LOOP);

    LockOutcome tried = ask(here(), ADA, LOOP);

    assertThat(tried).isInstanceOf(LockOutcome.Denied.class);
    assertThat(((LockOutcome.Denied) tried).conflicts())
        .extracting(BlockLock::owner)
        .containsExactly(BOB.clientId());
    assertThat(wait(here(), "t2", ADA, LOOP).position()).isEqualTo(2);
    end(here(), ADA, reserved, false);
    assertLastChange(turn("t1"), locked(LOOP, BOB, 1));
  }

  @Test
  default void what_is_reserved_for_the_waiter_becomes_their_lock_under_its_token() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO, LOOP);
    ReserveOutcome.Reserved reserved = reserve(there(), BOB, LOOP);

    letGo(here(), ADA, INTRO);

    assertLastChange(
        released(INTRO, ReleaseReason.RELEASED, 1),
        turn("t1"),
        locked(INTRO, BOB, 0),
        locked(LOOP, BOB, 0));
    assertThat(tokens().get(LOOP)).isEqualTo(reserved.reserved().get(LOOP));
    end(there(), BOB, reserved, false);
    assertThat(owners(here().seats().look(room()))).containsEntry(LOOP, BOB.clientId());
  }

  @Test
  default void the_turn_comes_when_the_owner_leaves() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO);

    here().seats().giveUp(room(), ADA.clientId(), LeaveReason.LEFT);

    assertLastChange(
        released(INTRO, ReleaseReason.DISCONNECTED, 1),
        left(ADA, LeaveReason.LEFT),
        turn("t1"),
        locked(INTRO, BOB, 0));
  }

  // Leaving the line

  @Test
  default void whoever_leaves_the_line_is_told_and_those_behind_come_to_their_turn() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO, LOOP);
    wait(there(), "t2", BOB, INTRO);
    wait(here(), "t3", CAT, LOOP);
    wait(here(), "t4", DAN, INTRO);

    Revision asOf =
        there().locks().leaveLine(room(), Set.of(new Ticket("t1"), new Ticket("never-seen")));

    assertLastChange(gone("t1"), turn("t3"), locked(LOOP, CAT, 0));
    assertThat(asOf).isEqualTo(here().seats().look(room()).revision());
    assertThat(tickets()).containsExactly("t2", "t4");
  }

  @Test
  default void several_places_are_left_in_one_step() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO);
    wait(there(), "t2", BOB, INTRO, LOOP);

    there().locks().leaveLine(room(), Set.of(new Ticket("t1"), new Ticket("t2")));

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(here().heard().changesOf(room()).getLast().events())
                .containsExactlyInAnyOrder(gone("t1"), gone("t2")));
    assertThat(tickets()).isEmpty();
  }

  @Test
  default void who_is_not_in_line_leaves_nothing() {
    adaHasTheIntroduction();
    RoomView before = here().seats().look(room());

    assertThat(here().locks().leaveLine(room(), Set.of(new Ticket("t1"))))
        .isEqualTo(before.revision());
    assertThat(here().locks().leaveLine(room(), Set.of())).isEqualTo(before.revision());
    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void places_end_with_the_seat() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO, LOOP);
    wait(here(), "t2", CAT, LOOP);
    lock(there(), BOB, END);

    there().seats().giveUp(room(), BOB.clientId(), LeaveReason.TIMEOUT);

    RoomEvent locked = locked(LOOP, CAT, 0);
    here()
        .heard()
        .awaitAtEnd(
            room(),
            SOON,
            gone("t1"),
            released(END, ReleaseReason.DISCONNECTED, 0),
            left(BOB, LeaveReason.TIMEOUT),
            turn("t2"),
            locked);
  }

  // What must be done first

  @Test
  default void the_turn_for_what_a_dead_server_left_comes_once_that_is_barred() {
    adaHasTheIntroduction();
    FencingToken bobs = token(lock(there(), BOB, LOOP), LOOP);
    wait(here(), "t1", CAT, LOOP, INTRO);
    wait(here(), "t2", DAN, LOOP);
    letGo(here(), ADA, INTRO);

    crashThere();

    await()
        .atMost(crashIsToldWithin())
        .untilAsserted(() ->
            assertThat(here().heard().eventsOf(room()))
                .endsWith(
                    released(LOOP, ReleaseReason.NODE_DOWN, 2), left(BOB, LeaveReason.NODE_DOWN)));
    NeedsFence needed = new NeedsFence(Map.of(LOOP, bobs));
    RoomView before = here().seats().look(room());
    assertThat(here().locks().advance(room())).isEqualTo(needed);
    assertThat(here().seats().look(room())).isEqualTo(before);
    assertThat(ask(here(), ADA, INTRO)).isInstanceOf(LockOutcome.Denied.class);

    here().locks().barred(room(), needed.former());

    here()
        .heard()
        .awaitAtEnd(room(), SOON, turn("t1"), locked(LOOP, CAT, 1), locked(INTRO, CAT, 0));
    assertThat(here().locks().advance(room()))
        .isEqualTo(new AdvanceOutcome.Advanced(here().seats().look(room()).revision()));
  }

  @Test
  default void the_places_of_a_dead_servers_clients_end() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO, LOOP);
    wait(here(), "t2", CAT, LOOP);

    crashThere();

    await()
        .atMost(crashIsToldWithin())
        .untilAsserted(() -> assertThat(here().heard().eventsOf(room())).contains(turn("t2")));
    here()
        .heard()
        .awaitAtEnd(
            room(),
            SOON,
            gone("t1"),
            left(BOB, LeaveReason.NODE_DOWN),
            turn("t2"),
            locked(LOOP, CAT, 0));
  }

  @Test
  default void who_must_wait_for_a_fence_is_passed_for_other_blocks_only() {
    adaHasTheIntroduction();
    lock(here(), ADA, END);
    ReserveOutcome.Reserved underWay = reserve(here(), ADA, INTRO);
    wait(there(), "t1", BOB, INTRO, LOOP);
    wait(here(), "t2", CAT, LOOP);
    wait(here(), "t3", DAN, END);

    letGo(here(), ADA, INTRO, END);

    assertLastChange(
        released(INTRO, ReleaseReason.RELEASED, 1),
        released(END, ReleaseReason.RELEASED, 1),
        turn("t3"),
        locked(END, DAN, 0));
    assertThat(tickets()).containsExactly("t1", "t2");
    assertThat(there().locks().advance(room())).isEqualTo(new NeedsFence(grants(underWay)));
    there().locks().barred(room(), grants(underWay));
    assertLastChange(turn("t1"), locked(INTRO, BOB, 0), locked(LOOP, BOB, 1));
  }

  @Test
  default void the_turn_comes_when_the_commit_is_through_that_made_a_fence_necessary() {
    adaHasTheIntroduction();
    ReserveOutcome.Reserved underWay = reserve(here(), ADA, INTRO);
    wait(there(), "t1", BOB, INTRO);
    letGo(here(), ADA, INTRO);
    assertThat(tickets()).containsExactly("t1");

    end(here(), ADA, underWay, false);

    assertLastChange(turn("t1"), locked(INTRO, BOB, 0));
  }

  @Test
  default void the_turn_comes_with_new_tokens_when_there_were_none() {
    sit(here(), ADA);
    sit(there(), BOB);
    FencingToken last = TwoServers.draw().first();
    here().locks().stock(room(), new TokenRange(last, last));
    lock(here(), ADA, INTRO);
    wait(there(), "t1", BOB, INTRO);
    letGo(here(), ADA, INTRO);
    assertThat(tickets()).containsExactly("t1");
    assertThat(there().locks().advance(room())).isInstanceOf(NeedsTokens.class);

    there().locks().stock(room(), TwoServers.draw());

    assertLastChange(turn("t1"), locked(INTRO, BOB, 0));
  }

  @Test
  default void with_later_tokens_everybody_keeps_their_place_and_is_counted() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO);

    here().locks().stock(room(), TwoServers.draw());

    assertLastChange(locked(INTRO, ADA, 1));
    assertThat(tickets()).containsExactly("t1");
  }

  @Test
  default void where_no_turn_has_come_nothing_is_left_to_do() {
    adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO);
    RoomView before = here().seats().look(room());

    assertThat(there().locks().advance(room()))
        .isEqualTo(new AdvanceOutcome.Advanced(before.revision()));
    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  // Handing over

  @Test
  default void a_lock_is_handed_over_past_the_line_under_a_new_token_in_one_step() {
    LockOutcome.Granted adas = adaHasTheIntroduction();
    wait(here(), "t1", CAT, INTRO);

    HandOverOutcome outcome =
        here().locks().handOver(room(), ADA.clientId(), INTRO, BOB.clientId());

    assertLastChange(
        released(INTRO, ReleaseReason.HANDOVER, 1), locked(INTRO, BOB, GrantReason.HANDOVER, 1));
    RoomView after = here().seats().look(room());
    assertThat(outcome).isEqualTo(new HandOverOutcome.HandedOver(after.revision()));
    assertThat(tokens().get(INTRO)).isGreaterThan(token(adas, INTRO));
    assertThat(tickets()).containsExactly("t1");
  }

  @Test
  default void who_is_given_what_they_wait_for_waits_no_more() {
    adaHasTheIntroduction();
    wait(here(), "t1", CAT, INTRO);
    wait(there(), "t2", BOB, INTRO);
    wait(there(), "t3", BOB, INTRO, LOOP);
    lock(here(), DAN, END);
    wait(there(), "t4", BOB, INTRO, END);

    here().locks().handOver(room(), ADA.clientId(), INTRO, BOB.clientId());

    RoomEvent free = locked(LOOP, BOB, 0);
    assertLastChange(
        released(INTRO, ReleaseReason.HANDOVER, 4),
        locked(INTRO, BOB, GrantReason.HANDOVER, 4),
        turn("t2"),
        turn("t3"),
        free);
    assertThat(tickets()).containsExactly("t1", "t4");
  }

  @Test
  default void only_a_lock_can_be_handed_over_and_only_by_its_owner() {
    adaHasTheIntroduction();
    reserve(here(), ADA, LOOP);
    RoomView before = here().seats().look(room());

    for (BlockId block : List.of(LOOP, END)) {
      assertThat(here().locks().handOver(room(), ADA.clientId(), block, BOB.clientId()))
          .isEqualTo(new HandOverOutcome.NotHeld(before.revision()));
    }
    assertThat(here().locks().handOver(room(), CAT.clientId(), INTRO, BOB.clientId()))
        .isEqualTo(new HandOverOutcome.NotHeld(before.revision()));
    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void nothing_is_handed_over_to_somebody_who_is_not_there() {
    adaHasTheIntroduction();
    there().seats().giveUp(room(), BOB.clientId(), LeaveReason.LEFT);
    RoomView before = here().seats().look(room());

    assertThat(here().locks().handOver(room(), ADA.clientId(), INTRO, BOB.clientId()))
        .isEqualTo(new HandOverOutcome.NoSuchParticipant(before.revision()));
    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void a_block_is_not_handed_over_while_a_commit_on_it_is_under_way_and_not_barred() {
    adaHasTheIntroduction();
    ReserveOutcome.Reserved underWay = reserve(here(), ADA, INTRO);
    RoomView before = here().seats().look(room());

    assertThat(here().locks().handOver(room(), ADA.clientId(), INTRO, BOB.clientId()))
        .isEqualTo(new NeedsFence(grants(underWay)));
    assertThat(here().seats().look(room())).isEqualTo(before);

    here().locks().barred(room(), grants(underWay));
    assertThat(here().locks().handOver(room(), ADA.clientId(), INTRO, BOB.clientId()))
        .isInstanceOf(HandOverOutcome.HandedOver.class);
    end(here(), ADA, underWay, false);
    letGo(there(), BOB, INTRO);
    lock(here(), CAT, INTRO);
  }

  @Test
  default void a_hand_over_needs_a_token() {
    sit(here(), ADA);
    sit(there(), BOB);
    FencingToken last = TwoServers.draw().first();
    here().locks().stock(room(), new TokenRange(last, last));
    lock(here(), ADA, INTRO);

    assertThat(here().locks().handOver(room(), ADA.clientId(), INTRO, BOB.clientId()))
        .isInstanceOf(NeedsTokens.class);
  }

  // Taking away

  @Test
  default void the_locks_of_who_does_nothing_end_and_count_as_not_given_back() {
    LockOutcome.Granted adas = adaHasTheIntroduction();
    FencingToken loops = token(lock(here(), ADA, LOOP), LOOP);
    reserve(here(), ADA, END);

    here().locks().endIdle(room(), ADA.clientId());

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(there().heard().changesOf(room()).getLast().events())
                .containsExactlyInAnyOrder(
                    released(INTRO, ReleaseReason.IDLE, 0), released(LOOP, ReleaseReason.IDLE, 0)));
    RoomView after = here().seats().look(room());
    assertThat(after.locks()).isEmpty();
    assertThat(after.participants()).contains(ADA);
    assertThat(ask(there(), BOB, END)).isInstanceOf(LockOutcome.Denied.class);
    assertThat(ask(there(), BOB, INTRO, LOOP))
        .isEqualTo(new NeedsFence(Map.of(INTRO, token(adas, INTRO), LOOP, loops)));
  }

  @Test
  default void who_waits_for_an_idle_lock_gets_it_once_its_owner_is_barred() {
    LockOutcome.Granted adas = adaHasTheIntroduction();
    wait(there(), "t1", BOB, INTRO);

    here().locks().endIdle(room(), ADA.clientId());

    assertLastChange(released(INTRO, ReleaseReason.IDLE, 1));
    NeedsFence needed = new NeedsFence(Map.of(INTRO, token(adas, INTRO)));
    assertThat(there().locks().advance(room())).isEqualTo(needed);
    there().locks().barred(room(), needed.former());
    assertLastChange(turn("t1"), locked(INTRO, BOB, 0));
  }

  @Test
  default void who_has_no_locks_or_sits_elsewhere_loses_none() {
    adaHasTheIntroduction();
    RoomView before = here().seats().look(room());

    here().locks().endIdle(room(), CAT.clientId());
    there().locks().endIdle(room(), ADA.clientId());

    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void a_lock_ends_by_force_whoever_has_it_and_counts_as_not_given_back() {
    LockOutcome.Granted adas = adaHasTheIntroduction();
    lock(here(), ADA, LOOP);

    assertThat(there().locks().force(room(), INTRO)).isTrue();

    assertLastChange(released(INTRO, ReleaseReason.FORCED, 0));
    assertThat(owners(here().seats().look(room()))).isEqualTo(Map.of(LOOP, ADA.clientId()));
    assertThat(ask(there(), BOB, INTRO))
        .isEqualTo(new NeedsFence(Map.of(INTRO, token(adas, INTRO))));
  }

  @Test
  default void what_nobody_has_locked_cannot_be_ended() {
    adaHasTheIntroduction();
    reserve(here(), ADA, LOOP);
    RoomView before = here().seats().look(room());

    assertThat(here().locks().force(room(), LOOP)).isFalse();
    assertThat(here().locks().force(room(), END)).isFalse();

    assertThat(here().seats().look(room())).isEqualTo(before);
    assertThat(ask(there(), BOB, LOOP)).isInstanceOf(LockOutcome.Denied.class);
  }

  @Test
  default void in_a_room_without_anybody_nobody_waits_and_nothing_is_held() {
    assertThat(here().locks().advance(room())).isInstanceOf(AdvanceOutcome.Advanced.class);
    assertThat(here().locks().force(room(), INTRO)).isFalse();
    here().locks().endIdle(room(), ADA.clientId());
    assertThat(here().locks().leaveLine(room(), Set.of(new Ticket("t1")))).isNotNull();

    assertThat(here().seats().look(room()).line()).isEqualTo(WaitingLine.EMPTY);
  }

  // All together

  @Test
  default void whatever_happens_everybody_comes_to_their_turn_in_order_and_at_once() {
    RandomLine line = new RandomLine(this, new Random().nextLong());

    line.run(300);
  }

  @Test
  default void no_answer_about_the_line_is_told_within_3_seconds() {
    adaHasTheIntroduction();

    assertRefusedWithin3Seconds(
        () -> queue(here(), "t1", CAT, INTRO),
        () -> here().locks().leaveLine(room(), Set.of(new Ticket("t1"))),
        () -> here().locks().advance(room()),
        () -> here().locks().handOver(room(), ADA.clientId(), INTRO, CAT.clientId()),
        () -> here().locks().endIdle(room(), CAT.clientId()),
        () -> here().locks().force(room(), END));
  }
}
