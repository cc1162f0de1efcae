package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.Messages.UNKNOWN;
import static io.blockroom.adapters.websocket.codec.Messages.blocks;
import static io.blockroom.adapters.websocket.codec.Messages.message;
import static io.blockroom.adapters.websocket.codec.Messages.read;
import static io.blockroom.adapters.websocket.codec.Messages.readV1;
import static io.blockroom.adapters.websocket.codec.Messages.understood;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.codec.ClientMessage.CommitOffer;
import io.blockroom.adapters.websocket.codec.ClientMessage.Heartbeat;
import io.blockroom.adapters.websocket.codec.ClientMessage.LockAcquire;
import io.blockroom.adapters.websocket.codec.ClientMessage.LockCancel;
import io.blockroom.adapters.websocket.codec.ClientMessage.LockHandover;
import io.blockroom.adapters.websocket.codec.ClientMessage.LockRelease;
import io.blockroom.adapters.websocket.codec.ClientMessage.PresenceHint;
import io.blockroom.adapters.websocket.codec.ClientMessage.Resume;
import io.blockroom.adapters.websocket.codec.ClientMessage.RoomControl;
import io.blockroom.adapters.websocket.codec.ClientMessage.SnapshotOffer;
import io.blockroom.adapters.websocket.codec.ClientMessage.SyncRequest;
import io.blockroom.adapters.websocket.codec.Reading.Malformed;
import io.blockroom.adapters.websocket.codec.Reading.Understood;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Cursor;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.presence.Status;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code blockroom.v1} as it is read. */
class V1MessagesTest {
  private static final Reading BAD_R1 = new Malformed(ErrorCode.BAD_MESSAGE, Optional.of("r1"));

  @Test
  void a_commit_carries_its_name_its_token_and_what_its_author_had_seen() {
    CommitOffer commit =
        commit("\"cid\":\"01J\",\"token\":512,\"baseSeq\":1041,\"workspaceXml\":\"<xml/>\"");

    assertThat(commit.id()).contains(new CommitId("01J"));
    assertThat(commit.token()).contains(new FencingToken(512));
    assertThat(commit.base()).contains(new SequenceNumber(1041));
    assertThat(commit.workspace()).contains(new WorkspaceXml("<xml/>"));
  }

  @Test
  void a_workspace_of_somebody_who_does_not_say_what_they_had_seen_is_dropped_and_checked() {
    assertThat(commit("\"workspaceXml\":\"<xml/>\"").workspace()).isEmpty();
    assertThat(readV1(message("COMMIT", "{\"blockId\":\"b1\",\"workspaceXml\":\"<xml>\"}")))
        .isEqualTo(Messages.BAD);
  }

  @Test
  void a_lock_request_may_be_willing_to_wait() {
    assertThat(patience("\"mode\":\"queue\",\"maxWaitMs\":700")).contains(Duration.ofMillis(700));
    assertThat(patience("\"maxWaitMs\":1,\"mode\":\"queue\"")).contains(Duration.ofMillis(1));
    assertThat(patience("\"mode\":\"queue\",\"maxWaitMs\":9007199254740991"))
        .contains(Duration.ofMillis(FencingToken.MAX));
    assertThat(patience("\"mode\":\"queue\"")).contains(Duration.ofSeconds(15));
    assertThat(patience("\"mode\":\"queue\",\"maxWaitMs\":null")).contains(Duration.ofSeconds(15));
    assertThat(patience("\"mode\":\"try\",\"maxWaitMs\":700")).isEmpty();
    assertThat(patience("\"mode\":null")).isEmpty();
    assertThat(patience("\"maxWaitMs\":700")).isEmpty();
  }

  private static Optional<Duration> patience(String fields) {
    LockAcquire acquire =
        understood(
            LockAcquire.class,
            readV1(message("LOCK_ACQUIRE", "{\"blockId\":\"b1\"," + fields + "}")));
    assertThat(acquire.request().blocks()).isEqualTo(blocks("b1"));
    return acquire.patience();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0", "-1", "0.5", "\"700\"", "true", "[700]", "9007199254740992"})
  void A05_nobody_waits_for_no_time_or_for_what_is_none(String wait) {
    for (String mode : new String[] {"try", "queue"}) {
      assertThat(
              readV1(
                  message(
                      "LOCK_ACQUIRE",
                      "{\"blockId\":\"b\",\"mode\":\"%s\",\"maxWaitMs\":%s}"
                          .formatted(mode, wait))))
          .isEqualTo(Messages.BAD);
    }
  }

  @Test
  void whoever_waits_can_stop_and_whoever_holds_can_give() {
    assertThat(readV1(message("LOCK_CANCEL", "{\"blockId\":\"b1\"}")))
        .isEqualTo(understood(new LockCancel(new BlockId("b1"))));
    assertThat(readV1(message("LOCK_HANDOVER", "{\"to\":\"c-2\",\"blockId\":\"b1\"}")))
        .isEqualTo(understood(new LockHandover(new BlockId("b1"), new ClientId("c-2"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"a b\"", "\"c2\\n\"", "\"가\"", "null", "7", "[\"c2\"]"})
  void A05_a_lock_is_given_to_somebody(String to) {
    assertThat(readV1(message("LOCK_HANDOVER", "{\"blockId\":\"b1\",\"to\":" + to + "}")))
        .isEqualTo(Messages.BAD);
  }

  @Test
  void a_release_names_its_blocks() {
    assertThat(readV1(message("LOCK_RELEASE", "{\"blockIds\":[\"b1\",\"b2\"]}")))
        .isEqualTo(understood(new LockRelease(blocks("b1", "b2"))));
  }

  @Test
  void a_snapshot_is_kept_as_it_was_written() {
    String state = "{ \"blocks\" : {\"languageVersion\":0,\"n\":1.0e2} , \"x\":\"\\u0041\" }";

    assertThat(readV1(snapshot("\"state\":" + state + ",\"workspaceXml\":\"<xml/>\"")))
        .isEqualTo(
            understood(
                new SnapshotOffer(
                    new WorkspaceSnapshot(
                        new SequenceNumber(7),
                        Optional.of(new WorkspaceXml("<xml/>")),
                        Optional.of(new WorkspaceState(state))))));
  }

  @Test
  void a_resumption_says_where_its_client_stopped() {
    assertThat(
            readV1(
                message(
                    "RESUME",
                    "{\"epoch\":\"e-1\",\"lastSeq\":1041,\"pending\":[\"c1\",\"c2\",\"c1\"]}")))
        .isEqualTo(
            understood(
                new Resume(
                    Optional.of(new Epoch("e-1")),
                    new SequenceNumber(1041),
                    Set.of(new CommitId("c1"), new CommitId("c2")))));
    assertThat(readV1(message("RESUME", "{\"lastSeq\":0}")))
        .isEqualTo(understood(new Resume(Optional.empty(), SequenceNumber.NONE, Set.of())));
  }

  @Test
  void a_resumption_asks_about_200_commits_at_most() {
    assertThat(readV1(message("RESUME", "{\"lastSeq\":0,\"pending\":" + ids(200) + "}")))
        .isInstanceOf(Understood.class);
    assertThat(readV1(message("RESUME", "{\"lastSeq\":0,\"pending\":" + ids(201) + "}")))
        .isEqualTo(Messages.TOO_LARGE);
  }

  @Test
  void the_state_can_be_asked_for_and_the_room_ruled() {
    assertThat(readV1(message("SYNC_REQUEST", "{\"fromSeq\":1030}")))
        .isEqualTo(understood(new SyncRequest()));
    assertThat(readV1(message("ROOM_CONTROL", "{\"action\":\"freeze\",\"value\":true}")))
        .isEqualTo(understood(new RoomControl()));
  }

  @ParameterizedTest
  @CsvSource({"active, ACTIVE", "idle, IDLE", "away, AWAY"})
  void presence_says_what_somebody_is_doing(String word, Status status) {
    assertThat(
            readV1(
                message(
                    "PRESENCE",
                    "{\"status\":\"%s\",\"selection\":[\"b2\",\"b1\",\"b2\"],\"cursor\":{\"x\":120.5,\"y\":-8e1,\"z\":[]}}"
                        .formatted(word))))
        .isEqualTo(
            understood(
                new PresenceHint(
                    new Presence(
                        status,
                        List.of(new BlockId("b2"), new BlockId("b1")),
                        Optional.of(new Cursor(120.5, -80))))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"status\":null,\"selection\":null,\"cursor\":null}", "{}", "{\"x\":1}"})
  void whoever_says_nothing_of_themselves_is_there(String payload) {
    assertThat(readV1(message("PRESENCE", payload)))
        .isEqualTo(understood(new PresenceHint(Presence.UNKNOWN)));
  }

  @Test
  void A05_a_selection_has_100_blocks_at_most() {
    assertThat(readV1(message("PRESENCE", "{\"selection\":" + ids(100) + "}")))
        .isInstanceOf(Understood.class);
    assertThat(readV1(message("PRESENCE", "{\"selection\":" + ids(101) + "}")))
        .isEqualTo(Messages.TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"x\":1}",
        "{\"x\":1,\"y\":null}",
        "{\"x\":1,\"y\":\"2\"}",
        "{\"x\":1,\"y\":1e309}",
        "{\"x\":1,\"y\":NaN}",
        "[1,2]",
        "7"
      })
  void A05_a_cursor_is_somewhere(String cursor) {
    assertThat(readV1(message("PRESENCE", "{\"cursor\":" + cursor + "}"))).isEqualTo(Messages.BAD);
  }

  @Test
  void a_sign_of_life_says_whether_the_workspace_is_seen() {
    assertThat(readV1(message("HEARTBEAT", "{\"visible\":false}")))
        .isEqualTo(understood(new Heartbeat(false)));
    for (String seen : new String[] {"{\"visible\":true}", "{\"visible\":null}", "{\"seq\":7}"}) {
      assertThat(readV1(message("HEARTBEAT", seen))).isEqualTo(understood(new Heartbeat(true)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"LOCK_UPDATE", "LOCK_QUEUED", "INIT_STATE", "COMMIT_ACK", "resume", "OK", ""})
  void a_type_that_clients_cannot_send_yet_is_unknown(String type) {
    assertThat(readV1("{\"id\":\"r1\",\"t\":\"" + type + "\",\"payload\":{\"x\":[]}}"))
        .isEqualTo(new Malformed(ErrorCode.UNKNOWN_TYPE, Optional.of("r1")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | true",
        "1 | true",
        "1.0 | true",
        "10e2 | true",
        "-0 | true",
        "9007199254740991 | true",
        "9007199254740992 | false",
        "9007199254740993 | false",
        "1e300 | false",
        "-1 | false",
        "0.5 | false",
        "5e-324 | false",
        "\"1\" | false",
        "true | false",
        "[1] | false",
      })
  @SuppressWarnings("JUnitMethodDeclaration")
  void A05_numbers_are_whole_and_such_as_every_client_can_hold(String number, boolean isGood) {
    for (String text :
        new String[] {
          message("SYNC_REQUEST", "{\"fromSeq\":" + number + "}"),
          message("COMMIT", "{\"blockId\":\"b\",\"baseSeq\":" + number + "}"),
          message("RESUME", "{\"lastSeq\":" + number + "}"),
        }) {
      assertThat(readV1(text) instanceof Understood).as(text).isEqualTo(isGood);
    }
  }

  @Test
  void a_token_is_never_zero() {
    assertThat(readV1(message("COMMIT", "{\"blockId\":\"b\",\"token\":0}")))
        .isEqualTo(Messages.BAD);
  }

  // The name of a request

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"r1\",\"t\":\"HEARTBEAT\",\"payload\":{}}",
        "{\"t\":\"HEARTBEAT\",\"payload\":{},\"id\":\"r1\"}",
        "{\"payload\":{},\"id\":\"\\u0072\\u0031\",\"t\":\"HEARTBEAT\"}",
      })
  void a_request_may_be_named_anywhere(String text) {
    assertThat(readV1(text)).isEqualTo(new Understood(new Heartbeat(true), Optional.of("r1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"r1\",\"t\":\"COMMIT\",\"payload\":{\"blockId\":5}}",
        "{\"t\":\"COMMIT\",\"payload\":{\"blockId\":5},\"id\":\"r1\"}",
        "{\"payload\":{\"blockId\":5},\"id\":\"r1\",\"t\":\"COMMIT\"}",
        "{\"payload\":{\"blockId\":5},\"t\":\"COMMIT\",\"id\":\"r1\"}",
        "{\"t\":\"COMMIT\",\"payload\":{\"blockId\":\"b\",\"workspaceXml\":\"<xml>\"},\"id\":\"r1\"}",
        "{\"t\":\"COMMIT\",\"payload\":{\"blockId\":\"b\",\"events\":[[]]},\"id\":\"r1\"}",
        "{\"t\":5,\"payload\":{},\"id\":\"r1\"}",
        "{\"payload\":[],\"t\":\"HEARTBEAT\",\"id\":\"r1\"}",
        "{\"t\":\"HEARTBEAT\",\"id\":\"r1\"}",
        "{\"id\":\"r1\"}",
        "{\"id\":\"r1\",\"t\":\"HEARTBEAT\",\"payload\":{}}x",
        "{\"id\":\"r1\",\"t\":\"HEARTBEAT\",\"payload\":{\"x\":NaN}}",
        "{\"id\":\"r1\",\"t\":\"HEARTBEAT\",\"payload\":{",
      })
  void A05_a_message_that_cannot_be_read_is_answered_under_its_name(String text) {
    assertThat(readV1(text)).isEqualTo(BAD_R1);
  }

  @Test
  void deep_content_does_not_hide_the_name_behind_it() {
    String events = "[{\"x\":" + "[".repeat(4000) + "]".repeat(4000) + "},5]";

    assertThat(
            readV1(
                "{\"t\":\"COMMIT\",\"payload\":{\"blockId\":\"b\",\"events\":"
                    + events
                    + "},\"id\":\"r1\"}"))
        .isEqualTo(BAD_R1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "true", "{}", "[]", "[\"r1\"]", "\"\"", "\"a\\u0007\"", "-1"})
  void A05_an_ill_formed_name_is_a_bad_message_without_one(String id) {
    assertThat(readV1("{\"id\":" + id + ",\"t\":\"HEARTBEAT\",\"payload\":{}}"))
        .isEqualTo(Messages.BAD);
    assertThat(readV1("{\"t\":\"HEARTBEAT\",\"payload\":{},\"id\":" + id + "}"))
        .isEqualTo(Messages.BAD);
  }

  @Test
  void a_name_has_128_units_at_most_and_null_is_none() {
    assertThat(readV1(named("\"" + "r".repeat(128) + "\"")).id()).contains("r".repeat(128));
    assertThat(readV1(named("\"" + "r".repeat(129) + "\""))).isEqualTo(Messages.BAD);
    assertThat(readV1(named("null"))).isEqualTo(understood(new Heartbeat(true)));
  }

  // The seed protocol beside it

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOCK_RELEASE",
        "LOCK_CANCEL",
        "LOCK_HANDOVER",
        "SNAPSHOT",
        "RESUME",
        "SYNC_REQUEST",
        "PRESENCE",
        "ROOM_CONTROL"
      })
  void the_seed_protocol_knows_no_type_of_v1(String type) {
    assertThat(
            read(
                message(
                    type,
                    "{\"blockId\":\"b\",\"to\":\"c\",\"blockIds\":[\"b\"],\"lastSeq\":1,\"action\":\"freeze\"}")))
        .isEqualTo(UNKNOWN);
  }

  @Test
  void in_the_seed_protocol_the_fields_of_v1_mean_nothing() {
    CommitOffer bare =
        understood(
            CommitOffer.class,
            read(message("COMMIT", "{\"blockId\":\"b1\",\"workspaceXml\":\"<xml/>\"}")));

    assertThat(
            read(
                "{\"id\":5,\"t\":\"COMMIT\",\"payload\":{\"blockId\":\"b1\",\"cid\":\"\","
                    + "\"token\":-1,\"baseSeq\":\"x\",\"workspaceXml\":\"<xml/>\"}}"))
        .isEqualTo(understood(bare));
    assertThat(bare.workspace()).isPresent();
    assertThat(
            read(
                message("LOCK_ACQUIRE", "{\"blockId\":\"b1\",\"mode\":5,\"maxWaitMs\":{\"x\":1}}")))
        .isInstanceOf(Understood.class);
    assertThat(read(message("HEARTBEAT", "{\"seq\":\"x\",\"visible\":5}")))
        .isInstanceOf(Understood.class);
    assertThat(read("{\"id\":\"r1\",\"t\":\"COMMIT\",\"payload\":{}}")).isEqualTo(Messages.BAD);
  }

  private static CommitOffer commit(String fields) {
    return understood(
        CommitOffer.class, readV1(message("COMMIT", "{\"blockId\":\"b1\"," + fields + "}")));
  }

  private static String snapshot(String fields) {
    return message("SNAPSHOT", "{\"seq\":7,\"format\":\"blockly-json\"," + fields + "}");
  }

  private static String named(String id) {
    return "{\"t\":\"HEARTBEAT\",\"id\":" + id + ",\"payload\":{}}";
  }

  private static String ids(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> "\"" + new BlockId("b" + i) + "\"")
        .collect(Collectors.joining(",", "[", "]"));
  }
}
