package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.fake.InMemoryStorage;
import io.blockroom.application.history.Entry;
import io.blockroom.application.history.Entry.Answer;
import io.blockroom.application.history.Entry.Hold;
import io.blockroom.application.history.Entry.Wish;
import io.blockroom.application.history.History;
import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.ChangeRoom.Change;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.HandOverBlockLock;
import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.LeaveRoom.Manner;
import io.blockroom.application.port.in.QueueForBlockLock;
import io.blockroom.application.port.in.QueueForBlockLock.Waiting;
import io.blockroom.application.port.in.ReleaseBlockLocks;
import io.blockroom.application.port.in.ResumeRoom;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.LineWatch;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.Proposal;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A class that does anything at any time, on servers that lose, double and reorder what they tell
 * each other, lose touch with storage and coordination, are taken for dead, and die. Whenever a
 * server asks something of the outside, others may act in between. All is up to one seed.
 */
final class Simulation {
  private static final int STEPS = 70;
  private static final int MOST_NODES = 4;
  private static final int MOST_PUPILS = 6;
  private static final Duration TICK = Duration.ofMillis(500);
  private static final RoomId ROOM = new RoomId("maze");
  private static final List<BlockId> BLOCKS =
      List.of(new BlockId("a"), new BlockId("b:{*}"), new BlockId("끝"));

  final History history = new History();

  /** The story in words. */
  final List<String> told = new ArrayList<>();

  private final Random random;
  private final School school = new School(new RoomDefaults(true, 12), 5);
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final List<SimulatedPupil> pupils = new ArrayList<>();

  /** Connections that have ended, of which their servers do not know yet. */
  private final List<SimulatedConnection> unnoticed = new ArrayList<>();

  /** Sees everything that happens to the line. */
  private final LineWatch line = new LineWatch();

  private final boolean snapshotsAreWhole;
  private final boolean isRough;

  /** One call in so many is interrupted, and one in ten times as many is lost. */
  private final int calls;

  private final int deepest;
  private boolean isCalm;
  private int depth;
  private int names;
  private int requests;
  private int edits;

  Simulation(long seed) {
    random = new Random(seed);
    snapshotsAreWhole = random.nextInt(3) > 0;
    isRough = random.nextInt(3) > 0;
    calls = 4 + random.nextInt(20);
    deepest = 1 + random.nextInt(3);
    school.storage.witness(new StorageWitness());
    school.shared.witness(this::witness);
    for (int i = 0; i < 2 + random.nextInt(2); i++) {
      startNode();
    }
  }

  /** From now on the storage makes this mistake. */
  void plant(InMemoryStorage.Fault fault) {
    school.storage.plant(fault);
  }

  /** Plays the story to its end, at which everything must be right. */
  void play() {
    for (int i = 0; i < STEPS; i++) {
      step();
    }
    rest();
  }

  // What may happen

  private void step() {
    int what = random.nextInt(100);
    if (what < 12) {
      comes();
    } else if (what < 20) {
      someone().ifPresent(this::locks);
    } else if (what < 31) {
      someone().ifPresent(this::waits);
    } else if (what < 49) {
      someone().ifPresent(this::commits);
    } else if (what < 54) {
      someone().ifPresent(this::releases);
    } else if (what < 56) {
      someone().ifPresent(this::handsOver);
    } else if (what < 57) {
      someone().ifPresent(this::waitsNoMore);
    } else if (what < 60) {
      someone().ifPresent(this::repeats);
    } else if (what < 63) {
      someone().ifPresent(this::sendsSnapshot);
    } else if (what < 65) {
      someone().ifPresent(this::asksForTheRoom);
    } else if (what < 67) {
      someone().ifPresent(this::leaves);
    } else if (what < 71) {
      someone().ifPresent(this::breaksOff);
    } else if (what < 76) {
      noticesAnEnd();
    } else if (what < 86) {
      tends(anyNode());
    } else if (what < 88) {
      school.clock.advance(Duration.ofSeconds(random.nextInt(6)));
    } else {
      mishap();
    }
    sendAway();
  }

  private void mishap() {
    SimulatedNode node = anyNode();
    int what = random.nextInt(isRough ? 17 : 6);
    switch (what) {
      case 0, 1 -> {
        note(node, "holds back");
        node.server.coordination.holdBackChanges();
      }
      case 2, 3 -> {
        note(node, "delivers");
        node.server.coordination.deliverChanges();
      }
      case 4 -> {
        note(node, "hears twice");
        node.server.coordination.duplicateChanges(1 + random.nextInt(3));
      }
      case 5 -> {
        note(node, "hears in another order");
        node.server.coordination.reorderChanges(1 + random.nextInt(3));
      }
      case 6, 7 -> {
        note(node, "misses changes");
        node.server.coordination.loseChanges(1 + random.nextInt(3));
      }
      case 8 -> {
        note(node, "is cut off");
        node.server.coordination.cutOff();
      }
      case 9, 10 -> {
        note(node, "is connected");
        node.server.coordination.reconnect();
        node.isStorageAway = false;
        school.storage.restoreStorage();
      }
      case 11 -> {
        note(node, "has no storage");
        node.isStorageAway = true;
      }
      case 12 -> {
        told.add("the storage is away");
        school.storage.loseStorage();
      }
      case 13 -> {
        note(node, "loses its seats");
        node.server.coordination.endSeats(ROOM);
      }
      case 14 -> {
        told.add("the tokens are forgotten");
        school.shared.forgetTokens(ROOM);
      }
      case 15 -> crashes(node);
      case 16 -> isDealtWith(node);
      default -> throw new IllegalStateException("no such mishap");
    }
  }

  private void startNode() {
    SimulatedNode node =
        new SimulatedNode(
            "node " + ++names,
            school,
            new SimulatedNode.Chance() {
              @Override
              public void interrupt() {
                interrupts();
              }

              @Override
              public boolean losesCall() {
                return !isCalm && isRough && random.nextInt(10 * calls) == 0;
              }
            });
    nodes.add(node);
  }

  private void interrupts() {
    if (!isCalm && depth < deepest && random.nextInt(calls) == 0) {
      depth++;
      told.add("<");
      List<SimulatedNode> committing = nodes.stream().filter(node -> node.isCommitting).toList();
      if (isRough && !committing.isEmpty() && random.nextInt(4) == 0) {
        ends(any(committing));
      } else {
        step();
      }
      told.add(">");
      depth--;
    }
  }

  /** A server that is in the middle of a commit dies, or is taken for dead. */
  private void ends(SimulatedNode node) {
    if (random.nextInt(4) == 0) {
      crashes(node);
    } else {
      isTakenForDead(node);
    }
  }

  /** A server is taken for dead just now, and what its pupils held is somebody else's. */
  private void isTakenForDead(SimulatedNode node) {
    note(node, "is taken for dead");
    node.server.coordination.endSeats(ROOM);
    List<SimulatedPupil> rivals =
        pupils.stream()
            .filter(this::canAct)
            .filter(pupil -> pupil.connection.orElseThrow().node != node)
            .toList();
    if (!rivals.isEmpty()) {
      SimulatedPupil rival = any(rivals);
      BLOCKS.stream().filter(block -> canAct(rival)).forEach(block -> locks(rival, Set.of(block)));
    }
  }

  private void crashes(SimulatedNode node) {
    if (nodes.size() == 1) {
      return;
    }
    node.isDead = true;
    node.isStopped = random.nextBoolean();
    note(node, node.isStopped ? "dies" : "is taken for dead and goes on for a moment");
    nodes.remove(node);
    node.server.coordination.crash();
    pupils.stream()
        .flatMap(pupil -> pupil.connection.stream())
        .filter(connection -> connection.node == node)
        .forEach(SimulatedConnection::close);
    if (nodes.size() < MOST_NODES && random.nextBoolean()) {
      startNode();
    }
  }

  /** Somebody outside changes the room's rules, or winds it back. */
  private void isDealtWith(SimulatedNode node) {
    try {
      if (random.nextInt(4) == 0) {
        forgetsHistory();
      } else if (random.nextInt(3) == 0) {
        long last =
            school.storage.last(Set.of(ROOM)).getOrDefault(ROOM, SequenceNumber.NONE).value();
        long to = random.nextLong(last + 1);
        note(node, "restores " + to);
        var _ = node.server.history.restore(ROOM, new SequenceNumber(to));
      } else if (random.nextInt(3) == 0) {
        BlockId block = anyBlock();
        note(node, "frees " + block + " by force");
        var _ = node.server.locks.force(ROOM.value(), block);
      } else {
        boolean isFrozen = random.nextInt(4) == 0;
        LockPolicy policy = random.nextInt(3) == 0 ? LockPolicy.REQUIRED : LockPolicy.ADVISORY;
        note(node, "makes the room " + policy + (isFrozen ? " and frozen" : ""));
        changeRules(node, policy, isFrozen);
      }
    } catch (StorageUnavailable | CoordinationUnavailable | SimulatedNode.Stopped away) {
      told.add("-> unavailable");
    }
  }

  /** Nobody waits so long for an answer that what it is about is forgotten. */
  private void forgetsHistory() {
    if (pupils.stream().allMatch(pupil -> pupil.pending.isEmpty())) {
      told.add("old history is forgotten");
      school.storage.compact(school.clock.instant().plusSeconds(1), 3);
    }
  }

  private static boolean refusesEdits(Room room) {
    return room.isFrozen() || room.lockPolicy() == LockPolicy.REQUIRED;
  }

  private static void changeRules(SimulatedNode node, LockPolicy policy, boolean isFrozen) {
    var _ =
        node.server.directory.change(
            ROOM,
            new Change(
                Optional.empty(),
                Optional.empty(),
                Optional.of(policy),
                Optional.of(isFrozen),
                Optional.empty()));
  }

  private void tends(SimulatedNode node) {
    if (node.isTending) {
      return;
    }
    note(node, "tends");
    school.clock.advance(TICK);
    node.isTending = true;
    try {
      node.server.tendOnce();
    } catch (SimulatedNode.Stopped stopped) {
      told.add("-> stopped");
    } finally {
      node.isTending = false;
    }
  }

  // Coming and going

  private void comes() {
    List<SimulatedPupil> away = pupils.stream().filter(pupil -> !isConnected(pupil)).toList();
    if (!away.isEmpty() && (pupils.size() == MOST_PUPILS || random.nextInt(4) > 0)) {
      connects(any(away));
    } else if (pupils.size() < MOST_PUPILS) {
      SimulatedPupil pupil =
          new SimulatedPupil("pupil " + ++names, random.nextInt(3) == 0, snapshotsAreWhole);
      pupils.add(pupil);
      connects(pupil);
    }
  }

  private void connects(SimulatedPupil pupil) {
    SimulatedNode node = anyNode();
    boolean isBack = !pupil.tokens.isEmpty() && random.nextInt(5) > 0;
    if (isBack && (node.isTending || isLeaving(pupil, node))) {
      return; // the seat may just be given up there: it would have to wait for its turn
    }
    SimulatedConnection connection =
        new SimulatedConnection("connection " + ++names, node, pupil, history);
    pupil.connection = Optional.of(connection);
    told.add(pupil.name + (isBack ? " resumes on " : " joins on ") + connection.node.name);
    connection.isBusy = true;
    try {
      JoinRoom.Outcome outcome = isBack ? resumes(pupil, connection) : joins(pupil, connection);
      if (outcome instanceof JoinRoom.Outcome.Joined joined) {
        told.add("-> " + joined.seat().clientId());
        connection.seat = Optional.of(joined.seat());
      } else {
        told.add("-> " + outcome);
        connection.close();
      }
    } catch (StorageUnavailable | CoordinationUnavailable | SimulatedNode.Stopped away) {
      told.add("-> unavailable");
      connection.close();
    } finally {
      connection.isBusy = false;
    }
  }

  private static boolean isLeaving(SimulatedPupil pupil, SimulatedNode node) {
    return pupil.connection.filter(former -> former.isBusy && former.node.equals(node)).isPresent();
  }

  private static JoinRoom.Outcome joins(SimulatedPupil pupil, SimulatedConnection connection) {
    return connection.node.server.presence.join(
        new JoinRoom.Command(ROOM.value(), pupil.name, connection));
  }

  private JoinRoom.Outcome resumes(SimulatedPupil pupil, SimulatedConnection connection) {
    boolean isOld = pupil.tokens.size() > 1 && random.nextInt(6) == 0;
    String token = pupil.tokens.get(pupil.tokens.size() - (isOld ? 2 : 1));
    history.note(
        new Entry.Resuming(
            connection.name,
            pupil.seq,
            pupil.pending.keySet().stream().map(CommitId::value).collect(Collectors.toSet())));
    return connection.node.server.presence.resume(
        new ResumeRoom.Command(
            ROOM.value(),
            pupil.name,
            token,
            pupil.epoch,
            new SequenceNumber(pupil.seq),
            pupil.pending.keySet(),
            connection));
  }

  private void leaves(SimulatedPupil pupil) {
    told.add(pupil.name + " leaves");
    SimulatedConnection connection = pupil.connection.orElseThrow();
    connection.close();
    ends(connection, Manner.LEFT);
  }

  private void breaksOff(SimulatedPupil pupil) {
    told.add(pupil.name + " breaks off");
    SimulatedConnection connection = pupil.connection.orElseThrow();
    connection.close();
    unnoticed.add(connection);
  }

  private void noticesAnEnd() {
    List<SimulatedConnection> idle =
        unnoticed.stream().filter(connection -> !connection.isBusy).toList();
    if (!idle.isEmpty()) {
      SimulatedConnection connection = any(idle);
      unnoticed.remove(connection);
      ends(connection, Manner.BROKEN);
    }
  }

  private void sendAway() {
    for (SimulatedPupil pupil : List.copyOf(pupils)) {
      SimulatedConnection connection = pupil.connection.orElse(null);
      if (connection != null && connection.isOpen && connection.isSentAway && !connection.isBusy) {
        told.add(pupil.name + " is sent away");
        connection.close();
        ends(connection, Manner.BROKEN);
      }
    }
  }

  private void ends(SimulatedConnection connection, Manner manner) {
    if (connection.node.isDead || connection.seat.isEmpty()) {
      return;
    }
    connection.isBusy = true;
    try {
      connection.node.server.presence.leave(connection.seat.get(), connection, manner);
    } catch (SimulatedNode.Stopped stopped) {
      told.add("-> stopped");
    } finally {
      connection.isBusy = false;
    }
  }

  // What pupils do

  private void locks(SimulatedPupil pupil) {
    Set<BlockId> blocks = new LinkedHashSet<>(List.of(anyBlock()));
    if (random.nextBoolean()) {
      blocks.add(anyBlock());
    }
    locks(pupil, blocks);
  }

  private void locks(SimulatedPupil pupil, Set<BlockId> blocks) {
    asks(
        pupil,
        new Wish.Lock(names(blocks)),
        (connection, seat, reply) ->
            connection.node.server.locks.acquire(
                seat,
                LockRequest.of(blocks.iterator().next(), blocks),
                outcome ->
                    reply.accept(
                        switch (outcome) {
                          case AcquireBlockLock.Outcome.Granted granted -> answer(granted);
                          case AcquireBlockLock.Outcome.Denied denied ->
                              new Answer.Refused("LOCKED", true);
                          case AcquireBlockLock.Outcome.LimitReached() ->
                              new Answer.Refused("LOCK_LIMIT", true);
                          case AcquireBlockLock.Outcome.SeatLost() -> SimulatedPupil.SEAT_LOST;
                        })));
  }

  private void waits(SimulatedPupil pupil) {
    Set<BlockId> blocks = new LinkedHashSet<>(List.of(anyBlock()));
    if (random.nextInt(3) == 0) {
      blocks.add(anyBlock());
    }
    Duration atMost = Duration.ofMillis(500 + random.nextInt(5_000));
    asks(
        pupil,
        new Wish.Queue(names(blocks)),
        (connection, seat, reply) ->
            connection.node.server.locks.queue(
                seat,
                LockRequest.of(blocks.iterator().next(), blocks),
                atMost,
                new Waiting() {
                  @Override
                  public void queued(int position, Optional<ClientId> owner) {
                    told.add("-> " + pupil.name + " waits at " + position);
                  }

                  @Override
                  public void ended(QueueForBlockLock.Outcome outcome) {
                    reply.accept(answer(outcome));
                  }
                }));
  }

  private static Answer answer(QueueForBlockLock.Outcome outcome) {
    return switch (outcome) {
      case QueueForBlockLock.Outcome.Granted(AcquireBlockLock.Outcome.Granted granted) ->
          answer(granted);
      case QueueForBlockLock.Outcome.Denied denied -> new Answer.Refused("LOCKED", true);
      case QueueForBlockLock.Outcome.LineFull() -> new Answer.Refused("QUEUE_FULL", true);
      case QueueForBlockLock.Outcome.LimitReached() -> new Answer.Refused("LOCK_LIMIT", true);
      case QueueForBlockLock.Outcome.GivenUp() -> new Answer.Refused("QUEUE_TIMEOUT", true);
      case QueueForBlockLock.Outcome.Unavailable() -> new Answer.Refused("UNAVAILABLE", false);
      case QueueForBlockLock.Outcome.SeatLost() -> SimulatedPupil.SEAT_LOST;
    };
  }

  private static Answer answer(AcquireBlockLock.Outcome.Granted granted) {
    return new Answer.Granted(
        granted.locks().stream()
            .collect(Collectors.toMap(lock -> lock.block().value(), lock -> lock.token().value())));
  }

  private void waitsNoMore(SimulatedPupil pupil) {
    BlockId block = anyBlock();
    asks(
        pupil,
        new Wish.Cancel(block.value()),
        (connection, seat, reply) ->
            connection.node.server.locks.cancel(
                seat, block, () -> reply.accept(new Answer.Done())));
  }

  private void handsOver(SimulatedPupil pupil) {
    List<SimulatedPupil> others =
        pupils.stream().filter(this::canAct).filter(other -> !other.equals(pupil)).toList();
    if (others.isEmpty()) {
      return;
    }
    ClientId to = seat(any(others)).clientId();
    ClientId self = seat(pupil).clientId();
    List<BlockId> own =
        BLOCKS.stream()
            .filter(each ->
                Optional.ofNullable(pupil.locks.get(each))
                    .filter(grant -> grant.owner().equals(self))
                    .isPresent())
            .toList();
    BlockId block = any(own.isEmpty() ? BLOCKS : own);
    asks(
        pupil,
        new Wish.HandOver(block.value(), to.value()),
        (connection, seat, reply) ->
            connection.node.server.locks.handOver(
                seat,
                block,
                to,
                outcome ->
                    reply.accept(
                        switch (outcome) {
                          case HandOverBlockLock.Outcome.HandedOver() -> new Answer.Done();
                          case HandOverBlockLock.Outcome.NotHeld() ->
                              new Answer.Refused("LOCK_NOT_HELD", true);
                          case HandOverBlockLock.Outcome.NoSuchParticipant() ->
                              new Answer.Refused("BAD_MESSAGE", true);
                          case HandOverBlockLock.Outcome.LimitReached() ->
                              new Answer.Refused("LOCK_LIMIT", true);
                          case HandOverBlockLock.Outcome.SeatLost() -> SimulatedPupil.SEAT_LOST;
                        })));
  }

  private void releases(SimulatedPupil pupil) {
    Set<BlockId> blocks = new LinkedHashSet<>(List.of(anyBlock()));
    asks(
        pupil,
        new Wish.Release(names(blocks)),
        (connection, seat, reply) ->
            connection.node.server.locks.release(
                seat,
                blocks,
                outcome ->
                    reply.accept(
                        switch (outcome) {
                          case ReleaseBlockLocks.Outcome.Released() -> new Answer.Done();
                          case ReleaseBlockLocks.Outcome.NotHeld notHeld ->
                              new Answer.Refused("LOCK_NOT_HELD", true);
                          case ReleaseBlockLocks.Outcome.SeatLost() -> SimulatedPupil.SEAT_LOST;
                        })));
  }

  private void commits(SimulatedPupil pupil) {
    BlockId block = anyBlock();
    boolean isEmpty = random.nextInt(5) == 0;
    String edit = "[\"e" + ++edits + "\"]";
    EditEvents events =
        isEmpty
            ? EditEvents.NONE
            : EditEvents.of(edit, random.nextBoolean() ? Set.of(anyBlock()) : Set.of());
    boolean hasWorkspace = random.nextInt(3) == 0 && !(pupil.isSeed && snapshotsAreWhole);
    offers(
        pupil,
        new Commit(
            seat(pupil).clientId(),
            block,
            events,
            hasWorkspace
                ? Optional.of(pupil.xmlWith(isEmpty ? "" : edit))
                : Optional.<WorkspaceXml>empty(),
            random.nextBoolean() ? Set.of(block) : Set.of(),
            pupil.isSeed ? Optional.empty() : Optional.of(new CommitId("cid" + edits)),
            pupil.isSeed ? Optional.empty() : token(pupil, block),
            pupil.isSeed ? Optional.empty() : Optional.of(new SequenceNumber(pupil.seq))));
  }

  /** The grant that a pupil believes to hold. */
  private Optional<FencingToken> token(SimulatedPupil pupil, BlockId block) {
    return Optional.ofNullable(pupil.locks.get(block))
        .filter(grant -> grant.owner().equals(seat(pupil).clientId()) && random.nextInt(4) > 0)
        .map(Grant::token);
  }

  private void repeats(SimulatedPupil pupil) {
    if (!pupil.pending.isEmpty()) {
      Commit first = any(pupil.pending.values());
      offers(pupil, asNow(pupil, first));
    }
  }

  /** The same commit, from where the pupil is now; what it believed to hold may be gone. */
  private static Commit asNow(SimulatedPupil pupil, Commit first) {
    return new Commit(
        seat(pupil).clientId(),
        first.block(),
        first.events(),
        Optional.empty(),
        first.releases(),
        first.id(),
        Optional.empty(),
        Optional.empty());
  }

  private void offers(SimulatedPupil pupil, Commit commit) {
    SimulatedConnection current = pupil.connection.orElseThrow();
    if (commit.isDurable() && current.node.isCommitting) {
      return; // it would have to wait for its turn
    }
    commit
        .id()
        .filter(id -> !commit.events().isEmpty())
        .ifPresent(id -> pupil.pending.put(id, commit));
    asks(
        pupil,
        new Wish.Commit(
            commit.id().map(CommitId::value), commit.block().value(), commit.events().json()),
        (connection, seat, reply) -> {
          boolean wasCommitting = connection.node.isCommitting;
          connection.node.isCommitting |= commit.isDurable();
          try {
            connection.node.server.commits.commit(
                seat,
                commit,
                outcome -> {
                  reply.accept(answer(outcome));
                  if (connection.isOpen && isFinal(outcome)) {
                    commit.id().ifPresent(pupil.pending::remove);
                  }
                });
          } finally {
            connection.node.isCommitting = wasCommitting;
          }
        });
  }

  private static Answer answer(CommitEdit.Outcome outcome) {
    return switch (outcome) {
      case CommitEdit.Outcome.Applied(SequenceNumber seq, boolean isDuplicate) ->
          new Answer.Applied(seq.value(), isDuplicate);
      case CommitEdit.Outcome.Refused refused -> new Answer.Refused("LOCKED", true);
      case CommitEdit.Outcome.Fenced fenced -> new Answer.Refused("FENCED", true);
      case CommitEdit.Outcome.NotHeld notHeld -> new Answer.Refused("LOCK_NOT_HELD", true);
      case CommitEdit.Outcome.Frozen() -> new Answer.Refused("ROOM_FROZEN", true);
      case CommitEdit.Outcome.Mismatch() -> new Answer.Refused("CID_MISMATCH", true);
      case CommitEdit.Outcome.Unavailable away ->
          new Answer.Refused(away.part() + "_UNAVAILABLE", false);
      case CommitEdit.Outcome.SeatLost() -> SimulatedPupil.SEAT_LOST;
    };
  }

  private static boolean isFinal(CommitEdit.Outcome outcome) {
    return !(outcome instanceof CommitEdit.Outcome.Unavailable)
        && !(outcome instanceof CommitEdit.Outcome.SeatLost);
  }

  private void sendsSnapshot(SimulatedPupil pupil) {
    if (pupil.isSeed || (!pupil.mustMakeSnapshot && random.nextInt(4) > 0)) {
      return;
    }
    pupil.mustMakeSnapshot = false;
    asks(
        pupil,
        new Wish.Release(List.of()),
        (connection, seat, reply) -> {
          var outcome =
              connection.node.server.snapshots.keep(seat, pupil.snapshot(random.nextBoolean()));
          told.add("-> snapshot of " + pupil.seq + " " + outcome);
          reply.accept(new Answer.Done());
        });
  }

  private void asksForTheRoom(SimulatedPupil pupil) {
    asks(
        pupil,
        new Wish.Release(List.of()),
        (connection, seat, reply) -> {
          connection.node.server.feeds.show(seat, Cause.REQUESTED);
          reply.accept(new Answer.Done());
        });
  }

  private interface Call {
    void make(SimulatedConnection connection, Seat seat, Consumer<Answer> reply);
  }

  private void asks(SimulatedPupil pupil, Wish wish, Call call) {
    SimulatedConnection connection = pupil.connection.orElseThrow();
    Seat seat = connection.seat.orElseThrow();
    String request = "request " + ++requests;
    told.add(pupil.name + " as " + seat.clientId() + ": " + wish);
    history.note(new Entry.Asked(connection.name, request, wish));
    connection.isBusy = true;
    try {
      if (connection.mustConfirm) {
        connection.mustConfirm = false;
        connection.node.server.presence.confirm(seat, connection);
      }
      call.make(
          connection,
          seat,
          answer -> {
            told.add("-> " + pupil.name + ": " + answer);
            connection.answer(request, answer);
          });
    } catch (StorageUnavailable | CoordinationUnavailable away) {
      told.add("-> unavailable");
      connection.answer(request, new Answer.Refused("UNAVAILABLE", false));
    } catch (SimulatedNode.Stopped stopped) {
      told.add("-> stopped");
    } finally {
      connection.isBusy = false;
    }
  }

  // The end

  /** All faults end; what must follow follows; then everything must be right. */
  private void rest() {
    isCalm = true;
    told.add("calm");
    school.storage.restoreStorage();
    nodes.forEach(node -> {
      node.isStorageAway = false;
      node.server.coordination.loseChanges(0);
      node.server.coordination.duplicateChanges(0);
      node.server.coordination.reconnect();
      node.server.coordination.deliverChanges();
    });
    // Only if need be: any change would show that another was lost.
    if (school.storage.find(ROOM).filter(Simulation::refusesEdits).isPresent()) {
      changeRules(nodes.getFirst(), LockPolicy.ADVISORY, false);
    }
    while (!unnoticed.isEmpty()) {
      noticesAnEnd();
    }
    for (int round = 0; round < 2; round++) {
      settle();
      pupils.stream().filter(pupil -> !isConnected(pupil)).toList().forEach(this::connects);
      pupils.stream().filter(this::canAct).forEach(this::repeatsAll);
    }
    settle();
    requireTruth();
    pupils.stream().filter(this::canAct).forEach(this::commits);
    settle();
    requireTruth();
    requireThatBlocksCanBeHad();
    settle();
    requireTruth();
    history.note(new Entry.AtRest());
  }

  private void settle() {
    for (int i = 0; i < 9; i++) {
      nodes.forEach(this::tends);
      sendAway();
    }
  }

  private void repeatsAll(SimulatedPupil pupil) {
    List.copyOf(pupil.pending.values()).forEach(commit -> offers(pupil, asNow(pupil, commit)));
  }

  private void requireTruth() {
    assertThat(line.violations()).isEmpty();
    RoomView room = nodes.getFirst().server.coordination.look(ROOM);
    assertThat(room.line()).as("who waits though nobody asks any more").isEqualTo(line.line());
    assertThat(room.line()).isEqualTo(WaitingLine.EMPTY);
    Set<ClientId> present =
        room.participants().stream().map(Participant::clientId).collect(Collectors.toSet());
    Set<ClientId> connected =
        pupils.stream()
            .filter(this::canAct)
            .map(pupil -> seat(pupil).clientId())
            .collect(Collectors.toSet());
    assertThat(present).as("seats").isEqualTo(connected);
    SequenceNumber last = school.storage.last(Set.of(ROOM)).getOrDefault(ROOM, SequenceNumber.NONE);
    for (SimulatedPupil pupil : pupils) {
      assertThat(canAct(pupil)).as(pupil.name + " is in the room").isTrue();
      Set<ClientId> others = new LinkedHashSet<>(present);
      others.remove(seat(pupil).clientId());
      assertThat(pupil.others).as("the others, as " + pupil.name + " sees them").isEqualTo(others);
      assertThat(pupil.locks)
          .as("the locks, as " + pupil.name + " sees them")
          .isEqualTo(room.locks());
      assertThat(pupil.seq)
          .as("the last commit that " + pupil.name + " has")
          .isEqualTo(last.value());
      assertThat(pupil.pending).as("commits of " + pupil.name + " without an answer").isEmpty();
    }
  }

  /** Nothing is left behind that keeps a block from everybody. */
  private void requireThatBlocksCanBeHad() {
    if (pupils.isEmpty()) {
      return;
    }
    for (BlockId block : BLOCKS) {
      Map<BlockId, Grant> before = nodes.getFirst().server.coordination.look(ROOM).locks();
      SimulatedPupil pupil = any(pupils);
      locks(pupil, Set.of(block));
      Map<BlockId, Grant> after = nodes.getFirst().server.coordination.look(ROOM).locks();
      ClientId expected =
          Optional.ofNullable(before.get(block)).map(Grant::owner).orElse(seat(pupil).clientId());
      assertThat(Optional.ofNullable(after.get(block)).map(Grant::owner)).contains(expected);
    }
  }

  // What was decided

  private final class StorageWitness implements InMemoryStorage.Witness {
    @Override
    public void stored(RoomId room, LoggedCommit commit) {
      history.note(new Entry.Stored(SimulatedConnection.row(commit)));
    }

    @Override
    public void admitted(RoomId room, Proposal proposal) {
      Map<BlockId, FencingToken> grants = new HashMap<>(proposal.grants());
      grants.keySet().retainAll(proposal.commit().touched());
      history.note(new Entry.Admitted(proposal.commit().by().value(), tokens(grants)));
    }

    @Override
    public void barred(RoomId room, Map<BlockId, FencingToken> former) {
      history.note(new Entry.Barred(tokens(former)));
    }

    @Override
    public void drawn(RoomId room, TokenRange range) {
      history.note(new Entry.FloorRaised(range.first().value()));
    }

    @Override
    public void restored(RoomId room, SequenceNumber to, SequenceNumber last) {
      history.note(new Entry.Restored(to.value(), last.value()));
    }

    private static Map<String, Long> tokens(Map<BlockId, FencingToken> grants) {
      Map<String, Long> tokens = new HashMap<>();
      grants.forEach((block, token) -> tokens.put(block.value(), token.value()));
      return tokens;
    }
  }

  private void witness(RoomChange change) {
    line.see(change);
    for (RoomEvent event : change.events()) {
      switch (event) {
        case RoomEvent.BlockLocked locked ->
            history.note(
                new Entry.LockTold(
                    Entry.TRUTH,
                    locked.block().value(),
                    new Hold(locked.owner().value(), locked.token().value())));
        case RoomEvent.BlockReleased released ->
            history.note(
                new Entry.ReleaseTold(
                    Entry.TRUTH, released.block().value(), released.reason().name()));
        case RoomEvent other -> {}
      }
    }
  }

  // Chance

  private Optional<SimulatedPupil> someone() {
    List<SimulatedPupil> able = pupils.stream().filter(this::canAct).toList();
    return able.isEmpty() ? Optional.empty() : Optional.of(any(able));
  }

  private boolean isConnected(SimulatedPupil pupil) {
    return pupil.connection.filter(connection -> connection.isOpen).isPresent();
  }

  private boolean canAct(SimulatedPupil pupil) {
    return pupil
        .connection
        .filter(connection -> connection.isOpen && connection.isShown && !connection.isBusy)
        .flatMap(connection -> connection.seat)
        .isPresent();
  }

  private static Seat seat(SimulatedPupil pupil) {
    return pupil.connection.flatMap(connection -> connection.seat).orElseThrow();
  }

  private SimulatedNode anyNode() {
    return any(nodes);
  }

  private BlockId anyBlock() {
    return any(BLOCKS);
  }

  private <T> T any(Collection<T> some) {
    return some.stream().skip(random.nextInt(some.size())).findFirst().orElseThrow();
  }

  private static List<String> names(Set<BlockId> blocks) {
    return blocks.stream().map(BlockId::value).toList();
  }

  private void note(SimulatedNode node, String what) {
    told.add(node.name + " " + what);
  }
}
