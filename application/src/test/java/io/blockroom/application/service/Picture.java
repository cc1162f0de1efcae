package io.blockroom.application.service;

import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a client's screen shows, and whether it was ever told what must not be told. */
final class Picture implements RoomFollower {
  final Set<ClientId> others = new HashSet<>();
  final Map<BlockId, ClientId> owners = new HashMap<>();
  Optional<String> workspace = Optional.empty();
  boolean isWelcomed;
  boolean isLost;

  /** The newest commit that this picture has. */
  private long seq;

  /** Unless changes get lost, no event may contradict what was told before. */
  private boolean mayHaveMissed;

  /** From now on something may not reach this picture. */
  void mayMiss() {
    mayHaveMissed = true;
  }

  @Override
  public void welcome(RoomState state) {
    require(!isLost, "a state behind the loss of the seat");
    isWelcomed = true;
    others.clear();
    state.others().forEach(other -> others.add(other.clientId()));
    owners.clear();
    owners.putAll(state.locks());
    long shown = state.snapshot().map(snapshot -> snapshot.seq().value()).orElse(0L);
    require(shown >= seq, "a state " + shown + " older than commit " + seq);
    seq = shown;
    workspace = state.snapshot().map(WorkspaceSnapshot::workspace).map(WorkspaceXml::text);
  }

  @Override
  public void happened(RoomEvent event) {
    require(isWelcomed, "an event before the state");
    require(!isLost, "an event behind the loss of the seat");
    switch (event) {
      case RoomEvent.ParticipantJoined joined -> join(joined.participant());
      case RoomEvent.ParticipantLeft left ->
          require(others.remove(left.clientId()) || mayHaveMissed, "a stranger left");
      case RoomEvent.BlockLocked locked -> {
        ClientId before = owners.put(locked.block(), locked.owner());
        require(before == null || mayHaveMissed, "an owner replaced without a release");
      }
      case RoomEvent.BlockReleased released -> owners.remove(released.block());
      case RoomEvent.CommitApplied commit -> apply(commit);
    }
  }

  private void join(Participant newcomer) {
    require(others.add(newcomer.clientId()) || mayHaveMissed, "an arrival told twice");
  }

  private void apply(RoomEvent.CommitApplied commit) {
    if (commit.seq().isGiven()) {
      require(commit.seq().value() > seq, "commit " + commit.seq().value() + " behind " + seq);
      seq = commit.seq().value();
    }
    commit.workspace().ifPresent(xml -> workspace = Optional.of(xml.text()));
  }

  @Override
  public void seatLost() {
    require(!isLost, "a seat lost twice");
    isLost = true;
  }

  /** An {@link Error}: the feed survives followers' exceptions, and this must end the test. */
  private static void require(boolean holds, String broken) {
    if (!holds) {
      throw new AssertionError(broken);
    }
  }
}
