package io.blockroom.adapters.websocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.blockroom.domain.snapshot.WorkspaceView;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A participant of the seed protocol, from the opened connection to its end. */
class RoomSessionTest {
  private static final RoomId MAZE = new RoomId("maze");
  private static final String ASK_B1 =
      """
      {"t":"LOCK_ACQUIRE","payload":{"blockId":"b1"}}\
      """;
  private static final String ASK_B2_WITH_B1 =
      """
      {"t":"LOCK_ACQUIRE","payload":{"blockId":"b2","blockIds":["b1","b2"]}}\
      """;
  private static final String EDIT_B1 =
      """
      {"t":"COMMIT","payload":{"blockId":"b1","events":[{"type":"move","blockId":"b1"}],
       "workspaceXml":"<xml/>"}}\
      """;
  private static final String EDIT_BOTH =
      """
      {"t":"COMMIT","payload":{"blockId":"b1","events":[{"type":"move","blockId":"b2"}]}}\
      """;

  private final Classroom room = new Classroom();

  @Test
  void the_state_comes_first_and_names_me_the_others_and_the_locks() {
    Visitor ada = enter("Ada");
    ada.says(ASK_B1);

    Visitor bob = enter("Bob");

    assertThat(bob.connection.types()).containsExactly("INIT_STATE");
    JsonObject state = bob.connection.last();
    assertThat(state.getString("clientId")).isEqualTo("c2");
    assertThat(state.getJsonArray("users")).hasSize(1);
    assertThat(state.getJsonArray("users").getJsonObject(0).getString("nickname")).isEqualTo("Ada");
    assertThat(state.getJsonObject("locks").getString("b1")).isEqualTo("c1");
    assertThat(state).doesNotContainKey("workspaceXml");
    assertThat(ada.connection.types()).endsWith("USER_JOINED");
  }

  @Test
  void a_denial_names_the_asked_block_and_the_owner_in_the_way() {
    Visitor ada = enter("Ada");
    Visitor bob = enter("Bob");
    ada.says(ASK_B1);
    bob.connection.forget();

    bob.says(ASK_B2_WITH_B1);

    assertThat(bob.connection.types()).containsExactly("LOCK_DENIED");
    assertThat(bob.connection.last().getString("blockId")).isEqualTo("b2");
    assertThat(bob.connection.last().getString("owner")).isEqualTo("c1");
    assertThat(bob.connection.last().getInt("ttlMs")).isPositive();
  }

  @Test
  void a_grant_is_told_to_everybody_and_a_repeated_one_to_me_alone() {
    Visitor ada = enter("Ada");
    Visitor bob = enter("Bob");
    forget(ada, bob);
    ada.says(ASK_B1);
    assertThat(ada.connection.types()).containsExactly("LOCK_UPDATE");
    assertThat(bob.connection.types()).containsExactly("LOCK_UPDATE");
    forget(ada, bob);

    ada.says(ASK_B2_WITH_B1);

    assertThat(ada.connection.types()).containsExactly("LOCK_UPDATE", "LOCK_UPDATE");
    assertThat(bob.connection.types()).containsExactly("LOCK_UPDATE");
    assertThat(bob.connection.last().getString("blockId")).isEqualTo("b2");
  }

  @Test
  void a_commit_is_told_to_all_with_its_events_as_they_came_and_then_the_release() {
    Visitor ada = enter("Ada");
    Visitor bob = enter("Bob");
    forget(ada, bob);

    ada.says(EDIT_B1);

    assertThat(ada.connection.types()).containsExactly("COMMIT_APPLY", "LOCK_UPDATE");
    assertThat(bob.connection.sent()).isEqualTo(ada.connection.sent());
    assertThat(bob.connection.sent().getFirst())
        .contains("\"events\":[{\"type\":\"move\",\"blockId\":\"b1\"}]");
    assertThat(bob.connection.last().get("owner")).isEqualTo(JsonValue.NULL);
  }

  @Test
  @DisplayName("A11: a refused commit has one denial for each lock in the way, and then the truth")
  void a_refused_commit_has_a_denial_for_each_lock_in_the_way_and_then_the_state() {
    Visitor ada = enter("Ada");
    Visitor bob = enter("Bob");
    ada.says(ASK_B2_WITH_B1);
    forget(ada, bob);

    bob.says(EDIT_BOTH);

    await()
        .untilAsserted(() ->
            assertThat(bob.connection.types())
                .containsExactly("LOCK_DENIED", "LOCK_DENIED", "INIT_STATE"));
    assertThat(bob.connection.messages().subList(0, 2))
        .extracting(message -> message.getJsonObject("payload").getString("blockId"))
        .containsExactly("b1", "b2");
    assertThat(ada.connection.sent()).isEmpty();
  }

  @Test
  void while_the_storage_is_away_a_commit_is_denied_with_the_owner_and_then_the_truth_is_shown() {
    Visitor ada = enter("Ada");
    ada.says(ASK_B1);
    ada.connection.forget();
    room.storage.loseStorage();

    ada.says(EDIT_B1);
    assertThat(ada.connection.types()).containsExactly("LOCK_DENIED");
    assertThat(ada.connection.last().getString("owner")).isEqualTo("c1");
    room.storage.restoreStorage();
    room.feeds.tend();

    assertThat(ada.connection.types()).containsExactly("LOCK_DENIED", "INIT_STATE");
  }

  @Test
  void while_the_coordination_is_away_commits_and_locks_are_denied_without_an_owner() {
    Visitor ada = enter("Ada");
    ada.connection.forget();
    room.coordination.cutOff();

    ada.says(EDIT_B1);
    ada.says(ASK_B1);

    assertThat(ada.connection.types()).containsExactly("LOCK_DENIED", "LOCK_DENIED");
    assertThat(ada.connection.messages())
        .allSatisfy(message ->
            assertThat(message.getJsonObject("payload").get("owner")).isEqualTo(JsonValue.NULL));
  }

  @Test
  void a_full_room_closes_with_4003() {
    enter("Ada");
    enter("Bob");
    enter("Cat");

    Visitor dan = enter("Dan");

    assertThat(dan.connection.closes()).containsExactly("4003 room full");
    assertThat(dan.connection.sent()).isEmpty();
  }

  @Test
  void an_ill_formed_or_unknown_room_closes_with_4004() {
    Classroom strict = new Classroom(new RoomDefaults(false, 3), useCases -> useCases);

    assertThat(strict.connect("/ws/workspace/maze/").connection.closes())
        .containsExactly("4004 no such room");
    assertThat(room.connect("/ws/workspace/a%2Fb/").connection.closes())
        .containsExactly("4004 no such room");
  }

  @Test
  void nobody_comes_in_while_something_is_away_1013() {
    room.storage.loseStorage();
    assertThat(enter("Ada").connection.closes()).containsExactly("1013 try again later");
    room.storage.restoreStorage();
    room.coordination.cutOff();

    assertThat(enter("Bob").connection.closes()).containsExactly("1013 try again later");
  }

  @Test
  void a_lost_seat_closes_with_1012() {
    Visitor ada = enter("Ada");

    room.coordination.endSeats(MAZE);

    assertThat(ada.connection.closes()).containsExactly("1012 seat lost, please reconnect");
  }

  @Test
  void a_request_without_a_seat_closes_with_1012() {
    Visitor ada = enter("Ada");
    Visitor bob = enter("Bob");
    room.coordination.holdBackChanges();
    room.coordination.endSeats(MAZE);

    ada.says(ASK_B1);
    bob.says(EDIT_B1);

    assertThat(ada.connection.closes()).containsExactly("1012 seat lost, please reconnect");
    assertThat(bob.connection.closes()).containsExactly("1012 seat lost, please reconnect");
  }

  @Test
  void the_end_of_the_connection_frees_the_locks_and_then_the_seat() {
    Visitor ada = enter("Ada");
    Visitor bob = enter("Bob");
    ada.says(ASK_B1);
    bob.connection.forget();

    ada.goes();

    assertThat(bob.connection.types()).containsExactly("LOCK_UPDATE", "USER_LEFT");
    assertThat(room.coordination.taken(MAZE)).isEqualTo(1);
  }

  @Test
  void who_was_refused_at_the_door_ends_without_a_trace() {
    Visitor lost = room.connect("/ws/workspace/%20/");

    lost.goes();

    assertThat(room.coordination.taken(MAZE)).isZero();
  }

  @Test
  void a_heartbeat_has_no_answer() {
    Visitor ada = enter("Ada");
    ada.connection.forget();

    ada.says("{\"t\":\"HEARTBEAT\",\"payload\":{}}");

    assertThat(ada.connection.sent()).isEmpty();
    assertThat(ada.connection.closes()).isEmpty();
  }

  @Test
  void a_latecomer_gets_the_workspace_of_the_last_commit() {
    enter("Ada").says(EDIT_B1);

    assertThat(enter("Bob").connection.last().getString("workspaceXml")).isEqualTo("<xml/>");
    assertThat(room.storage.view(MAZE, WorkspaceForm.XML))
        .flatMap(WorkspaceView::snapshot)
        .flatMap(WorkspaceSnapshot::xml)
        .contains(new WorkspaceXml("<xml/>"));
  }

  @Test
  @DisplayName("A23: what a use case throws does not become a message or a close reason")
  void an_exception_of_a_use_case_says_nothing_to_the_client() {
    Classroom broken =
        new Classroom(
            new RoomDefaults(true, 3),
            real ->
                new RoomUseCases(
                    real.join(),
                    real.resume(),
                    real.leave(),
                    real.keep(),
                    (seat, request, reply) -> {
                      throw new IllegalStateException("canary-4711");
                    },
                    real.unlock(),
                    real.queue(),
                    real.cancel(),
                    real.handOver(),
                    real.commit(),
                    real.snapshot(),
                    real.show()));
    Visitor ada = broken.connect("/ws/workspace/maze/");

    // The connection answers with 1011 and logs the class alone: ConnectionEndTest.
    assertThatThrownBy(() -> ada.says(ASK_B1)).isInstanceOf(IllegalStateException.class);

    assertThat(ada.connection.sent()).noneMatch(text -> text.contains("canary"));
    assertThat(ada.connection.closes()).isEmpty();
  }

  @Test
  @DisplayName("A23: a room that cannot be shown for an unknown reason closes with 1011")
  void a_failure_to_show_the_room_closes_with_1011_and_says_nothing_more() {
    Classroom broken =
        new Classroom(
            new RoomDefaults(true, 3),
            real ->
                new RoomUseCases(
                    real.join(),
                    real.resume(),
                    real.leave(),
                    real.keep(),
                    real.lock(),
                    real.unlock(),
                    real.queue(),
                    real.cancel(),
                    real.handOver(),
                    real.commit(),
                    real.snapshot(),
                    (seat, cause) -> {
                      throw new IllegalStateException("canary-4711");
                    }));
    Visitor ada = broken.connect("/ws/workspace/maze/");
    Visitor bob = broken.connect("/ws/workspace/maze/");
    ada.says(ASK_B1);

    try (ErrorOutput output = new ErrorOutput()) {
      bob.says(EDIT_B1);
      await()
          .untilAsserted(
              () -> assertThat(bob.connection.closes()).containsExactly("1011 internal error"));
      assertThat(output.text()).doesNotContain("canary");
    }
    assertThat(bob.connection.sent()).noneMatch(text -> text.contains("canary"));
  }

  private Visitor enter(String nickname) {
    return room.connect("/ws/workspace/maze/?nickname=" + nickname);
  }

  private static void forget(Visitor... visitors) {
    for (Visitor visitor : visitors) {
      visitor.connection.forget();
    }
  }
}
