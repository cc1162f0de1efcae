package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.Messages.parsed;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomEvent.BlockLocked;
import io.blockroom.domain.room.RoomEvent.BlockReleased;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomEvent.ParticipantJoined;
import io.blockroom.domain.room.RoomEvent.ParticipantLeft;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageWriterTest {
  private static final ClientId ADA = new ClientId("c1");
  private static final ClientId BOB = new ClientId("c2");
  private static final Participant MINA =
      new Participant(BOB, new Nickname("Mina \"민아\" \\o/"), new Color("#4ECDC4"));
  private static final BlockId B1 = new BlockId("b1");
  private static final SequenceNumber FIRST = new SequenceNumber(1);

  private final MessageWriter writer = new MessageWriter();

  @Test
  void the_state_of_an_empty_room() {
    assertJson(
        writer.initState(new RoomState(ADA, List.of(), Map.of(), Optional.empty())),
        """
        {"t":"INIT_STATE","payload":{"clientId":"c1","users":[],"locks":{}}}
        """);
  }

  @Test
  void the_state_of_a_busy_room() {
    Participant eve =
        new Participant(new ClientId("c3"), new Nickname("Eve"), new Color("#F7DC6F"));
    RoomState state =
        new RoomState(
            ADA,
            List.of(MINA, eve),
            Map.of(new BlockId("b\"9"), BOB, new BlockId("__proto__"), ADA),
            Optional.of(
                new WorkspaceSnapshot(FIRST, new WorkspaceXml("<xml a=\"1\">\n\t\r\\</xml>"))));

    assertJson(
        writer.initState(state),
        """
        {"t":"INIT_STATE","payload":{
          "clientId":"c1",
          "users":[
            {"clientId":"c2","nickname":"Mina \\"민아\\" \\\\o/","color":"#4ECDC4"},
            {"clientId":"c3","nickname":"Eve","color":"#F7DC6F"}],
          "locks":{"b\\"9":"c2","__proto__":"c1"},
          "workspaceXml":"<xml a=\\"1\\">\\n\\t\\r\\\\</xml>"}}
        """);
  }

  @Test
  void a_lock_that_is_taken() {
    assertJson(
        writer.event(new BlockLocked(B1, ADA)),
        """
        {"t":"LOCK_UPDATE","payload":{"blockId":"b1","owner":"c1"}}
        """);
  }

  @Test
  void a_lock_that_is_free() {
    assertJson(
        writer.event(new BlockReleased(B1)),
        """
        {"t":"LOCK_UPDATE","payload":{"blockId":"b1","owner":null}}
        """);
  }

  @Test
  void a_lock_that_is_denied() {
    assertJson(
        writer.lockDenied(new BlockLock(B1, BOB, Duration.ofMillis(6400))),
        """
        {"t":"LOCK_DENIED","payload":{"blockId":"b1","owner":"c2","ttlMs":6400}}
        """);
  }

  @Test
  void a_lock_that_is_denied_though_nobody_holds_it() {
    assertJson(
        writer.lockDenied(B1),
        """
        {"t":"LOCK_DENIED","payload":{"blockId":"b1","owner":null,"ttlMs":0}}
        """);
  }

  @Test
  void a_commit_keeps_its_events_verbatim() {
    String events = "[ {\"type\" : \"move\",\"n\":1.0e2,\"s\":\"\\u0041\\/\"} ]";

    byte[] message = writer.event(new CommitApplied(FIRST, ADA, B1, events, Optional.empty()));

    assertJson(
        message,
        """
        {"t":"COMMIT_APPLY","payload":{"blockId":"b1","events":%s,"by":"c1"}}
        """
            .formatted(events));
    assertThat(new String(message, StandardCharsets.UTF_8)).contains("\"events\":" + events + ",");
  }

  @Test
  void a_commit_that_carries_a_workspace() {
    assertJson(
        writer.event(
            new CommitApplied(
                FIRST, ADA, B1, "[]", Optional.of(new WorkspaceXml("<xml>\"가😀</xml>")))),
        """
        {"t":"COMMIT_APPLY","payload":{"blockId":"b1","events":[],"by":"c1",
          "workspaceXml":"<xml>\\"가😀</xml>"}}
        """);
  }

  @Test
  void somebody_who_came() {
    assertJson(
        writer.event(new ParticipantJoined(MINA)),
        """
        {"t":"USER_JOINED","payload":
          {"clientId":"c2","nickname":"Mina \\"민아\\" \\\\o/","color":"#4ECDC4"}}
        """);
  }

  @Test
  void somebody_who_left() {
    assertJson(
        writer.event(new ParticipantLeft(BOB)),
        """
        {"t":"USER_LEFT","payload":{"clientId":"c2"}}
        """);
  }

  @Test
  void every_character_that_may_stand_in_a_workspace_survives() {
    StringBuilder all = new StringBuilder();
    for (int c = 1; c <= Character.MAX_CODE_POINT; c += c < 0x3000 ? 1 : 97) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        all.appendCodePoint(c);
      }
    }
    WorkspaceXml workspace = new WorkspaceXml(all.toString());

    String message =
        new String(
            writer.event(new CommitApplied(FIRST, ADA, B1, "[]", Optional.of(workspace))),
            StandardCharsets.UTF_8);

    assertThat(parsed(message).getJsonObject("payload").getString("workspaceXml"))
        .isEqualTo(all.toString());
    assertThat(message).doesNotContain("\u2028", "\u2029", "\u0001", "\n");
  }

  private static void assertJson(byte[] message, String expected) {
    assertThat(parsed(new String(message, StandardCharsets.UTF_8))).isEqualTo(parsed(expected));
  }
}
