package io.blockroom.application.service;

import io.blockroom.application.history.Entry;
import io.blockroom.application.history.Entry.Answer;
import io.blockroom.application.history.Entry.Hold;
import io.blockroom.application.history.Entry.Row;
import io.blockroom.application.history.History;
import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.Seat;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.snapshot.WorkspaceForm;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One connection of a simulated pupil: notes what comes in, and passes it on. */
final class SimulatedConnection implements RoomFollower {
  final String name;
  final SimulatedNode node;
  private final SimulatedPupil pupil;
  private final History history;
  Optional<Seat> seat = Optional.empty();
  boolean isOpen = true;
  boolean isShown;

  /** Whether a call is on its way: a connection asks one thing after the other. */
  boolean isBusy;

  /** Whether the server has closed it, or answered so. */
  boolean isSentAway;

  /** Whether a token was brought that has not been used yet. */
  boolean mustConfirm;

  SimulatedConnection(String name, SimulatedNode node, SimulatedPupil pupil, History history) {
    this.name = name;
    this.node = node;
    this.pupil = pupil;
    this.history = history;
    history.note(new Entry.Opened(name, pupil.isSeed));
  }

  /** Nothing is received from now on. */
  void close() {
    if (isOpen) {
      isOpen = false;
      history.note(new Entry.Closed(name));
    }
  }

  void answer(String request, Answer answer) {
    if (isOpen) {
      history.note(new Entry.Answered(name, request, answer));
      isSentAway |= answer.equals(SimulatedPupil.SEAT_LOST);
    }
  }

  @Override
  public WorkspaceForm form() {
    return pupil.isSeed ? WorkspaceForm.XML : WorkspaceForm.ANY;
  }

  @Override
  public boolean canResume() {
    return !pupil.isSeed;
  }

  @Override
  public void welcome(RoomState state, Occasion occasion) {
    if (!isOpen) {
      return;
    }
    isShown = true;
    mustConfirm = true;
    boolean isWhole = !(occasion instanceof Occasion.Resumed);
    pupil.see(state, isWhole);
    history.note(
        new Entry.Shown(
            name,
            state.self().clientId().value(),
            isWhole,
            state.workspace().seq().value(),
            isWhole && pupil.snapshotsAreWhole
                ? Optional.of(SimulatedPupil.contents(state.workspace().snapshot()))
                : Optional.empty(),
            state.workspace().tail().stream().map(SimulatedConnection::row).toList(),
            holds(state.locks()),
            acked(occasion)));
  }

  @Override
  public void happened(RoomEvent event) {
    if (!isOpen) {
      return;
    }
    pupil.hear(event);
    switch (event) {
      case RoomEvent.CommitApplied commit ->
          history.note(
              new Entry.CommitTold(
                  name,
                  new Row(
                      commit.seq().value(),
                      commit.by().value(),
                      commit.id().map(CommitId::value),
                      commit.block().value(),
                      commit.events())));
      case RoomEvent.BlockLocked locked ->
          history.note(
              new Entry.LockTold(
                  name,
                  locked.block().value(),
                  new Hold(locked.owner().value(), locked.token().value())));
      case RoomEvent.BlockReleased released ->
          history.note(
              new Entry.ReleaseTold(name, released.block().value(), released.reason().name()));
      case RoomEvent other -> {}
    }
  }

  @Override
  public void wanted(BlockId block, ClientId by, int waiting) {}

  @Override
  public void handedOver(BlockLock lock) {}

  @Override
  public void presenceChanged(Map<ClientId, Presence> news) {}

  @Override
  public void snapshotWanted(SequenceNumber seq) {
    pupil.mustMakeSnapshot |= isOpen;
  }

  @Override
  public void seatLost() {
    isSentAway = true;
  }

  @Override
  public void replaced() {
    isSentAway = true;
  }

  static Row row(LoggedCommit commit) {
    return new Row(
        commit.seq().value(),
        commit.by().value(),
        commit.id().map(CommitId::value),
        commit.block().value(),
        commit.events());
  }

  private static Map<String, Hold> holds(Map<BlockId, Grant> locks) {
    Map<String, Hold> holds = new HashMap<>();
    locks.forEach((block, grant) ->
        holds.put(block.value(), new Hold(grant.owner().value(), grant.token().value())));
    return holds;
  }

  private static Map<String, Long> acked(Occasion occasion) {
    Map<CommitId, SequenceNumber> found =
        switch (occasion) {
          case Occasion.Resumed resumed -> resumed.acked();
          case Occasion.Returned returned -> returned.acked();
          case Occasion.Joined() -> Map.of();
          case Occasion.Again again -> Map.of();
        };
    Map<String, Long> acked = new HashMap<>();
    found.forEach((id, seq) -> acked.put(id.value(), seq.value()));
    return acked;
  }
}
