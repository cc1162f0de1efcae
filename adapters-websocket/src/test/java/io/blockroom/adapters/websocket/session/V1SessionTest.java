package io.blockroom.adapters.websocket.session;

import static io.blockroom.adapters.websocket.session.ScriptedRoom.ADA;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.HandOverBlockLock;
import io.blockroom.application.port.in.KeepSnapshot;
import io.blockroom.application.port.in.LeaveRoom.Manner;
import io.blockroom.application.port.in.QueueForBlockLock;
import io.blockroom.application.port.in.ReleaseBlockLocks;
import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.GrantReason;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Cursor;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.presence.Status;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.helidon.http.HeaderNames;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A participant of {@code blockroom.v1}: every request has one answer that names it. */
class V1SessionTest {
  private static final BlockId B1 = new BlockId("b1");
  private static final BlockId B2 = new BlockId("b2");
  private static final ClientId BOB = new ClientId("c2");
  private static final String ASK = "{\"blockId\":\"b1\",\"blockIds\":[\"b1\",\"b2\"]}";
  private static final String EDIT =
      """
      {"blockId":"b1","events":[{"type":"move","blockId":"b2"}],"cid":"01J","token":7,"baseSeq":2}\
      """;

  private final ScriptedRoom room = new ScriptedRoom();
  private final Visitor ada = room.connect(Visitor.V1);

  @BeforeEach
  void everythingIsShown() {
    assertThat(ada.connection.types()).containsExactly("INIT_STATE");
    forget();
  }

  private void forget() {
    ada.connection.forget();
    room.asked.clear();
  }

  @Test
  void v1_is_chosen() {
    assertThat(ada.chosen)
        .hasValueSatisfying(headers ->
            assertThat(headers.get(HeaderNames.create("Sec-WebSocket-Protocol")).get())
                .isEqualTo("blockroom.v1"));
  }

  @Test
  void a_follower_of_v1_reads_any_form_and_can_come_back() {
    assertThat(room.follower().form()).isEqualTo(WorkspaceForm.ANY);
    assertThat(room.follower().canResume()).isTrue();
  }

  // Locks

  @Test
  void a_grant_is_answered_and_what_was_held_before_is_told_to_me_alone() {
    room.locking =
        () ->
            Optional.of(
                new AcquireBlockLock.Outcome.Granted(
                    List.of(lock(B1, ADA.clientId(), 5), lock(B2, ADA.clientId(), 9)), Set.of(B1)));

    ada.asks("LOCK_ACQUIRE", "r1", ASK);

    assertThat(room.asked).contains(new LockRequest(B1, Set.of(B1, B2)));
    assertThat(ada.connection.types()).containsExactly("LOCK_UPDATE", "LOCK_GRANTED");
    assertThat(ada.connection.messages().getFirst().getJsonObject("payload").getInt("token"))
        .isEqualTo(5);
    assertReply("LOCK_GRANTED");
    assertThat(ada.connection.last().getInt("token")).isEqualTo(9);
  }

  @Test
  void a_denial_names_who_is_in_the_way() {
    room.locking =
        () -> Optional.of(new AcquireBlockLock.Outcome.Denied(List.of(lock(B2, BOB, 5))));

    ada.asks("LOCK_ACQUIRE", "r1", ASK);

    assertReply("LOCK_DENIED");
    assertThat(ada.connection.last().getString("owner")).isEqualTo("c2");
    assertThat(ada.connection.last().getString("code")).isEqualTo("LOCKED");
    assertThat(ada.connection.last().getJsonArray("conflictBlockIds").getString(0)).isEqualTo("b2");
  }

  @Test
  @DisplayName("S05 a wish for more locks than one may have is an error")
  void a_wish_for_more_locks_than_one_may_have_is_an_error() {
    room.locking = () -> Optional.of(new AcquireBlockLock.Outcome.LimitReached());

    ada.asks("LOCK_ACQUIRE", "r1", ASK);

    assertError("LOCK_LIMIT", true);
  }

  @Test
  void while_something_is_away_a_wish_for_a_lock_is_an_error() {
    room.locking =
        () -> {
          throw coordinationAway();
        };
    ada.asks("LOCK_ACQUIRE", "r1", ASK);
    assertError("COORDINATION_UNAVAILABLE", true);
    ada.connection.forget();

    room.locking =
        () -> {
          throw storageAway();
        };
    ada.asks("LOCK_ACQUIRE", "r1", ASK);

    assertError("STORAGE_UNAVAILABLE", true);
  }

  @Test
  void a_release_is_done_or_refused_or_cannot_be_answered() {
    room.releasing = () -> Optional.of(new ReleaseBlockLocks.Outcome.Released());
    ada.asks("LOCK_RELEASE", "r1", "{\"blockIds\":[\"b1\",\"b2\"]}");
    assertThat(room.asked).contains(Set.of(B1, B2));
    assertReply("OK");
    ada.connection.forget();

    room.releasing = () -> Optional.of(new ReleaseBlockLocks.Outcome.NotHeld(Set.of(B1)));
    ada.asks("LOCK_RELEASE", "r1", "{\"blockIds\":[\"b1\"]}");
    assertError("LOCK_NOT_HELD", false);
    ada.connection.forget();

    room.releasing =
        () -> {
          throw coordinationAway();
        };
    ada.asks("LOCK_RELEASE", "r1", "{\"blockIds\":[\"b1\"]}");

    assertError("COORDINATION_UNAVAILABLE", true);
  }

  // Waiting in line

  private static final String WAIT =
      "{\"blockId\":\"b1\",\"blockIds\":[\"b2\"],\"mode\":\"queue\",\"maxWaitMs\":700}";

  @Test
  void whoever_waits_hears_their_place_and_in_the_end_the_grant_all_under_one_name() {
    room.queueing =
        waiting -> {
          waiting.queued(2, Optional.of(BOB));
          waiting.queued(1, Optional.empty());
          waiting.ended(
              new QueueForBlockLock.Outcome.Granted(
                  new AcquireBlockLock.Outcome.Granted(
                      List.of(lock(B1, ADA.clientId(), 5), lock(B2, ADA.clientId(), 9)),
                      Set.of(B1))));
        };

    ada.asks("LOCK_ACQUIRE", "r1", WAIT);

    assertThat(room.asked)
        .contains(new ScriptedRoom.Queued(LockRequest.of(B1, Set.of(B2)), Duration.ofMillis(700)));
    assertThat(ada.connection.types())
        .containsExactly("LOCK_QUEUED", "LOCK_QUEUED", "LOCK_UPDATE", "LOCK_GRANTED");
    assertThat(ada.connection.sent().getFirst())
        .isEqualTo(
            "{\"t\":\"LOCK_QUEUED\",\"re\":\"r1\",\"payload\":"
                + "{\"blockId\":\"b1\",\"position\":2,\"owner\":\"c2\"}}");
    assertThat(ada.connection.messages().get(1).getJsonObject("payload").get("owner"))
        .isEqualTo(JsonValue.NULL);
    assertThat(ada.connection.lastMessage().getString("re")).isEqualTo("r1");
    assertThat(ada.connection.last().getInt("token")).isEqualTo(9);
  }

  static Stream<Arguments> vainWaits() {
    return Stream.of(
        Arguments.of(new QueueForBlockLock.Outcome.LineFull(), "QUEUE_FULL"),
        Arguments.of(new QueueForBlockLock.Outcome.LimitReached(), "LOCK_LIMIT"),
        Arguments.of(new QueueForBlockLock.Outcome.GivenUp(), "QUEUE_TIMEOUT"),
        Arguments.of(new QueueForBlockLock.Outcome.Unavailable(), "COORDINATION_UNAVAILABLE"));
  }

  @ParameterizedTest
  @MethodSource("vainWaits")
  void whoever_waited_in_vain_is_told_why_and_may_try_again(
      QueueForBlockLock.Outcome outcome, String code) {
    room.queueing = waiting -> waiting.ended(outcome);

    ada.asks("LOCK_ACQUIRE", "r1", WAIT);

    assertError(code, true);
  }

  @Test
  void a_wait_that_would_have_no_end_is_denied() {
    room.queueing =
        waiting -> waiting.ended(new QueueForBlockLock.Outcome.Denied(List.of(lock(B2, BOB, 5))));

    ada.asks("LOCK_ACQUIRE", "r1", WAIT);

    assertReply("LOCK_DENIED");
    assertThat(ada.connection.last().getString("code")).isEqualTo("LOCKED");
    assertThat(ada.connection.last().getString("owner")).isEqualTo("c2");
  }

  @Test
  void while_something_is_away_nobody_gets_into_the_line() {
    room.queueing =
        waiting -> {
          throw coordinationAway();
        };
    ada.asks("LOCK_ACQUIRE", "r1", WAIT);
    assertError("COORDINATION_UNAVAILABLE", true);
    ada.connection.forget();

    room.queueing =
        waiting -> {
          throw storageAway();
        };
    ada.asks("LOCK_ACQUIRE", "r1", WAIT);

    assertError("STORAGE_UNAVAILABLE", true);
  }

  @Test
  void whoever_does_not_want_to_wait_any_more_hears_the_end_of_it_and_then_that_it_is_done() {
    List<QueueForBlockLock.Waiting> line = new ArrayList<>();
    room.queueing = line::add;
    room.cancelling = () -> line.getFirst().ended(new QueueForBlockLock.Outcome.GivenUp());
    ada.asks("LOCK_ACQUIRE", "r1", WAIT);

    ada.asks("LOCK_CANCEL", "r2", "{\"blockId\":\"b1\"}");

    assertThat(room.asked).endsWith(B1);
    assertThat(ada.connection.types()).containsExactly("ERROR", "OK");
    assertThat(ada.connection.messages())
        .extracting(message -> message.getString("re"))
        .containsExactly("r1", "r2");
  }

  @Test
  void while_the_coordination_is_away_nobody_gets_out_of_the_line() {
    room.cancelling =
        () -> {
          throw coordinationAway();
        };

    ada.asks("LOCK_CANCEL", "r1", "{\"blockId\":\"b1\"}");

    assertError("COORDINATION_UNAVAILABLE", true);
  }

  @Test
  void whoever_holds_a_block_hears_who_wants_it() {
    room.follower().wanted(B1, BOB, 3);

    assertThat(ada.connection.sent())
        .containsExactly(
            "{\"t\":\"LOCK_WANTED\",\"payload\":{\"blockId\":\"b1\",\"by\":\"c2\",\"waiting\":3}}");
  }

  @Test
  void a_lock_is_given_away_or_not() {
    String gift = "{\"blockId\":\"b1\",\"to\":\"c2\"}";
    room.handingOver = () -> Optional.of(new HandOverBlockLock.Outcome.HandedOver());
    ada.asks("LOCK_HANDOVER", "r1", gift);
    assertThat(room.asked).contains(new ScriptedRoom.GivenAway(B1, BOB));
    assertReply("OK");
    ada.connection.forget();

    room.handingOver = () -> Optional.of(new HandOverBlockLock.Outcome.NotHeld());
    ada.asks("LOCK_HANDOVER", "r1", gift);
    assertError("LOCK_NOT_HELD", false);
    ada.connection.forget();

    room.handingOver = () -> Optional.of(new HandOverBlockLock.Outcome.NoSuchParticipant());
    ada.asks("LOCK_HANDOVER", "r1", gift);
    assertError("FORBIDDEN", false);
    ada.connection.forget();

    room.handingOver = () -> Optional.of(new HandOverBlockLock.Outcome.LimitReached());
    ada.asks("LOCK_HANDOVER", "r1", gift);

    assertError("LOCK_LIMIT", true);
  }

  @Test
  void while_something_is_away_no_lock_is_given_away() {
    String gift = "{\"blockId\":\"b1\",\"to\":\"c2\"}";
    room.handingOver =
        () -> {
          throw coordinationAway();
        };
    ada.asks("LOCK_HANDOVER", "r1", gift);
    assertError("COORDINATION_UNAVAILABLE", true);
    ada.connection.forget();

    room.handingOver =
        () -> {
          throw storageAway();
        };
    ada.asks("LOCK_HANDOVER", "r1", gift);

    assertError("STORAGE_UNAVAILABLE", true);
  }

  @Test
  void a_lock_that_was_given_to_somebody_is_granted_without_a_request() {
    room.follower()
        .happened(
            new RoomEvent.BlockLocked(
                B1, ADA.clientId(), new FencingToken(9), GrantReason.HANDOVER, 2));
    room.follower().handedOver(lock(B1, ADA.clientId(), 9));

    assertThat(ada.connection.types()).containsExactly("LOCK_UPDATE", "LOCK_GRANTED");
    JsonObject update = ada.connection.messages().getFirst().getJsonObject("payload");
    assertThat(update.getString("reason")).isEqualTo("handover");
    assertThat(update.getInt("waiting")).isEqualTo(2);
    assertThat(ada.connection.lastMessage()).doesNotContainKey("re");
    assertThat(ada.connection.last().getJsonArray("blockIds")).hasSize(1);
    assertThat(ada.connection.last().getInt("token")).isEqualTo(9);
  }

  // Commits

  @Test
  void a_commit_is_offered_with_all_that_its_author_says_and_acknowledged() {
    room.committing =
        () -> Optional.of(new CommitEdit.Outcome.Applied(new SequenceNumber(3), true));

    ada.asks("COMMIT", "r1", EDIT);

    assertThat(room.asked.getLast())
        .isInstanceOfSatisfying(
            Commit.class,
            commit -> {
              assertThat(commit.by()).isEqualTo(ADA.clientId());
              assertThat(commit.id()).contains(new CommitId("01J"));
              assertThat(commit.token()).contains(new FencingToken(7));
              assertThat(commit.base()).contains(new SequenceNumber(2));
            });
    assertReply("COMMIT_ACK");
    assertThat(ada.connection.last().getString("cid")).isEqualTo("01J");
    assertThat(ada.connection.last().getInt("seq")).isEqualTo(3);
    assertThat(ada.connection.last().getBoolean("duplicate")).isTrue();
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(
            new CommitEdit.Outcome.Refused(List.of(lock(B2, BOB, 5))), "LOCKED", true, "b2", "c2"),
        Arguments.of(
            new CommitEdit.Outcome.Fenced(
                Set.of(B1), List.of(lock(B1, BOB, 9)), new SequenceNumber(4)),
            "FENCED",
            false,
            "b1",
            "c2"),
        Arguments.of(
            new CommitEdit.Outcome.Fenced(Set.of(B1), List.of(), SequenceNumber.NONE),
            "FENCED",
            false,
            "b1",
            ""),
        Arguments.of(new CommitEdit.Outcome.NotHeld(Set.of(B1)), "LOCK_NOT_HELD", false, "b1", ""),
        Arguments.of(new CommitEdit.Outcome.Frozen(), "ROOM_FROZEN", true, "", ""),
        Arguments.of(new CommitEdit.Outcome.Mismatch(), "CID_MISMATCH", false, "", ""),
        Arguments.of(
            new CommitEdit.Outcome.Unavailable(
                CommitEdit.Part.STORAGE, List.of(lock(B1, ADA.clientId(), 5))),
            "STORAGE_UNAVAILABLE",
            true,
            "",
            ""),
        Arguments.of(
            new CommitEdit.Outcome.Unavailable(CommitEdit.Part.COORDINATION, List.of()),
            "COORDINATION_UNAVAILABLE",
            true,
            "",
            ""));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void a_commit_that_does_not_stand_is_denied_and_the_room_is_not_shown(
      CommitEdit.Outcome outcome, String code, boolean isRetryable, String block, String owner) {
    room.committing = () -> Optional.of(outcome);

    ada.asks("COMMIT", "r1", EDIT);

    assertReply("COMMIT_DENIED");
    JsonObject denied = ada.connection.last();
    assertThat(denied.getString("cid")).isEqualTo("01J");
    assertThat(denied.getString("code")).isEqualTo(code);
    assertThat(denied.getBoolean("retryable")).isEqualTo(isRetryable);
    assertThat(denied.getJsonArray("blockIds").stream().map(Object::toString))
        .isEqualTo(block.isEmpty() ? List.of() : List.of("\"" + block + "\""));
    assertThat(denied.getString("owner", "")).isEqualTo(owner);
    assertThat(room.asked).doesNotContain(Cause.REFUSED);
  }

  @Test
  void a_fenced_commit_is_told_how_far_the_room_is() {
    room.committing =
        () ->
            Optional.of(
                new CommitEdit.Outcome.Fenced(Set.of(B1), List.of(), new SequenceNumber(4)));

    ada.asks("COMMIT", "r1", EDIT);

    assertThat(ada.connection.last().getInt("seq")).isEqualTo(4);
  }

  // Snapshots

  @ParameterizedTest
  @CsvSource({"KEPT, OK", "STALE, STALE_SNAPSHOT", "NO_SUCH_ROOM, ROOM_NOT_FOUND"})
  void a_snapshot_is_kept_or_refused(KeepSnapshot.Outcome outcome, String answer) {
    room.keeping = () -> outcome;

    ada.asks("SNAPSHOT", "r1", "{\"seq\":7,\"format\":\"blockly-json\",\"state\":{}}");

    assertThat(room.asked)
        .contains(WorkspaceSnapshot.of(new SequenceNumber(7), new WorkspaceState("{}")));
    assertThat(ada.connection.lastMessage().getString("re")).isEqualTo("r1");
    assertThat(ada.connection.last().getString("code", ada.connection.lastMessage().getString("t")))
        .isEqualTo(answer);
  }

  @Test
  void while_the_storage_is_away_no_snapshot_is_kept() {
    room.keeping =
        () -> {
          throw storageAway();
        };

    ada.asks("SNAPSHOT", "r1", "{\"seq\":7,\"format\":\"blockly-json\",\"state\":{}}");

    assertError("STORAGE_UNAVAILABLE", true);
  }

  @Test
  void a_snapshot_that_is_wanted_is_asked_for() {
    room.follower().snapshotWanted(new SequenceNumber(1100));

    assertThat(ada.connection.types()).containsExactly("SNAPSHOT_REQUEST");
    assertThat(ada.connection.last().getInt("seq")).isEqualTo(1100);
  }

  // States

  @Test
  void a_state_that_was_asked_for_answers_the_request() {
    ada.asks("SYNC_REQUEST", "r1", "{\"fromSeq\":1}");
    assertThat(room.asked).contains(Cause.REQUESTED);
    assertThat(ada.connection.sent()).isEmpty();

    room.follower().welcome(ScriptedRoom.state(), new Occasion.Again(Cause.REQUESTED));
    room.follower().welcome(ScriptedRoom.state(), new Occasion.Again(Cause.GAP));

    assertThat(ada.connection.types()).containsExactly("SYNC", "SYNC");
    assertThat(ada.connection.messages().getFirst().getString("re")).isEqualTo("r1");
    assertThat(ada.connection.lastMessage()).doesNotContainKey("re");
    assertThat(ada.connection.last().getString("reason")).isEqualTo("gap");
    assertThat(ada.connection.exemptTypes()).containsExactly("INIT_STATE", "SYNC", "SYNC");
  }

  @Test
  void a_state_without_a_token_has_none() {
    room.follower().welcome(ScriptedRoom.state(Optional.empty()), new Occasion.Again(Cause.GAP));

    assertThat(ada.connection.last()).doesNotContainKey("resumeToken");
  }

  @Test
  void states_are_asked_for_once_a_second_and_one_at_a_time() {
    ada.asks("SYNC_REQUEST", "r1", "{}");
    room.follower().welcome(ScriptedRoom.state(), new Occasion.Again(Cause.REQUESTED));
    ada.asks("SYNC_REQUEST", "r2", "{}");
    assertThat(ada.connection.lastMessage().getString("re")).isEqualTo("r2");
    assertThat(ada.connection.last().getString("code")).isEqualTo("RATE_LIMITED");
    assertThat(ada.connection.last().getInt("retryAfterMs")).isPositive();

    room.pass(Duration.ofSeconds(1));
    ada.asks("SYNC_REQUEST", "r3", "{}");
    room.pass(Duration.ofSeconds(1));
    ada.asks("SYNC_REQUEST", "r4", "{}");

    assertThat(ada.connection.lastMessage().getString("re")).isEqualTo("r4");
    assertThat(room.asked.stream().filter(Cause.REQUESTED::equals)).hasSize(2);
  }

  @Test
  @DisplayName("G9: a request for the state is refused when it cannot be answered within 5 s")
  void a_state_that_does_not_come_is_an_error() {
    ada.asks("SYNC_REQUEST", "r1", "{}");

    room.pass(Duration.ofSeconds(4));

    assertError("STORAGE_UNAVAILABLE", true);
    ada.connection.forget();
    room.follower().welcome(ScriptedRoom.state(), new Occasion.Again(Cause.OUTAGE));
    assertThat(ada.connection.types()).containsExactly("SYNC");
    assertThat(ada.connection.lastMessage()).doesNotContainKey("re");
  }

  @Test
  void a_state_that_came_in_time_is_not_followed_by_an_error() {
    ada.asks("SYNC_REQUEST", "r1", "{}");
    room.follower().welcome(ScriptedRoom.state(), new Occasion.Again(Cause.REQUESTED));

    room.pass(Duration.ofSeconds(10));

    assertThat(ada.connection.types()).containsExactly("SYNC");
  }

  // Tokens

  @Test
  void the_first_message_under_a_token_confirms_it_once() {
    ada.says("anything");
    ada.asks("HEARTBEAT", "r1", "{}");
    assertThat(room.asked).containsExactly(ScriptedRoom.Call.CONFIRM, ScriptedRoom.Call.KEEP);
    forget();

    room.follower().welcome(ScriptedRoom.state(), new Occasion.Again(Cause.EPOCH_CHANGED));
    ada.asks("HEARTBEAT", "r2", "{}");
    ada.asks("HEARTBEAT", "r3", "{}");
    assertThat(room.asked)
        .containsExactly(ScriptedRoom.Call.CONFIRM, ScriptedRoom.Call.KEEP, ScriptedRoom.Call.KEEP);
    forget();

    room.follower().welcome(ScriptedRoom.state(Optional.empty()), new Occasion.Again(Cause.GAP));
    ada.asks("HEARTBEAT", "r4", "{}");
    assertThat(room.asked).containsExactly(ScriptedRoom.Call.KEEP);
  }

  // Presence

  @Test
  void presence_and_heartbeat_are_noted_and_have_no_answer() {
    ada.asks(
        "PRESENCE",
        "r1",
        "{\"status\":\"idle\",\"selection\":[\"b1\"],\"cursor\":{\"x\":1,\"y\":2}}");
    ada.asks("HEARTBEAT", "r2", "{\"seq\":2,\"visible\":false}");
    ada.asks("HEARTBEAT", "r3", "{}");

    assertThat(ada.connection.sent()).isEmpty();
    assertThat(room.asked)
        .containsExactly(
            ScriptedRoom.Call.CONFIRM,
            new Presence(Status.IDLE, List.of(B1), Optional.of(new Cursor(1, 2))),
            ScriptedRoom.Call.KEEP_AWAY,
            ScriptedRoom.Call.KEEP);
  }

  @Test
  @DisplayName("A13: 10,000 hints of one client are all noted, and end nothing")
  void a_flood_of_presence_closes_nothing() {
    for (int i = 0; i < 10_000; i++) {
      ada.says("{\"t\":\"PRESENCE\",\"payload\":{\"cursor\":{\"x\":%d,\"y\":0}}}".formatted(i));
    }

    assertThat(room.asked).hasSize(1 + 10_000);
    assertThat(ada.connection.sent()).isEmpty();
    assertThat(ada.connection.closes()).isEmpty();
  }

  @Test
  void what_others_are_doing_is_told_to_all_in_the_same_frame() {
    RoomFollower first = room.follower();
    Visitor again = room.connect(Visitor.V1);
    again.connection.forget();
    Map<ClientId, Presence> news =
        Map.of(BOB, Presence.UNKNOWN, ADA.clientId(), Presence.UNKNOWN.withStatus(Status.AWAY));

    first.presenceChanged(news);
    room.follower().presenceChanged(news);

    assertThat(ada.connection.types()).containsExactly("PRESENCE_UPDATE");
    assertThat(ada.connection.last().getJsonArray("users")).hasSize(2);
    assertThat(again.connection.hints()).hasSize(1).isEqualTo(ada.connection.hints());
  }

  @Test
  void nobody_is_told_what_they_alone_are_doing() {
    room.follower().presenceChanged(Map.of(ADA.clientId(), Presence.UNKNOWN));

    assertThat(ada.connection.sent()).isEmpty();
  }

  @Test
  void whoever_is_behind_is_spared_hints_and_nothing_else() {
    ada.connection.isBehind = true;

    room.follower().presenceChanged(Map.of(BOB, Presence.UNKNOWN));
    room.follower()
        .happened(
            new RoomEvent.CommitApplied(
                new SequenceNumber(3),
                BOB,
                B1,
                "[{}]",
                ScriptedRoom.NOW,
                Optional.empty(),
                Optional.empty()));

    assertThat(ada.connection.types()).containsExactly("COMMIT_APPLY");
  }

  // The rest

  @Test
  void nobody_may_rule_the_room_yet() {
    ada.asks("ROOM_CONTROL", "r1", "{\"action\":\"kick\",\"value\":\"c2\"}");

    assertError("FORBIDDEN", false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOCK_UPDATE", "lock_cancel", "NOBODY_KNOWS"})
  void an_unknown_type_is_an_error(String type) {
    ada.asks(type, "r1", "{\"blockId\":\"b1\"}");

    assertError("UNKNOWN_TYPE", false);
  }

  @Test
  void a_resumption_in_the_middle_is_an_error() {
    ada.asks("RESUME", "r1", "{\"epoch\":\"e1\",\"lastSeq\":0}");

    assertError("BAD_MESSAGE", false);
    assertThat(ada.connection.closes()).isEmpty();
  }

  @Test
  void a_request_without_a_name_has_an_answer_without_one() {
    ada.says("{\"t\":\"ROOM_CONTROL\",\"payload\":{\"action\":\"kick\"}}");

    assertThat(ada.connection.types()).containsExactly("ERROR");
    assertThat(ada.connection.lastMessage()).doesNotContainKey("re");
  }

  @Test
  void rules_are_told() {
    room.follower().happened(new RoomEvent.RulesChanged("Maze", 5, LockPolicy.REQUIRED, true));

    assertThat(ada.connection.types()).containsExactly("ROOM_UPDATE");
  }

  // Ends

  @Test
  void a_session_that_is_replaced_closes_with_4007() {
    room.follower().replaced();

    assertThat(ada.connection.closes()).containsExactly("4007 replaced by a newer connection");
  }

  @Test
  void a_room_that_is_closed_closes_with_4012() {
    room.follower().happened(new RoomEvent.HistoryReplaced(new Epoch("e2"), SequenceNumber.NONE));
    room.follower().happened(new RoomEvent.RoomClosed());

    assertThat(ada.connection.sent()).isEmpty();
    assertThat(ada.connection.closes()).containsExactly("4012 room closed");
  }

  @ParameterizedTest
  @CsvSource({
    "LOCK_ACQUIRE, try",
    "LOCK_ACQUIRE, queue",
    "LOCK_RELEASE, try",
    "LOCK_HANDOVER, try",
    "COMMIT, try"
  })
  void a_request_without_a_seat_closes_with_1012(String type, String mode) {
    room.queueing = waiting -> waiting.ended(new QueueForBlockLock.Outcome.SeatLost());
    room.handingOver = () -> Optional.of(new HandOverBlockLock.Outcome.SeatLost());
    room.locking = () -> Optional.of(new AcquireBlockLock.Outcome.SeatLost());
    room.releasing = () -> Optional.of(new ReleaseBlockLocks.Outcome.SeatLost());
    room.committing = () -> Optional.of(new CommitEdit.Outcome.SeatLost());

    ada.asks(
        type,
        "r1",
        "{\"blockId\":\"b1\",\"blockIds\":[\"b1\"],\"to\":\"c2\",\"mode\":\"%s\"}".formatted(mode));

    assertThat(ada.connection.closes()).containsExactly("1012 seat lost, please reconnect");
  }

  @ParameterizedTest
  @CsvSource({
    "1000, LEFT",
    "1001, LEFT",
    "1002, LEFT",
    "1005, LEFT",
    "1006, BROKEN",
    "1008, LEFT",
    "1011, LEFT",
    "1012, BROKEN",
    "1013, LEFT",
    "4007, LEFT",
    "4009, BROKEN",
    "4010, BROKEN",
    "4012, LEFT"
  })
  void a_connection_ends_on_purpose_or_is_broken(int status, Manner manner) {
    ada.goes(status);

    assertThat(room.asked).containsExactly(manner);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1012, 4009, 4010})
  void whoever_closes_the_connection_leaves_whatever_they_say(int status) {
    ada.connection.isEndedByPeer = true;

    ada.goes(status);

    assertThat(room.asked).containsExactly(Manner.LEFT);
  }

  // What cannot be read

  @Test
  void bytes_are_a_bad_message() {
    ada.says("{\"t\":\"HEARTBEAT\",\"payload\":{}}".getBytes(UTF_8));

    assertThat(ada.connection.types()).containsExactly("ERROR");
    assertThat(ada.connection.last().getString("code")).isEqualTo("BAD_MESSAGE");
  }

  @Test
  @DisplayName("A04: the 20th unreadable message within 60 s is answered and closes with 1008")
  void the_twentieth_within_a_minute_closes_with_1008() {
    for (int i = 0; i < 19; i++) {
      ada.says("bad");
      room.pass(Duration.ofSeconds(3));
    }
    assertThat(ada.connection.closes()).isEmpty();

    ada.says("bad");

    assertThat(ada.connection.types()).hasSize(20).containsOnly("ERROR");
    assertThat(ada.connection.closes()).containsExactly("1008 too many bad messages");
  }

  static Stream<Arguments> malformedRequests() {
    List<String> wrong =
        List.of(
            "true",
            "-1",
            "9007199254740993",
            "0.5",
            "\"\\n\"",
            "\"" + "x".repeat(129) + "\"",
            "{}",
            "[null]",
            "[7]");
    return Map.of(
            "LOCK_ACQUIRE",
            List.of("'blockId':#", "'blockId':'b','mode':#", "'blockId':'b','maxWaitMs':#"),
            "LOCK_RELEASE",
            List.of("'blockIds':#", "'blockId':#"),
            "LOCK_CANCEL",
            List.of("'blockId':#", "'blockIds':#"),
            "LOCK_HANDOVER",
            List.of("'blockId':#,'to':'c2'", "'blockId':'b','to':#", "'to':#"),
            "COMMIT",
            List.of(
                "'blockId':#",
                "'blockId':'b','cid':#",
                "'blockId':'b','token':#",
                "'blockId':'b','baseSeq':#",
                "'blockId':'b','events':#",
                "'blockId':'b','releaseBlockIds':#"),
            "SNAPSHOT",
            List.of(
                "'seq':#,'format':'blockly-json','state':{}",
                "'seq':1,'format':#,'state':{}",
                "'seq':1,'format':'blockly-json','state':[#]"),
            "SYNC_REQUEST",
            List.of("'fromSeq':#"),
            "PRESENCE",
            List.of("'status':#", "'selection':#", "'cursor':#"),
            "HEARTBEAT",
            List.of("'seq':#", "'seq':2,'visible':[#]"),
            "ROOM_CONTROL",
            List.of("'action':#", "'value':#"))
        .entrySet()
        .stream()
        .flatMap(each ->
            each.getValue().stream()
                .flatMap(fields ->
                    wrong.stream()
                        .filter(value -> !isRightIn(fields, value))
                        .map(value ->
                            Arguments.of(
                                each.getKey(),
                                "{" + fields.replace('\'', '"').replace("#", value) + "}"))));
  }

  /** What is wrong elsewhere but not there. */
  private static boolean isRightIn(String fields, String value) {
    return fields.startsWith("'selection'") && value.equals("[]");
  }

  @ParameterizedTest
  @MethodSource("malformedRequests")
  @DisplayName("A05: a malformed request has a typed error that names it, and changes nothing")
  void a_malformed_request_has_a_typed_error_and_nothing_is_called(String type, String payload) {
    ada.asks(type, "r1", payload);

    assertThat(ada.connection.types()).containsExactly("ERROR");
    assertThat(ada.connection.lastMessage().getString("re")).isEqualTo("r1");
    assertThat(ada.connection.last().getString("code")).isIn("BAD_MESSAGE", "TOO_LARGE");
    assertThat(room.asked).containsExactly(ScriptedRoom.Call.CONFIRM);
    assertThat(ada.connection.closes()).isEmpty();
  }

  private void assertReply(String type) {
    assertThat(ada.connection.types()).endsWith(type);
    assertThat(ada.connection.messages().stream().filter(each -> each.containsKey("re")))
        .hasSize(1);
    assertThat(ada.connection.lastMessage().getString("re")).isEqualTo("r1");
  }

  private void assertError(String code, boolean isRetryable) {
    assertThat(ada.connection.types()).containsExactly("ERROR");
    assertThat(ada.connection.lastMessage().getString("re")).isEqualTo("r1");
    assertThat(ada.connection.last().getString("code")).isEqualTo(code);
    assertThat(ada.connection.last().getBoolean("retryable")).isEqualTo(isRetryable);
  }

  private static BlockLock lock(BlockId block, ClientId owner, long token) {
    return new BlockLock(block, owner, new FencingToken(token), Duration.ofSeconds(9));
  }

  private static StorageUnavailable storageAway() {
    return new StorageUnavailable(new IllegalStateException("away"));
  }

  private static CoordinationUnavailable coordinationAway() {
    return new CoordinationUnavailable(new IllegalStateException("away"));
  }
}
