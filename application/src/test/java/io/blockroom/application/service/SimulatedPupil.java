package io.blockroom.application.service;

import io.blockroom.application.history.Entry.Answer;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Somebody in a simulation, with what their screen shows; outlives their connections. */
final class SimulatedPupil {
  static final Answer SEAT_LOST = new Answer.Refused("SEAT_LOST", false);
  private static final Pattern EDIT = Pattern.compile("\\[\"e\\d+\"]");

  final String name;
  final boolean isSeed;

  /** Whether nobody in this story makes snapshots that miss somebody's edits. */
  final boolean snapshotsAreWhole;

  Optional<SimulatedConnection> connection = Optional.empty();

  // What the screen shows
  final List<String> edits = new ArrayList<>();
  final Map<BlockId, Grant> locks = new HashMap<>();
  final Set<ClientId> others = new HashSet<>();
  long seq;

  // What is needed to come back
  Optional<Epoch> epoch = Optional.empty();
  final List<String> tokens = new ArrayList<>();
  final Map<CommitId, Commit> pending = new LinkedHashMap<>();

  boolean mustMakeSnapshot;

  SimulatedPupil(String name, boolean isSeed, boolean snapshotsAreWhole) {
    this.name = name;
    this.isSeed = isSeed;
    this.snapshotsAreWhole = snapshotsAreWhole;
  }

  void see(RoomState state, boolean isWhole) {
    if (isWhole) {
      edits.clear();
      edits.addAll(contents(state.workspace().snapshot()));
    }
    state.workspace().tail().stream().map(LoggedCommit::events).forEach(edits::add);
    seq = state.workspace().seq().value();
    epoch = Optional.of(state.workspace().epoch());
    state.resumeToken().ifPresent(tokens::add);
    locks.clear();
    locks.putAll(state.locks());
    others.clear();
    state.others().forEach(other -> others.add(other.clientId()));
  }

  void hear(RoomEvent event) {
    switch (event) {
      case RoomEvent.CommitApplied commit when commit.seq().value() == seq + 1 -> {
        seq = commit.seq().value();
        edits.add(commit.events());
      }
      case RoomEvent.BlockLocked locked ->
          locks.put(locked.block(), new Grant(locked.owner(), locked.token()));
      case RoomEvent.BlockReleased released -> locks.remove(released.block());
      case RoomEvent.ParticipantJoined joined -> others.add(joined.participant().clientId());
      case RoomEvent.ParticipantLeft left -> others.remove(left.clientId());
      case RoomEvent other -> {}
    }
  }

  /** The workspace as it is, with one more edit. */
  WorkspaceXml xmlWith(String edit) {
    return new WorkspaceXml("<xml>" + String.join(" ", edits) + edit + "</xml>");
  }

  WorkspaceSnapshot snapshot(boolean hasXml) {
    return new WorkspaceSnapshot(
        new SequenceNumber(seq),
        hasXml ? Optional.of(xmlWith("")) : Optional.empty(),
        Optional.of(new WorkspaceState("{" + String.join(" ", edits) + "}")));
  }

  /** The edits that a snapshot shows. */
  static List<String> contents(Optional<WorkspaceSnapshot> snapshot) {
    String text =
        snapshot
            .flatMap(some -> some.xml().map(WorkspaceXml::text))
            .or(() -> snapshot.flatMap(some -> some.state().map(WorkspaceState::json)))
            .orElse("");
    return EDIT.matcher(text).results().map(MatchResult::group).toList();
  }
}
