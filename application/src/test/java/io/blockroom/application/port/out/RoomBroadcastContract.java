package io.blockroom.application.port.out;

import static io.blockroom.application.port.out.TwoServers.announcement;
import static io.blockroom.application.port.out.TwoServers.edit;
import static io.blockroom.application.port.out.TwoServers.locked;
import static io.blockroom.application.port.out.TwoServers.owners;
import static io.blockroom.application.port.out.TwoServers.released;
import static io.blockroom.domain.lock.ReleaseReason.COMMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.ReserveOutcome;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Cursor;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.presence.Status;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What every {@link RoomBroadcast} keeps to. */
public interface RoomBroadcastContract extends TwoServers {
  @Test
  default void a_commit_is_told_to_every_server_in_the_room_as_it_is() {
    seat(there(), BOB);
    seat(here(), ADA);

    Revision asOf = announce(here(), edit(ADA));

    here().heard().awaitAtEnd(room(), SOON, edit(ADA));
    there().heard().awaitAtEnd(room(), SOON, edit(ADA));
    assertThat(there().heard().changesOf(room()).getLast().revision()).isEqualTo(asOf);
    assertThat(there().seats().look(room()).revision()).isEqualTo(asOf);
  }

  @Test
  default void the_releases_follow_the_commit_in_the_same_change() {
    seat(here(), ADA);
    lock(here(), ADA, INTRO, LOOP, END);

    announce(here(), edit(ADA), LOOP, INTRO);

    here().heard().awaitAtEnd(room(), SOON, released(INTRO, COMMITTED));
    assertThat(here().heard().changesOf(room()).getLast().events())
        .containsExactly(edit(ADA), released(LOOP, COMMITTED), released(INTRO, COMMITTED));
    assertThat(owners(here().seats().look(room()))).isEqualTo(Map.of(END, ADA.clientId()));
  }

  @Test
  default void several_commits_are_told_in_one_change_each_with_its_releases() {
    seat(there(), BOB);
    seat(here(), ADA);
    seat(here(), CAT);
    lock(here(), ADA, INTRO);
    lock(here(), CAT, LOOP);

    Revision asOf =
        here()
            .broadcast()
            .announce(
                room(),
                List.of(
                    announcement(edit(ADA), reserve(here(), ADA, INTRO), INTRO),
                    announcement(edit(CAT), reserve(here(), CAT, LOOP, END), LOOP, END)));

    there().heard().awaitAtEnd(room(), SOON, released(END, COMMITTED));
    here().heard().awaitAtEnd(room(), SOON, released(END, COMMITTED));
    RoomChange change =
        new RoomChange(
            room(),
            asOf,
            List.of(
                edit(ADA),
                released(INTRO, COMMITTED),
                edit(CAT),
                released(LOOP, COMMITTED),
                released(END, COMMITTED)));
    for (Server server : List.of(here(), there())) {
      assertThat(server.heard().changesOf(room()).getLast()).isEqualTo(change);
    }
    lock(there(), BOB, INTRO, LOOP, END);
  }

  @Test
  default void a_reservation_ends_with_its_commit_and_nobody_is_told() {
    seat(here(), ADA);
    seat(there(), BOB);
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, INTRO);

    here().broadcast().announce(room(), List.of(announcement(edit(ADA), reserved)));

    here().heard().awaitAtEnd(room(), SOON, edit(ADA));
    lock(there(), BOB, INTRO);
  }

  @Test
  default void a_reservation_that_is_over_is_not_ended_again() {
    seat(here(), ADA);
    seat(there(), BOB);
    ReserveOutcome.Reserved former = reserve(here(), ADA, INTRO);
    end(here(), ADA, former, false);
    reserve(there(), BOB, INTRO);

    here().broadcast().announce(room(), List.of(announcement(edit(ADA), former)));

    assertThat(claim(here(), ADA, INTRO)).isInstanceOf(ReserveOutcome.Busy.class);
  }

  @Test
  default void a_released_block_that_somebody_else_holds_keeps_its_lock_and_is_not_mentioned() {
    seat(here(), ADA);
    seat(here(), BOB);
    lock(here(), BOB, LOOP);

    announce(here(), edit(ADA), LOOP);

    here().heard().awaitAtEnd(room(), SOON, edit(ADA));
    assertThat(owners(here().seats().look(room()))).isEqualTo(Map.of(LOOP, BOB.clientId()));
  }

  @Test
  default void a_released_block_that_its_author_has_locked_anew_since_keeps_its_lock() {
    seat(here(), ADA);
    lock(here(), ADA, LOOP);
    ReserveOutcome.Reserved reserved = reserve(here(), ADA, LOOP);
    here().locks().release(room(), ADA.clientId(), Set.of(LOOP));
    LockOutcome outcome = askPrepared(here(), ADA, LOOP);
    assertThat(outcome).isInstanceOf(LockOutcome.Granted.class);

    here().broadcast().announce(room(), List.of(announcement(edit(ADA), reserved, LOOP)));

    here().heard().awaitAtEnd(room(), SOON, edit(ADA));
    assertThat(owners(here().seats().look(room()))).isEqualTo(Map.of(LOOP, ADA.clientId()));
  }

  @Test
  default void a_released_block_that_nobody_holds_is_told_free_all_the_same() {
    seat(here(), ADA);
    seat(there(), BOB);
    reserve(there(), BOB, INTRO);

    announce(here(), edit(ADA), LOOP, INTRO);

    here()
        .heard()
        .awaitAtEnd(room(), SOON, edit(ADA), released(LOOP, COMMITTED), released(INTRO, COMMITTED));
    assertThat(claim(here(), ADA, INTRO)).isInstanceOf(ReserveOutcome.Busy.class);
  }

  @Test
  default void a_released_block_can_be_locked_by_others() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(here(), ADA, INTRO);
    announce(here(), edit(ADA), INTRO);

    LockOutcome.Granted granted = lock(there(), BOB, INTRO);

    here().heard().awaitAtEnd(room(), SOON, released(INTRO, COMMITTED), locked(INTRO, granted));
  }

  @Test
  default void a_commit_of_somebody_who_has_no_seat_any_more_is_told_all_the_same() {
    seat(here(), ADA);
    seat(there(), BOB);
    ReserveOutcome.Reserved reserved = reserve(there(), BOB, INTRO);
    there().seats().giveUp(room(), BOB.clientId(), LeaveReason.LEFT);

    Revision asOf =
        there().broadcast().announce(room(), List.of(announcement(edit(BOB), reserved, INTRO)));

    here().heard().awaitAtEnd(room(), SOON, edit(BOB), released(INTRO, COMMITTED));
    assertThat(here().seats().look(room()).revision()).isEqualTo(asOf);
    lock(here(), ADA, INTRO);
  }

  @Test
  default void a_commit_in_a_room_without_anybody_is_told_to_nobody() {
    announce(here(), edit(ADA), INTRO);

    assertThat(here().seats().look(room()).participants()).isEmpty();
    assertThat(sit(here(), BOB).view().locks()).isEmpty();
    here().heard().awaitExactly(room(), SOON, TwoServers.joined(BOB));
  }

  @Test
  default void nothing_to_announce_changes_nothing() {
    RoomView before = seat(here(), ADA);

    assertThat(here().broadcast().announce(room(), List.of())).isEqualTo(before.revision());

    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void a_commit_without_name_and_workspace_comes_without_them() {
    seat(here(), ADA);
    CommitApplied bare =
        new CommitApplied(
            SequenceNumber.NONE,
            ADA.clientId(),
            END,
            "[]",
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            Optional.empty(),
            Optional.empty());

    announce(here(), bare);

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
            Instant.parse("9999-12-31T23:59:59.999999Z"),
            Optional.of(new CommitId("글🙂 1:a")),
            Optional.of(new WorkspaceXml(text)));

    announce(here(), large);

    there().heard().awaitAtEnd(room(), SOON, large);
  }

  @Test
  default void what_happened_to_the_room_as_a_whole_is_told_as_it_is() {
    seat(there(), BOB);
    seat(here(), ADA);
    RoomEvent[] events = {
      new RoomEvent.HistoryReplaced(new Epoch("e-2"), new SequenceNumber(9_007_199_254_740_993L)),
      new RoomEvent.RulesChanged("", 1, LockPolicy.ADVISORY, false),
      new RoomEvent.RulesChanged("미로 1:\u0000\"", 1000, LockPolicy.REQUIRED, true),
      new RoomEvent.RoomClosed()
    };

    for (RoomEvent event : events) {
      here().broadcast().tell(room(), event);
    }

    there().heard().awaitAtEnd(room(), SOON, events);
    here().heard().awaitAtEnd(room(), SOON, events);
  }

  @Test
  default void a_server_without_seats_can_tell_of_a_room_too() {
    seat(here(), ADA);

    there().broadcast().tell(room(), new RoomEvent.RoomClosed());

    here().heard().awaitAtEnd(room(), SOON, new RoomEvent.RoomClosed());
    assertThat(there().heard().changesOf(room())).isEmpty();
  }

  @Test
  default void a_room_without_anybody_is_told_nothing() {
    here().broadcast().tell(room(), new RoomEvent.RoomClosed());

    seat(here(), ADA);
    here().heard().awaitExactly(room(), SOON, TwoServers.joined(ADA));
  }

  @Test
  default void all_listeners_get_one_order_of_revisions_that_grow_by_one() {
    seat(here(), ADA);
    seat(there(), BOB);
    for (int round = 0; round < 20; round++) {
      lock(here(), ADA, INTRO);
      lock(there(), BOB, LOOP);
      announce(here(), edit(ADA), INTRO);
      announce(there(), edit(BOB), LOOP);
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

    there().seats().giveUp(room(), BOB.clientId(), LeaveReason.TIMEOUT);

    List<RoomEvent> all =
        List.of(
            TwoServers.joined(ADA),
            TwoServers.joined(BOB),
            TwoServers.left(BOB, LeaveReason.TIMEOUT));
    here().heard().awaitExactly(room(), SOON, all.toArray(RoomEvent[]::new));
  }

  @Test
  default void no_answer_to_an_announcement_is_told_within_3_seconds() {
    seat(here(), ADA);

    assertRefusedWithin3Seconds(
        () -> announce(here(), edit(ADA)),
        () -> here().broadcast().tell(room(), new RoomEvent.RoomClosed()));
  }

  @Test
  default void what_participants_do_is_told_to_every_server_in_the_room() {
    seat(there(), BOB);
    seat(here(), ADA);
    Presence busy =
        new Presence(Status.ACTIVE, List.of(INTRO, END), Optional.of(new Cursor(120.5, -1e-3)));

    show(here(), ADA, busy);

    await().atMost(SOON).until(() -> there().heard().presenceIn(room()), hears(ADA, busy));
    await().atMost(SOON).until(() -> here().heard().presenceIn(room()), hears(ADA, busy));
  }

  @Test
  default void what_participants_do_is_no_change_of_the_room() {
    RoomView before = seat(here(), ADA);

    show(here(), ADA, Presence.UNKNOWN.withStatus(Status.IDLE));

    assertThat(here().seats().look(room()).revision()).isEqualTo(before.revision());
  }

  @Test
  default void who_looks_later_sees_what_participants_did_last() {
    seat(here(), ADA);
    Presence idle = new Presence(Status.IDLE, List.of(LOOP), Optional.empty());
    show(here(), ADA, Presence.UNKNOWN);
    show(here(), ADA, idle);

    assertThat(seat(there(), BOB).presence()).isEqualTo(Map.of(ADA.clientId(), idle));

    here().seats().giveUp(room(), ADA.clientId(), LeaveReason.LEFT);
    assertThat(there().seats().look(room()).presence()).isEmpty();
  }

  @Test
  default void a_server_tells_only_what_its_own_participants_do() {
    seat(here(), ADA);
    seat(there(), BOB);

    there()
        .broadcast()
        .showPresence(
            Map.of(
                room(),
                Map.of(
                    ADA.clientId(),
                    Presence.UNKNOWN.withStatus(Status.AWAY),
                    CAT.clientId(),
                    Presence.UNKNOWN,
                    BOB.clientId(),
                    Presence.UNKNOWN)));

    assertThat(here().seats().look(room()).presence())
        .isEqualTo(Map.of(BOB.clientId(), Presence.UNKNOWN));
  }

  private void show(Server server, Participant who, Presence now) {
    server.broadcast().showPresence(Map.of(room(), Map.of(who.clientId(), now)));
  }

  private static Predicate<Map<ClientId, Presence>> hears(Participant who, Presence what) {
    return heard -> what.equals(heard.get(who.clientId()));
  }
}
