package io.blockroom.application.service;

import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes down what a participant is told, one short line each. */
final class RecordingFollower implements RoomFollower {
  private final WorkspaceForm form;
  private final boolean canResume;
  private final List<String> heard = new ArrayList<>();
  private final List<RoomState> states = new ArrayList<>();
  private final List<RoomEvent.CommitApplied> commits = new ArrayList<>();
  private final Map<BlockId, FencingToken> tokens = new HashMap<>();
  private final Map<ClientId, Presence> presence = new HashMap<>();
  private SequenceNumber last = SequenceNumber.NONE;

  private RecordingFollower(WorkspaceForm form, boolean canResume) {
    this.form = form;
    this.canResume = canResume;
  }

  static RecordingFollower ofSeed() {
    return new RecordingFollower(WorkspaceForm.XML, false);
  }

  static RecordingFollower ofV1() {
    return new RecordingFollower(WorkspaceForm.ANY, true);
  }

  @Override
  public WorkspaceForm form() {
    return form;
  }

  @Override
  public boolean canResume() {
    return canResume;
  }

  @Override
  public synchronized void welcome(RoomState state, Occasion occasion) {
    states.add(state);
    last = state.workspace().seq();
    tokens.clear();
    state.locks().forEach((block, grant) -> tokens.put(block, grant.token()));
    heard.add(
        named(occasion)
            + " "
            + state.others().stream().map(Participant::nickname).toList()
            + " "
            + state.locks().keySet().stream().map(BlockId::value).sorted().toList()
            + state.workspace().snapshot().map(snapshot -> " " + text(snapshot)).orElse("")
            + state.workspace().tail().stream()
                .map(LoggedCommit::seq)
                .map(seq -> " +" + seq.value())
                .collect(Collectors.joining()));
  }

  private static String named(Occasion occasion) {
    return switch (occasion) {
      case Occasion.Joined() -> "state";
      case Occasion.Again(Cause cause) -> "again, " + lower(cause);
      case Occasion.Returned returned ->
          "returned, " + lower(returned.cause()) + acked(returned.acked());
      case Occasion.Resumed resumed ->
          "resumed"
              + (resumed.recovered() ? ", keeps " + resumed.locksKept() : " anew")
              + acked(resumed.acked());
    };
  }

  private static String acked(Map<?, SequenceNumber> acked) {
    Map<String, Long> sorted = new TreeMap<>();
    acked.forEach((id, seq) -> sorted.put(id.toString(), seq.value()));
    return acked.isEmpty() ? "" : ", acked " + sorted;
  }

  private static String text(WorkspaceSnapshot snapshot) {
    return snapshot
        .xml()
        .map(WorkspaceXml::text)
        .or(() -> snapshot.state().map(WorkspaceState::json))
        .orElseThrow();
  }

  @Override
  public synchronized void happened(RoomEvent event) {
    switch (event) {
      case RoomEvent.CommitApplied commit -> {
        commits.add(commit);
        last = commit.seq().isGiven() ? commit.seq() : last;
      }
      case RoomEvent.BlockLocked locked -> tokens.put(locked.block(), locked.token());
      case RoomEvent other -> {}
    }
    heard.add(
        switch (event) {
          case RoomEvent.ParticipantJoined joined -> "joined " + joined.participant().nickname();
          case RoomEvent.ParticipantLeft left -> "left, " + lower(left.reason());
          case RoomEvent.BlockLocked locked -> "locked " + locked.block();
          case RoomEvent.BlockReleased released ->
              "released " + released.block() + ", " + lower(released.reason());
          case RoomEvent.CommitApplied commit ->
              "commit " + commit.block() + " " + commit.seq().value();
          case RoomEvent.HistoryReplaced replaced -> "history replaced";
          case RoomEvent.RulesChanged rules -> "rules changed";
          case RoomEvent.RoomClosed() -> "room closed";
          case RoomEvent.LineJoined _,
              RoomEvent.LineLeft _,
              RoomEvent.TurnCame _,
              RoomEvent.SeatTakenOver _ ->
              "untold";
        });
  }

  @Override
  public synchronized void wanted(BlockId block, ClientId by, int waiting) {
    heard.add("wanted " + block + " by " + by + ", " + waiting + " waiting");
  }

  @Override
  public synchronized void handedOver(BlockLock lock) {
    heard.add("handed over " + lock.block());
  }

  @Override
  public synchronized void presenceChanged(Map<ClientId, Presence> news) {
    presence.putAll(news);
  }

  /** What was told last of what others are doing. */
  synchronized Map<ClientId, Presence> presence() {
    return Map.copyOf(presence);
  }

  @Override
  public synchronized void snapshotWanted(SequenceNumber seq) {
    heard.add("snapshot wanted of " + seq.value());
  }

  @Override
  public synchronized void seatLost() {
    heard.add("seat lost");
  }

  @Override
  public synchronized void replaced() {
    heard.add("replaced");
  }

  /** Notes an answer among what is told. */
  synchronized void note(String answer) {
    heard.add(answer);
  }

  synchronized List<String> heard() {
    return List.copyOf(heard);
  }

  synchronized List<RoomEvent.CommitApplied> commits() {
    return List.copyOf(commits);
  }

  synchronized RoomState lastState() {
    return states.getLast();
  }

  /** The last commit that was shown or told. */
  synchronized SequenceNumber last() {
    return last;
  }

  /** The token under which a block is or was last known to be locked. */
  synchronized Optional<FencingToken> token(BlockId block) {
    return Optional.ofNullable(tokens.get(block));
  }

  synchronized void forget() {
    heard.clear();
    commits.clear();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
