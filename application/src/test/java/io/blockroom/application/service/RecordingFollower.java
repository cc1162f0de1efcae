package io.blockroom.application.service;

import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a participant is told, one short line each. */
final class RecordingFollower implements RoomFollower {
  private final List<String> heard = new ArrayList<>();
  private final List<RoomState> states = new ArrayList<>();

  @Override
  public synchronized void welcome(RoomState state) {
    states.add(state);
    heard.add(
        "state "
            + state.others().stream().map(Participant::nickname).toList()
            + " "
            + state.locks().keySet().stream().map(BlockId::value).sorted().toList()
            + state
                .snapshot()
                .map(WorkspaceSnapshot::workspace)
                .map(WorkspaceXml::text)
                .map(text -> " " + text)
                .orElse(""));
  }

  @Override
  public synchronized void happened(RoomEvent event) {
    heard.add(
        switch (event) {
          case RoomEvent.ParticipantJoined joined -> "joined " + joined.participant().nickname();
          case RoomEvent.ParticipantLeft left -> "left";
          case RoomEvent.BlockLocked locked -> "locked " + locked.block();
          case RoomEvent.BlockReleased released -> "released " + released.block();
          case RoomEvent.CommitApplied commit ->
              "commit " + commit.block() + " " + commit.seq().value();
        });
  }

  @Override
  public synchronized void seatLost() {
    heard.add("seat lost");
  }

  /** Notes an answer among what is told. */
  synchronized void note(String answer) {
    heard.add(answer);
  }

  synchronized List<String> heard() {
    return List.copyOf(heard);
  }

  synchronized RoomState lastState() {
    return states.getLast();
  }

  synchronized void forget() {
    heard.clear();
  }
}
