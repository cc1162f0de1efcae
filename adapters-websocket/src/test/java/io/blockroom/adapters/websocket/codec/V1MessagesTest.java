package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.Messages.UNKNOWN;
import static io.blockroom.adapters.websocket.codec.Messages.blocks;
import static io.blockroom.adapters.websocket.codec.Messages.message;
import static io.blockroom.adapters.websocket.codec.Messages.read;
import static io.blockroom.adapters.websocket.codec.Messages.readV1;
import static io.blockroom.adapters.websocket.codec.Messages.understood;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.codec.ClientMessage.CommitOffer;
import io.blockroom.adapters.websocket.codec.ClientMessage.LockAcquire;
import io.blockroom.adapters.websocket.codec.ClientMessage.LockRelease;
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
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
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
    for (String mode : new String[] {"\"try\"", "\"queue\"", "null"}) {
      LockAcquire acquire =
          understood(
              LockAcquire.class,
              readV1(
                  message(
                      "LOCK_ACQUIRE",
                      "{\"mode\":" + mode + ",\"maxWaitMs\":15000,\"blockId\":\"b1\"}")));

      assertThat(acquire.request().blocks()).isEqualTo(blocks("b1"));
    }
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
  @ValueSource(
      strings = {
        "{\"status\":\"active\",\"selection\":[\"b1\"],\"cursor\":{\"x\":120.5,\"y\":-8e1,\"z\":[]}}",
        "{\"status\":null,\"selection\":null,\"cursor\":null}",
        "{}",
      })
  void presence_is_read(String payload) {
    assertThat(readV1(message("PRESENCE", payload)))
        .isEqualTo(understood(new ClientMessage.Presence()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"LOCK_CANCEL", "LOCK_HANDOVER", "INIT_STATE", "COMMIT_ACK", "resume", "OK", ""})
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
          message("LOCK_ACQUIRE", "{\"blockId\":\"b\",\"maxWaitMs\":" + number + "}"),
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
    assertThat(readV1(text))
        .isEqualTo(new Understood(new ClientMessage.Heartbeat(), Optional.of("r1")));
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
    assertThat(readV1(named("null"))).isEqualTo(understood(new ClientMessage.Heartbeat()));
  }

  // The seed protocol beside it

  @ParameterizedTest
  @ValueSource(
      strings = {"LOCK_RELEASE", "SNAPSHOT", "RESUME", "SYNC_REQUEST", "PRESENCE", "ROOM_CONTROL"})
  void the_seed_protocol_knows_no_type_of_v1(String type) {
    assertThat(read(message(type, "{\"blockIds\":[\"b\"],\"lastSeq\":1,\"action\":\"freeze\"}")))
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
