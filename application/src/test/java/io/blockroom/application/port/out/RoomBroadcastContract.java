package io.blockroom.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.RoomBroadcast.AnnounceOutcome;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link RoomBroadcast} keeps to. */
public interface RoomBroadcastContract extends TwoServers {
  @Test
  default void a_commit_is_told_to_every_server_in_the_room_as_it_is() {
    seat(there(), BOB);
    seat(here(), ADA);

    AnnounceOutcome outcome = here().broadcast().announce(room(), TwoServers.edit(ADA), Set.of());

    assertThat(outcome).isInstanceOf(AnnounceOutcome.Announced.class);
    here().heard().awaitAtEnd(room(), SOON, TwoServers.edit(ADA));
    there().heard().awaitAtEnd(room(), SOON, TwoServers.edit(ADA));
    assertThat(there().heard().changesOf(room()).getLast().revision())
        .isEqualTo(((AnnounceOutcome.Announced) outcome).asOf());
  }

  @Test
  default void the_releases_follow_the_commit_in_the_same_change() {
    seat(here(), ADA);
    lock(here(), ADA, INTRO, LOOP, END);

    here().broadcast().announce(room(), TwoServers.edit(ADA), TwoServers.blocks(LOOP, INTRO));

    here().heard().awaitAtEnd(room(), SOON, TwoServers.released(INTRO));
    assertThat(here().heard().changesOf(room()).getLast().events())
        .containsExactly(
            TwoServers.edit(ADA), TwoServers.released(LOOP), TwoServers.released(INTRO));
    assertThat(here().seats().look(room()).locks()).isEqualTo(Map.of(END, ADA.clientId()));
  }

  @Test
  default void a_released_block_that_somebody_else_holds_keeps_its_lock_and_is_not_mentioned() {
    seat(here(), ADA);
    seat(here(), BOB);
    lock(here(), BOB, LOOP);

    here().broadcast().announce(room(), TwoServers.edit(ADA), Set.of(LOOP));

    here().heard().awaitAtEnd(room(), SOON, TwoServers.edit(ADA));
    assertThat(here().seats().look(room()).locks()).isEqualTo(Map.of(LOOP, BOB.clientId()));
  }

  @Test
  default void a_released_block_that_nobody_holds_is_told_free_all_the_same() {
    seat(here(), ADA);

    here().broadcast().announce(room(), TwoServers.edit(ADA), Set.of(LOOP));

    here().heard().awaitAtEnd(room(), SOON, TwoServers.edit(ADA), TwoServers.released(LOOP));
  }

  @Test
  default void a_released_block_can_be_locked_by_others() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(here(), ADA, INTRO);
    here().broadcast().announce(room(), TwoServers.edit(ADA), Set.of(INTRO));

    lock(there(), BOB, INTRO);

    here()
        .heard()
        .awaitAtEnd(room(), SOON, TwoServers.released(INTRO), TwoServers.locked(INTRO, BOB));
  }

  @Test
  default void a_commit_of_somebody_without_a_seat_is_told_to_nobody() {
    seat(here(), ADA);
    RoomView before = here().seats().look(room());

    assertThat(here().broadcast().announce(room(), TwoServers.edit(BOB), Set.of(INTRO)))
        .isInstanceOf(AnnounceOutcome.SeatLost.class);
    assertThat(there().broadcast().announce(room(), TwoServers.edit(BOB), Set.of(INTRO)))
        .isInstanceOf(AnnounceOutcome.SeatLost.class);

    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void a_commit_without_a_workspace_comes_without_one() {
    seat(here(), ADA);
    CommitApplied bare =
        new CommitApplied(SequenceNumber.NONE, ADA.clientId(), END, "[]", Optional.empty());

    here().broadcast().announce(room(), bare, Set.of());

    here().heard().awaitAtEnd(room(), SOON, bare);
  }

  @Test
  default void a_large_workspace_arrives_verbatim() {
    seat(there(), BOB);
    seat(here(), ADA);
    String text = "<xml>" + "글\r\n\t\u0000🙂 e\u0301 \\ \"".repeat(8_000) + "</xml>";
    CommitApplied large =
        new CommitApplied(
            new SequenceNumber(9_007_199_254_740_993L),
            ADA.clientId(),
            LOOP,
            "[" + text + "]",
            Optional.of(new WorkspaceXml(text)));

    here().broadcast().announce(room(), large, Set.of());

    there().heard().awaitAtEnd(room(), SOON, large);
  }

  @Test
  default void all_listeners_get_one_order_of_revisions_that_grow_by_one() {
    seat(here(), ADA);
    seat(there(), BOB);
    for (int round = 0; round < 20; round++) {
      lock(here(), ADA, INTRO);
      lock(there(), BOB, LOOP);
      here().broadcast().announce(room(), TwoServers.edit(ADA), Set.of(INTRO));
      there().broadcast().announce(room(), TwoServers.edit(BOB), Set.of(LOOP));
    }
    RoomView end = here().seats().look(room());

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(here().heard().changesOf(room()).getLast().revision())
              .isEqualTo(end.revision());
          assertThat(there().heard().changesOf(room()).getLast().revision())
              .isEqualTo(end.revision());
        });
    List<RoomChange> fromHere = here().heard().changesOf(room());
    assertThat(fromHere).hasSize(82);
    for (int n = 1; n < fromHere.size(); n++) {
      assertThat(fromHere.get(n - 1).revision().isFollowedBy(fromHere.get(n).revision())).isTrue();
    }
    assertThat(there().heard().changesOf(room())).isEqualTo(fromHere.subList(1, fromHere.size()));
  }

  @Test
  default void a_server_without_seats_in_the_room_hears_nothing_of_it() {
    RoomId other = new RoomId(room().value() + "-b");
    seat(here(), ADA);
    lock(here(), ADA, INTRO);

    there().seats().take(other, BOB, 10);
    there().heard().awaitAtEnd(other, SOON, TwoServers.joined(BOB));

    assertThat(there().heard().changesOf(room())).isEmpty();
    assertThat(here().heard().changesOf(other)).isEmpty();
  }

  @Test
  default void a_departure_is_told_to_those_who_stay() {
    seat(here(), ADA);
    seat(there(), BOB);

    there().seats().giveUp(room(), BOB.clientId());

    List<RoomEvent> all =
        List.of(TwoServers.joined(ADA), TwoServers.joined(BOB), TwoServers.left(BOB));
    here().heard().awaitExactly(room(), SOON, all.toArray(RoomEvent[]::new));
  }

  @Test
  default void no_answer_to_an_announcement_is_told_within_3_seconds() {
    seat(here(), ADA);

    assertRefusedWithin3Seconds(
        () -> here().broadcast().announce(room(), TwoServers.edit(ADA), Set.of()));
  }
}
