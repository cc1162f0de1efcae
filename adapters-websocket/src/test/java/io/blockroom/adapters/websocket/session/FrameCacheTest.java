package io.blockroom.adapters.websocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.codec.Audience;
import io.blockroom.adapters.websocket.codec.MessageWriter;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.RoomEvent;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told to many is written once. */
class FrameCacheTest {
  private static final ClientId ADA = new ClientId("c1");

  private final FrameCache frames = new FrameCache(new MessageWriter(ScriptedRoom.LIMITS));

  @Test
  void what_is_the_same_in_both_protocols_is_one_frame() {
    for (RoomEvent event : new RoomEvent[] {locked(), commit(Optional.empty())}) {
      assertThat(frames.of(event, Audience.SEED).orElseThrow())
          .isSameAs(frames.of(event, Audience.V1).orElseThrow());
    }
  }

  @Test
  void what_differs_is_one_frame_in_each_protocol() {
    RoomEvent commit = commit(Optional.of(new WorkspaceXml("<xml/>")));

    var seed = frames.of(commit, Audience.SEED).orElseThrow();
    var v1 = frames.of(commit, Audience.V1).orElseThrow();

    assertThat(seed).isNotSameAs(v1).isSameAs(frames.of(commit, Audience.SEED).orElseThrow());
    assertThat(v1).isSameAs(frames.of(commit, Audience.V1).orElseThrow());
  }

  @Test
  void two_equal_events_are_two() {
    assertThat(frames.of(locked(), Audience.V1).orElseThrow())
        .isNotSameAs(frames.of(locked(), Audience.V1).orElseThrow());
  }

  @Test
  void presence_is_one_frame_whatever_happens_in_between() {
    Map<ClientId, Presence> news = Map.of(ADA, Presence.UNKNOWN);
    var first = frames.of(news).orElseThrow();

    var _ = frames.of(locked(), Audience.V1);

    assertThat(frames.of(news).orElseThrow()).isSameAs(first);
  }

  private static RoomEvent locked() {
    return new RoomEvent.BlockLocked(new BlockId("b1"), ADA, new FencingToken(1));
  }

  private static RoomEvent commit(Optional<WorkspaceXml> workspace) {
    return new RoomEvent.CommitApplied(
        new SequenceNumber(1),
        ADA,
        new BlockId("b1"),
        "[{}]",
        ScriptedRoom.NOW,
        Optional.empty(),
        workspace);
  }
}
