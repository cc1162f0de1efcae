package io.blockroom.adapters.websocket.session;

import static io.blockroom.adapters.websocket.session.ScriptedRoom.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.GrantReason;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.snapshot.WorkspaceForm;
import jakarta.json.JsonObject;
import java.time.Duration;
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
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A participant of the seed protocol: told what everybody is told, in the words it knows. */
class SeedSessionTest {
  private static final ClientId BOB = new ClientId("c2");
  private static final String EDIT = "{\"t\":\"COMMIT\",\"payload\":{\"blockId\":\"b1\"}}";

  private final ScriptedRoom room = new ScriptedRoom();
  private final Visitor ada = room.connect("chat", "resume.token-1");

  @BeforeEach
  void everythingIsShown() {
    assertThat(ada.chosen).as("no subprotocol is chosen").isEmpty();
    assertThat(ada.connection.types()).containsExactly("INIT_STATE", "COMMIT_APPLY");
    assertThat(ada.connection.exemptTypes()).containsExactly("INIT_STATE", "COMMIT_APPLY");
    assertThat(ada.connection.last().getInt("seq")).isEqualTo(2);
    ada.connection.forget();
    room.asked.clear();
  }

  @Test
  void a_follower_of_the_seed_protocol_reads_xml_and_cannot_come_back() {
    assertThat(room.follower().form()).isEqualTo(WorkspaceForm.XML);
    assertThat(room.follower().canResume()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GAP", "OUTAGE", "REFUSED"})
  void whatever_the_reason_the_room_is_shown_as_at_first(Cause cause) {
    room.follower().welcome(ScriptedRoom.state(Optional.empty()), new Occasion.Again(cause));

    assertThat(ada.connection.types()).containsExactly("INIT_STATE", "COMMIT_APPLY");
    assertThat(ada.connection.messages().getFirst().getJsonObject("payload").keySet())
        .containsExactlyInAnyOrder(
            "clientId", "users", "locks", "workspaceXml", "epoch", "seq", "snapshotSeq");
  }

  @Test
  void nothing_is_told_that_the_seed_protocol_does_not_know() {
    room.committing =
        () -> Optional.of(new CommitEdit.Outcome.Applied(new SequenceNumber(3), false));
    room.locking =
        () ->
            Optional.of(
                new AcquireBlockLock.Outcome.Granted(
                    List.of(lock("b1", ADA.clientId())), Set.of()));

    ada.says(EDIT);
    ada.says(
        "{\"t\":\"LOCK_ACQUIRE\",\"payload\":{\"blockId\":\"b1\",\"mode\":\"queue\",\"maxWaitMs\":0}}");
    ada.says("{\"t\":\"LOCK_CANCEL\",\"payload\":{\"blockId\":\"b1\"}}");
    ada.says("{\"t\":\"LOCK_HANDOVER\",\"payload\":{\"blockId\":\"b1\",\"to\":\"c2\"}}");
    ada.says("{\"t\":\"LOCK_RELEASE\",\"payload\":{\"blockIds\":[\"b1\"]}}");
    ada.says("{\"t\":\"SYNC_REQUEST\",\"payload\":{}}");
    ada.says("bad");
    room.follower().happened(new RoomEvent.RulesChanged("Maze", 5, LockPolicy.REQUIRED, true));
    room.follower().wanted(new BlockId("b1"), BOB, 1);
    room.follower().handedOver(lock("b1", ADA.clientId()));
    room.follower().presenceChanged(Map.of(BOB, Presence.UNKNOWN));
    room.follower().snapshotWanted(new SequenceNumber(100));
    room.pass(Duration.ofMinutes(1));

    assertThat(ada.connection.sent()).isEmpty();
    assertThat(room.asked).hasSize(2).endsWith(LockRequest.of(new BlockId("b1"), Set.of()));
  }

  @Test
  void locks_are_told_with_the_reason_and_how_many_wait() {
    room.follower()
        .happened(new RoomEvent.BlockReleased(new BlockId("b1"), ReleaseReason.HANDOVER, 3));
    room.follower()
        .happened(
            new RoomEvent.BlockLocked(
                new BlockId("b1"), BOB, new FencingToken(6), GrantReason.HANDOVER, 3));

    assertThat(ada.connection.types()).containsExactly("LOCK_UPDATE", "LOCK_UPDATE");
    assertThat(ada.connection.messages())
        .extracting(message -> message.getJsonObject("payload"))
        .allSatisfy(told -> {
          assertThat(told.getString("reason")).isEqualTo("handover");
          assertThat(told.getInt("waiting")).isEqualTo(3);
        });
  }

  static Stream<Arguments> refusals() {
    BlockLock others = lock("b2", BOB);
    BlockLock mine = lock("b1", ADA.clientId());
    return Stream.of(
        Arguments.of(
            new CommitEdit.Outcome.Refused(List.of(others, lock("b3", BOB))),
            Map.of("b2", "c2", "b3", "c2")),
        Arguments.of(
            new CommitEdit.Outcome.Fenced(
                Set.of(new BlockId("b1"), new BlockId("b2")),
                List.of(mine, others),
                SequenceNumber.NONE),
            Map.of("b2", "c2")),
        Arguments.of(
            new CommitEdit.Outcome.Fenced(
                Set.of(new BlockId("b2")), List.of(), SequenceNumber.NONE),
            Map.of("b1", "")),
        Arguments.of(new CommitEdit.Outcome.NotHeld(Set.of(new BlockId("b2"))), Map.of("b1", "")),
        Arguments.of(new CommitEdit.Outcome.Frozen(), Map.of("b1", "")));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void a_commit_that_does_not_stand_is_denied_block_by_block_and_the_room_is_shown(
      CommitEdit.Outcome outcome, Map<String, String> owners) {
    room.committing = () -> Optional.of(outcome);

    ada.says(EDIT);

    assertDenied(owners);
    await().untilAsserted(() -> assertThat(room.asked).endsWith(Cause.REFUSED));
  }

  @Test
  void a_commit_that_may_yet_stand_is_denied_with_the_owner_and_shown_later() {
    room.committing =
        () ->
            Optional.of(
                new CommitEdit.Outcome.Unavailable(
                    CommitEdit.Part.STORAGE, List.of(lock("b1", ADA.clientId()))));

    ada.says(EDIT);

    assertDenied(Map.of("b1", "c1"));
    assertThat(ada.connection.last().getString("code")).isEqualTo("STORAGE_UNAVAILABLE");
    assertThat(room.asked).hasSize(1);
  }

  @Test
  void a_lock_that_cannot_be_barred_is_denied_without_an_owner() {
    room.locking =
        () -> {
          throw new StorageUnavailable(new IllegalStateException("away"));
        };

    ada.says("{\"t\":\"LOCK_ACQUIRE\",\"payload\":{\"blockId\":\"b1\"}}");

    assertDenied(Map.of("b1", ""));
  }

  @Test
  @DisplayName("S05 one lock too many is denied without an owner")
  void one_lock_too_many_is_denied_without_an_owner() {
    room.locking = () -> Optional.of(new AcquireBlockLock.Outcome.LimitReached());

    ada.says("{\"t\":\"LOCK_ACQUIRE\",\"payload\":{\"blockId\":\"b1\"}}");

    assertDenied(Map.of("b1", ""));
    assertThat(ada.connection.last().getString("code")).isEqualTo("LOCK_LIMIT");
  }

  private void assertDenied(Map<String, String> owners) {
    assertThat(ada.connection.types()).containsOnly("LOCK_DENIED").hasSize(owners.size());
    for (JsonObject message : ada.connection.messages()) {
      JsonObject denied = message.getJsonObject("payload");
      assertThat(denied.getString("owner", "")).isEqualTo(owners.get(denied.getString("blockId")));
      assertThat(message).doesNotContainKey("re");
    }
  }

  private static BlockLock lock(String block, ClientId owner) {
    return new BlockLock(new BlockId(block), owner, new FencingToken(5), Duration.ofSeconds(9));
  }
}
