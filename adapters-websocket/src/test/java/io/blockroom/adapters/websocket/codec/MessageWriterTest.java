package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.Audience.SEED;
import static io.blockroom.adapters.websocket.codec.Audience.V1;
import static io.blockroom.adapters.websocket.codec.Messages.parsed;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.codec.ServerMessage.CommitAcknowledged;
import io.blockroom.adapters.websocket.codec.ServerMessage.CommitDenied;
import io.blockroom.adapters.websocket.codec.ServerMessage.Done;
import io.blockroom.adapters.websocket.codec.ServerMessage.Failed;
import io.blockroom.adapters.websocket.codec.ServerMessage.GoingAway;
import io.blockroom.adapters.websocket.codec.ServerMessage.InitState;
import io.blockroom.adapters.websocket.codec.ServerMessage.LockDenied;
import io.blockroom.adapters.websocket.codec.ServerMessage.LockGranted;
import io.blockroom.adapters.websocket.codec.ServerMessage.LockQueued;
import io.blockroom.adapters.websocket.codec.ServerMessage.LockWanted;
import io.blockroom.adapters.websocket.codec.ServerMessage.PresenceUpdate;
import io.blockroom.adapters.websocket.codec.ServerMessage.Resumed;
import io.blockroom.adapters.websocket.codec.ServerMessage.SnapshotRequest;
import io.blockroom.adapters.websocket.codec.ServerMessage.Sync;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.GrantReason;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Cursor;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.presence.Status;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.BlockLocked;
import io.blockroom.domain.room.RoomEvent.BlockReleased;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomEvent.HistoryReplaced;
import io.blockroom.domain.room.RoomEvent.LineLeft;
import io.blockroom.domain.room.RoomEvent.ParticipantJoined;
import io.blockroom.domain.room.RoomEvent.ParticipantLeft;
import io.blockroom.domain.room.RoomEvent.RoomClosed;
import io.blockroom.domain.room.RoomEvent.RulesChanged;
import io.blockroom.domain.room.RoomEvent.SeatTakenOver;
import io.blockroom.domain.room.RoomEvent.TurnCame;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.blockroom.domain.snapshot.WorkspaceView;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageWriterTest {
  private static final Instant AT = Instant.parse("2026-11-22T18:40:00Z");
  private static final Participant ADA =
      new Participant(new ClientId("c1"), new Nickname("Ada"), new Color("#F7DC6F"));
  private static final Participant MINA =
      new Participant(new ClientId("c2"), new Nickname("Mina \"민아\" \\o/"), new Color("#4ECDC4"));
  private static final ClientId BOB = new ClientId("c3");
  private static final BlockId B1 = new BlockId("b1");
  private static final BlockId B2 = new BlockId("b2");
  private static final Room MAZE =
      new Room(new RoomId("maze"), "Maze", 10, LockPolicy.ADVISORY, false, false, AT);
  private static final Optional<String> R1 = Optional.of("r1");
  private static final LoggedCommit SECOND =
      new LoggedCommit(seq(2), BOB, B1, "[{ }]", AT, Optional.of(new CommitId("01J")));

  private final MessageWriter writer = new MessageWriter(ServerMessages.LIMITS);

  // States

  @Test
  void the_seed_protocol_is_shown_the_room_without_the_tail() {
    assertMessage(
        new InitState(state(Optional.of(xml("<xml a=\"1\">\n\t\r\\</xml>"))), SEED),
        """
        {"t":"INIT_STATE","payload":{
          "clientId":"c1",
          "users":[{"clientId":"c2","nickname":"Mina \\"민아\\" \\\\o/","color":"#4ECDC4",
                    "role":"editor","status":"idle","selection":["b1"],
                    "cursor":{"x":1,"y":2.5}}],
          "locks":{"b\\"9":"c2","__proto__":"c1"},
          "workspaceXml":"<xml a=\\"1\\">\\n\\t\\r\\\\</xml>",
          "epoch":"e1","seq":2,"snapshotSeq":1}}
        """);
  }

  @Test
  void v1_is_shown_the_whole_room() {
    assertMessage(
        new InitState(state(Optional.of(json("{ \"blocks\" : {} }"))), V1),
        """
        {"t":"INIT_STATE","payload":%s}
        """
            .formatted(whole("\"state\":{\"blocks\":{}},")));
  }

  @Test
  void a_room_without_a_snapshot_has_none() {
    JsonObject state = payload(new InitState(state(Optional.empty()), V1));

    assertThat(state).doesNotContainKeys("state", "workspaceXml");
    assertThat(state.getInt("snapshotSeq")).isZero();
  }

  @Test
  void a_synchronization_says_why_and_which_commits_stand() {
    assertMessage(
        new Sync(
            R1,
            state(Optional.of(xml("<xml/>"))),
            Cause.TOKEN_REFUSED,
            Map.of(new CommitId("01J"), seq(2))),
        """
        {"t":"SYNC","re":"r1","payload":%s}
        """
            .formatted(
                whole("\"reason\":\"token\",\"acked\":{\"01J\":2},\"workspaceXml\":\"<xml/>\",")));
  }

  @ParameterizedTest
  @EnumSource
  void every_cause_has_a_word(Cause cause) {
    String word =
        switch (cause) {
          case GAP -> "gap";
          case EPOCH_CHANGED -> "epoch";
          case REQUESTED -> "request";
          case REFUSED -> "refused";
          case OUTAGE -> "outage";
          case TOKEN_REFUSED -> "token";
        };

    assertThat(
            payload(new Sync(Optional.empty(), state(Optional.empty()), cause, Map.of()))
                .getString("reason"))
        .isEqualTo(word);
  }

  @Test
  void a_resumption_tells_what_was_missed_and_what_was_kept() {
    assertMessage(
        new Resumed(
            R1,
            state(Optional.empty()),
            new Occasion.Resumed(true, Map.of(new CommitId("01J"), seq(2)), Set.of(B1))),
        """
        {"t":"RESUMED","re":"r1","payload":{
          "recovered":true,"clientId":"c1","epoch":"e1","resumeToken":"a.b","seq":2,
          "commits":[{"blockId":"b1","events":[{}],"by":"c3","seq":2,"cid":"01J",
                      "at":"2026-11-22T18:40:00Z"}],
          "acked":{"01J":2},
          "locks":{"b\\"9":"c2","__proto__":"c1"},
          "lockDetails":{"b\\"9":{"token":511,"expiresInMs":10000,"waiting":2},
                         "__proto__":{"token":7,"expiresInMs":10000,"waiting":1}},
          "users":[{"clientId":"c2","nickname":"Mina \\"민아\\" \\\\o/","color":"#4ECDC4",
                    "role":"editor","status":"idle","selection":["b1"],
                    "cursor":{"x":1,"y":2.5}}],
          "locksKept":["b1"]}}
        """);
  }

  // Events

  @Test
  void a_lock_that_is_taken() {
    assertEvent(
        new BlockLocked(B1, BOB, new FencingToken(512)),
        """
        {"t":"LOCK_UPDATE","payload":
          {"blockId":"b1","owner":"c3","token":512,"reason":"acquired","waiting":0}}
        """);
  }

  @Test
  void a_lock_that_was_given_away_and_is_waited_for() {
    assertEvent(
        new BlockReleased(B1, ReleaseReason.HANDOVER, 3),
        """
        {"t":"LOCK_UPDATE","payload":{"blockId":"b1","owner":null,"reason":"handover","waiting":3}}
        """);
    assertEvent(
        new BlockLocked(B1, BOB, new FencingToken(512), GrantReason.HANDOVER, 3),
        """
        {"t":"LOCK_UPDATE","payload":
          {"blockId":"b1","owner":"c3","token":512,"reason":"handover","waiting":3}}
        """);
  }

  @ParameterizedTest
  @EnumSource
  void a_lock_that_is_free(ReleaseReason reason) {
    assertEvent(
        new BlockReleased(B1, reason),
        """
        {"t":"LOCK_UPDATE","payload":{"blockId":"b1","owner":null,"reason":"%s","waiting":0}}
        """
            .formatted(
                switch (reason) {
                  case COMMITTED -> "committed";
                  case RELEASED -> "released";
                  case EXPIRED -> "expired";
                  case IDLE -> "idle";
                  case DISCONNECTED -> "disconnected";
                  case NODE_DOWN -> "node_down";
                  case FORCED -> "forced";
                  case HANDOVER -> "handover";
                }));
  }

  @Test
  void a_commit_keeps_its_events_verbatim() {
    String events = "[ {\"type\" : \"move\",\"n\":1.0e2,\"s\":\"\\u0041\\/\"} ]";

    for (Audience audience : Audience.values()) {
      byte[] message =
          told(
              applied(seq(1), events, Optional.of(new CommitId("01J")), Optional.empty()),
              audience);

      assertJson(
          message,
          """
          {"t":"COMMIT_APPLY","payload":{"blockId":"b1","events":%s,"by":"c3","seq":1,"cid":"01J",
            "at":"2026-11-22T18:40:00Z"}}
          """
              .formatted(events));
      assertThat(new String(message, StandardCharsets.UTF_8))
          .contains("\"events\":" + events + ",");
    }
  }

  @Test
  void a_workspace_that_came_with_a_commit_is_told_in_the_seed_protocol_only() {
    CommitApplied commit =
        applied(
            SequenceNumber.NONE,
            "[]",
            Optional.empty(),
            Optional.of(new WorkspaceXml("<xml>\"가😀</xml>")));

    assertJson(
        told(commit, SEED),
        """
        {"t":"COMMIT_APPLY","payload":{"blockId":"b1","events":[],"by":"c3",
          "at":"2026-11-22T18:40:00Z","workspaceXml":"<xml>\\"가😀</xml>"}}
        """);
    assertJson(
        told(commit, V1),
        """
        {"t":"COMMIT_APPLY","payload":{"blockId":"b1","events":[],"by":"c3",
          "at":"2026-11-22T18:40:00Z"}}
        """);
  }

  @Test
  void somebody_who_came() {
    assertEvent(
        new ParticipantJoined(MINA),
        """
        {"t":"USER_JOINED","payload":
          {"clientId":"c2","nickname":"Mina \\"민아\\" \\\\o/","color":"#4ECDC4",
           "role":"editor","status":"active"}}
        """);
  }

  @ParameterizedTest
  @EnumSource
  void somebody_who_left(LeaveReason reason) {
    assertEvent(
        new ParticipantLeft(BOB, reason),
        """
        {"t":"USER_LEFT","payload":{"clientId":"c3","reason":"%s"}}
        """
            .formatted(
                switch (reason) {
                  case LEFT -> "left";
                  case TIMEOUT -> "timeout";
                  case NODE_DOWN -> "node_down";
                }));
  }

  @Test
  void rules_are_told_in_v1_only() {
    RoomEvent rules = new RulesChanged("Maze", 12, LockPolicy.REQUIRED, true);

    assertJson(
        told(rules, V1),
        """
        {"t":"ROOM_UPDATE","payload":
          {"title":"Maze","maxUsers":12,"frozen":true,"lockPolicy":"required"}}
        """);
    assertThat(writer.event(rules, SEED)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void some_events_have_no_message_of_their_own(Audience audience) {
    assertThat(writer.event(new HistoryReplaced(new Epoch("e2"), seq(1)), audience)).isEmpty();
    assertThat(writer.event(new RoomClosed(), audience)).isEmpty();
    assertThat(writer.event(new LineLeft(new Ticket("t1")), audience)).isEmpty();
    assertThat(writer.event(new TurnCame(new Ticket("t1")), audience)).isEmpty();
    assertThat(writer.event(new SeatTakenOver(BOB, 2), audience)).isEmpty();
  }

  // Answers

  @Test
  void a_place_in_line() {
    assertMessage(
        new LockQueued(R1, B1, 2, Optional.of(BOB)),
        """
        {"t":"LOCK_QUEUED","re":"r1","payload":{"blockId":"b1","position":2,"owner":"c3"}}
        """);
    assertMessage(
        new LockQueued(Optional.empty(), B1, 1, Optional.empty()),
        """
        {"t":"LOCK_QUEUED","payload":{"blockId":"b1","position":1,"owner":null}}
        """);
  }

  @Test
  void a_block_that_is_wanted() {
    assertMessage(
        new LockWanted(B1, BOB, 3),
        """
        {"t":"LOCK_WANTED","payload":{"blockId":"b1","by":"c3","waiting":3}}
        """);
  }

  @Test
  void a_grant_has_the_newest_of_its_tokens_and_the_shortest_of_its_times() {
    assertMessage(
        new LockGranted(R1, B1, List.of(lock(B1, 7, 9000), lock(B2, 512, 10_000))),
        """
        {"t":"LOCK_GRANTED","re":"r1","payload":
          {"blockId":"b1","blockIds":["b1","b2"],"token":512,"expiresInMs":9000}}
        """);
  }

  @Test
  void a_denial_names_the_lock_on_the_asked_block_if_there_is_one() {
    assertMessage(
        new LockDenied(R1, B1, ErrorCode.LOCKED, List.of(lock(B2, 1, 100), lock(B1, 1, 6400))),
        """
        {"t":"LOCK_DENIED","re":"r1","payload":{"blockId":"b1","owner":"c3","ttlMs":6400,
          "code":"LOCKED","conflictBlockIds":["b2","b1"]}}
        """);
    assertMessage(
        new LockDenied(Optional.empty(), B1, ErrorCode.LOCKED, List.of(lock(B2, 1, 100))),
        """
        {"t":"LOCK_DENIED","payload":{"blockId":"b1","owner":"c3","ttlMs":100,
          "code":"LOCKED","conflictBlockIds":["b2"]}}
        """);
  }

  @Test
  void a_denial_though_nobody_is_known_to_hold_the_block() {
    assertMessage(
        new LockDenied(Optional.empty(), B1, ErrorCode.STORAGE_UNAVAILABLE, List.of()),
        """
        {"t":"LOCK_DENIED","payload":{"blockId":"b1","owner":null,"ttlMs":0,
          "code":"STORAGE_UNAVAILABLE","conflictBlockIds":[]}}
        """);
  }

  @Test
  void a_commit_that_stands() {
    assertMessage(
        new CommitAcknowledged(R1, Optional.of(new CommitId("01J")), seq(3), true),
        """
        {"t":"COMMIT_ACK","re":"r1","payload":{"cid":"01J","seq":3,"duplicate":true}}
        """);
    assertMessage(
        new CommitAcknowledged(Optional.empty(), Optional.empty(), seq(3), false),
        """
        {"t":"COMMIT_ACK","payload":{"seq":3,"duplicate":false}}
        """);
  }

  @Test
  void a_commit_that_does_not_stand() {
    assertMessage(
        new CommitDenied(
            R1,
            Optional.of(new CommitId("01J")),
            ErrorCode.FENCED,
            Set.of(B1),
            Optional.of(BOB),
            Optional.of(seq(3))),
        """
        {"t":"COMMIT_DENIED","re":"r1","payload":{"cid":"01J","code":"FENCED","blockIds":["b1"],
          "owner":"c3","seq":3,"retryable":false}}
        """);
    assertMessage(
        new CommitDenied(
            Optional.empty(),
            Optional.empty(),
            ErrorCode.ROOM_FROZEN,
            Set.of(),
            Optional.empty(),
            Optional.empty()),
        """
        {"t":"COMMIT_DENIED","payload":{"code":"ROOM_FROZEN","blockIds":[],"owner":null,
          "retryable":true}}
        """);
  }

  @Test
  void what_is_done_and_what_is_not() {
    assertMessage(new Done(R1), "{\"t\":\"OK\",\"re\":\"r1\",\"payload\":{}}");
    assertMessage(
        new Failed(R1, ErrorCode.RATE_LIMITED, Optional.of(Duration.ofMillis(400))),
        """
        {"t":"ERROR","re":"r1","payload":{"code":"RATE_LIMITED","message":"Too many requests.",
          "retryable":true,"retryAfterMs":400}}
        """);
    assertMessage(
        new Failed(Optional.empty(), ErrorCode.BAD_MESSAGE, Optional.empty()),
        """
        {"t":"ERROR","payload":{"code":"BAD_MESSAGE",
          "message":"The message cannot be understood.","retryable":false}}
        """);
  }

  @Test
  void what_somebody_is_doing() {
    assertMessage(
        new PresenceUpdate(
            Map.of(
                BOB,
                new Presence(Status.IDLE, List.of(B2, B1), Optional.of(new Cursor(120.5, -80))))),
        """
        {"t":"PRESENCE_UPDATE","payload":{"users":[
          {"clientId":"c3","status":"idle","selection":["b2","b1"],"cursor":{"x":120.5,"y":-80}}]}}
        """);
    assertMessage(
        new PresenceUpdate(Map.of(BOB, Presence.UNKNOWN.withStatus(Status.AWAY))),
        """
        {"t":"PRESENCE_UPDATE","payload":{"users":[
          {"clientId":"c3","status":"away","selection":[]}]}}
        """);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1e-320, 9007199254740994d, 1e300, -1.7976931348623157e308})
  void every_place_can_be_pointed_at(double x) {
    JsonObject user =
        payload(
                new PresenceUpdate(
                    Map.of(
                        BOB,
                        new Presence(Status.ACTIVE, List.of(), Optional.of(new Cursor(x, 0))))))
            .getJsonArray("users")
            .getJsonObject(0);

    assertThat(user.getJsonObject("cursor").getJsonNumber("x").doubleValue()).isEqualTo(x);
  }

  @Test
  void a_server_that_goes_away() {
    assertMessage(
        new GoingAway(Duration.ofMillis(1200)),
        """
        {"t":"GOING_AWAY","payload":{"reason":"drain","reconnectAfterMs":1200}}
        """);
  }

  @Test
  void a_snapshot_that_is_wanted() {
    assertMessage(
        new SnapshotRequest(seq(1100)),
        """
        {"t":"SNAPSHOT_REQUEST","payload":{"seq":1100}}
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
            told(applied(seq(1), "[]", Optional.empty(), Optional.of(workspace)), SEED),
            StandardCharsets.UTF_8);

    assertThat(parsed(message).getJsonObject("payload").getString("workspaceXml"))
        .isEqualTo(all.toString());
    assertThat(message).doesNotContain("\u2028", "\u2029", "\u0001", "\n");
  }

  /** What {@link #state} looks like in whole, but for what the message itself adds. */
  private static String whole(String besides) {
    return """
    {%s
      "clientId":"c1",
      "users":[{"clientId":"c2","nickname":"Mina \\"민아\\" \\\\o/","color":"#4ECDC4",
                "role":"editor","status":"idle","selection":["b1"],"cursor":{"x":1,"y":2.5}}],
      "locks":{"b\\"9":"c2","__proto__":"c1"},
      "commits":[{"blockId":"b1","events":[{}],"by":"c3","seq":2,"cid":"01J",
                  "at":"2026-11-22T18:40:00Z"}],
      "protocol":1,"epoch":"e1","seq":2,"snapshotSeq":1,"resumeToken":"a.b","role":"editor",
      "color":"#F7DC6F",
      "room":{"title":"Maze","maxUsers":10,"frozen":false,"lockPolicy":"advisory"},
      "lockDetails":{"b\\"9":{"token":511,"expiresInMs":10000,"waiting":2},
                     "__proto__":{"token":7,"expiresInMs":10000,"waiting":1}},
      "limits":{"maxMessageBytes":1048576,"messagesPerSecond":300,"locksPerClient":200},
      "pingIntervalMs":15000,"graceMs":8000}
    """
        .formatted(besides);
  }

  private static RoomState state(Optional<WorkspaceSnapshot> snapshot) {
    return new RoomState(
        ADA,
        List.of(MINA),
        Map.of(
            new BlockId("b\"9"),
            new Grant(MINA.clientId(), new FencingToken(511)),
            new BlockId("__proto__"),
            new Grant(ADA.clientId(), new FencingToken(7))),
        new WaitingLine(
            List.of(
                new Waiter(
                    new Ticket("t1"),
                    BOB,
                    LockRequest.of(new BlockId("b\"9"), Set.of(new BlockId("__proto__")))),
                new Waiter(
                    new Ticket("t2"),
                    ADA.clientId(),
                    LockRequest.of(new BlockId("b\"9"), Set.of())))),
        Map.of(
            MINA.clientId(),
            new Presence(Status.IDLE, List.of(B1), Optional.of(new Cursor(1, 2.5)))),
        MAZE,
        new WorkspaceView(new Epoch("e1"), seq(2), snapshot, List.of(SECOND)),
        Optional.of("a.b"));
  }

  private static WorkspaceSnapshot xml(String text) {
    return WorkspaceSnapshot.of(seq(1), new WorkspaceXml(text));
  }

  private static WorkspaceSnapshot json(String text) {
    return WorkspaceSnapshot.of(seq(1), new WorkspaceState(text));
  }

  private static CommitApplied applied(
      SequenceNumber seq, String events, Optional<CommitId> id, Optional<WorkspaceXml> workspace) {
    return new CommitApplied(seq, BOB, B1, events, AT, id, workspace);
  }

  private static BlockLock lock(BlockId block, long token, long millis) {
    return new BlockLock(block, BOB, new FencingToken(token), Duration.ofMillis(millis));
  }

  private static SequenceNumber seq(long value) {
    return new SequenceNumber(value);
  }

  private byte[] told(RoomEvent event, Audience audience) {
    return writer.event(event, audience).orElseThrow();
  }

  private JsonObject payload(ServerMessage message) {
    return json(writer.message(message)).getJsonObject("payload");
  }

  private void assertMessage(ServerMessage message, String expected) {
    assertJson(writer.message(message), expected);
  }

  private void assertEvent(RoomEvent event, String expected) {
    for (Audience audience : Audience.values()) {
      assertJson(told(event, audience), expected);
    }
  }

  private static void assertJson(byte[] message, String expected) {
    assertThat(json(message)).isEqualTo(parsed(expected));
  }

  private static JsonObject json(byte[] message) {
    return parsed(new String(message, StandardCharsets.UTF_8));
  }
}
