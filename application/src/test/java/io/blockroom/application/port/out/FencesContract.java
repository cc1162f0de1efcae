package io.blockroom.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.CommitLog.AppendOutcome;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Appended;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Fenced;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.TokenRange;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Fences} keeps to. */
public interface FencesContract extends StorageContract {
  @BeforeEach
  default void begin() {
    openRooms();
  }

  @Test
  default void every_draw_hands_out_the_tokens_that_come_next() {
    List<TokenRange> drawn = IntStream.range(0, 5).mapToObj(n -> draw()).toList();

    assertAscending(drawn);
  }

  @Test
  default void no_token_is_handed_out_twice_however_many_draw_at_once() {
    List<TokenRange> drawn = AtOnce.call(32, n -> draw());

    assertAscending(drawn.stream().sorted(Comparator.comparing(TokenRange::first)).toList());
  }

  @Test
  default void tokens_that_were_handed_out_before_are_good_for_nothing_after_a_draw() {
    TokenRange first = draw();
    append(Edit.of(INTRO).under(first.last().value()));
    TokenRange second = draw();

    assertFenced(Edit.of(INTRO).under(first.last().value()));
    assertFenced(Edit.of(LOOP).under(first.last().value()));
    assertFenced(Edit.of(LOOP).under(second.first().value() - 1));
    assertFenced(Edit.none(LOOP).under(first.first().value()));
    assertAccepted(Edit.of(LOOP).under(second.first().value()));
    assertAccepted(Edit.of(INTRO).by(BOB).under(second.last().value()));
  }

  @Test
  default void tokens_of_one_room_are_no_matter_to_another() {
    TokenRange first = draw();
    storage().fences().draw(MUSIC);
    storage().fences().draw(MUSIC);

    assertAccepted(Edit.of(INTRO).under(first.first().value()));
  }

  @Test
  default void a_room_that_does_not_exist_has_no_tokens() {
    assertThatThrownBy(() -> storage().fences().draw(NOWHERE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** G4. */
  @Test
  default void a_barred_grant_and_all_before_it_are_refused_and_later_ones_are_not() {
    bar(INTRO, 5);

    assertFenced(Edit.of(INTRO).under(4));
    assertFenced(Edit.of(INTRO).under(5));
    assertFenced(Edit.none(INTRO).under(5));
    assertFenced(Edit.of(LOOP).touching(INTRO).under(5));
    assertAccepted(Edit.of(LOOP).under(1));
    assertAccepted(Edit.of(INTRO).under(6));
  }

  @Test
  default void a_grant_under_which_somebody_committed_can_be_barred() {
    append(Edit.of(INTRO).under(5));

    bar(INTRO, 5);

    assertFenced(Edit.of(INTRO).under(5));
  }

  @Test
  default void a_fence_that_is_ahead_stays_where_it_is() {
    append(Edit.of(INTRO).under(5));
    bar(LOOP, 5);

    bar(INTRO, 4);
    bar(LOOP, 4);

    assertFenced(Edit.of(LOOP).under(5));
    assertAccepted(Edit.of(INTRO).under(5));
  }

  @Test
  default void a_draw_does_not_lower_a_fence() {
    TokenRange next = draw();
    bar(INTRO, next.last().value() + 7);

    TokenRange drawn = draw();

    assertFenced(Edit.of(INTRO).under(drawn.first().value()));
    assertAccepted(Edit.of(INTRO).under(next.last().value() + 8));
  }

  @Test
  default void many_blocks_are_barred_at_once() {
    Map<BlockId, FencingToken> former =
        LongStream.rangeClosed(1, 2_000)
            .boxed()
            .collect(Collectors.toMap(n -> new BlockId("b:" + n), FencingToken::new));

    storage().fences().bar(MAZE, former);

    assertFenced(Edit.of(new BlockId("b:1")).under(1));
    assertFenced(Edit.of(new BlockId("b:2000")).under(2_000));
    assertAccepted(Edit.of(new BlockId("b:2000")).under(2_001));
  }

  @Test
  default void barring_nothing_or_in_a_room_that_does_not_exist_does_nothing() {
    storage().fences().bar(MAZE, Map.of());
    storage().fences().bar(NOWHERE, Map.of(INTRO, new FencingToken(5)));

    assertThat(storage().rooms().find(NOWHERE)).isEmpty();
    assertAccepted(Edit.of(INTRO).under(1));
  }

  /** I1: what comes back from {@code bar} is a promise, whatever is under way meanwhile. */
  @Test
  default void after_a_bar_no_commit_of_a_former_owner_is_accepted_though_many_are_under_way() {
    List<Long> accepted =
        AtOnce.call(
            9,
            n -> {
              if (n == 0) {
                bar(INTRO, 5);
                return (long) log().size();
              }
              long last = 0;
              for (int i = 0; i < 30; i++) {
                AppendOutcome outcome = append(Edit.of(INTRO).under(5)).getFirst();
                last = outcome instanceof Appended stood ? stood.seq().value() : last;
              }
              return last;
            });

    assertThat(accepted).allSatisfy(last -> assertThat(last).isLessThanOrEqualTo(accepted.get(0)));
    assertThat(log().size()).isEqualTo(accepted.get(0).intValue());
  }

  @Test
  default void every_method_of_the_fences_throws_when_the_storage_does_not_answer() {
    Fences lost = lostStorage().fences();

    assertUnavailable(
        () -> lost.draw(MAZE), () -> lost.bar(MAZE, Map.of(INTRO, new FencingToken(1))));
  }

  private TokenRange draw() {
    return storage().fences().draw(MAZE);
  }

  private void bar(BlockId block, long token) {
    storage().fences().bar(MAZE, Map.of(block, new FencingToken(token)));
  }

  private void assertFenced(Edit edit) {
    assertThat(append(edit).getFirst()).isInstanceOf(Fenced.class);
  }

  private void assertAccepted(Edit edit) {
    assertThat(append(edit).getFirst()).isInstanceOf(Appended.class);
  }

  private static void assertAscending(List<TokenRange> drawn) {
    assertThat(Set.copyOf(drawn)).hasSize(drawn.size());
    assertThat(drawn)
        .allSatisfy(range ->
            assertThat(range.last().value() - range.first().value() + 1)
                .isEqualTo(TokenRange.SIZE));
    for (int i = 1; i < drawn.size(); i++) {
      assertThat(drawn.get(i - 1).last().isOlderThan(drawn.get(i).first())).isTrue();
    }
  }
}
