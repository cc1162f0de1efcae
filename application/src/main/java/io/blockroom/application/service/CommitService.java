package io.blockroom.application.service;

import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.BlockLocks.Inspection;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.RoomBroadcast.AnnounceOutcome;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.port.out.Workspaces;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.CommitDecision;
import io.blockroom.domain.commit.CommitPolicy;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** A commit's way: may it stand, store it, tell everybody. */
public final class CommitService implements CommitEdit {
  /** A commit whose turn does not come in this time is refused, so that nobody waits for long. */
  private static final Duration LONGEST_WAIT_FOR_TURN = Duration.ofSeconds(1);

  /** What became of an accepted commit. */
  private record Told(SequenceNumber seq, AnnounceOutcome outcome) {}

  private final BlockLocks locks;
  private final Workspaces workspaces;
  private final RoomBroadcast broadcast;
  private final RoomFeeds feeds;

  public CommitService(
      BlockLocks locks, Workspaces workspaces, RoomBroadcast broadcast, RoomFeeds feeds) {
    this.locks = locks;
    this.workspaces = workspaces;
    this.broadcast = broadcast;
    this.feeds = feeds;
  }

  @Override
  public void commit(Seat seat, Commit commit, Consumer<Outcome> reply) {
    Inspection found;
    try {
      found = locks.inspect(seat.room(), seat.clientId(), commit.touched());
    } catch (CoordinationUnavailable away) {
      reply.accept(new Outcome.Unavailable(List.of()));
      feeds.showLater(seat);
      return;
    }
    switch (found) {
      case Inspection.Locks known -> decide(seat, commit, known, reply);
      case Inspection.SeatLost lost -> reply.accept(new Outcome.SeatLost());
    }
  }

  private void decide(Seat seat, Commit commit, Inspection.Locks found, Consumer<Outcome> reply) {
    switch (CommitPolicy.decide(commit, found.locks())) {
      case CommitDecision.Accepted accepted -> apply(seat, commit, found, reply);
      case CommitDecision.Refused refused ->
          reply(seat, found.asOf(), new Outcome.Refused(refused.conflicts()), reply);
    }
  }

  private void apply(Seat seat, Commit commit, Inspection.Locks found, Consumer<Outcome> reply) {
    RoomFeed feed = feeds.of(seat.room());
    if (feed == null) {
      reply.accept(new Outcome.SeatLost());
      return;
    }
    Optional<Told> told;
    try {
      // What is not stored has no place in the history: letting a lock go waits for nobody's edit.
      told =
          commit.isDurable()
              ? storeAndAnnounce(seat, commit, feed)
              : Optional.of(announce(seat, commit, SequenceNumber.NONE));
    } catch (StorageUnavailable | CoordinationUnavailable away) {
      told = Optional.empty();
    }
    told.ifPresentOrElse(answer -> answer(seat, answer, reply), () -> refuse(seat, found, reply));
  }

  /** Empty if the commit's turn does not come. */
  private Optional<Told> storeAndAnnounce(Seat seat, Commit commit, RoomFeed feed) {
    ReentrantLock turn = feed.commitTurn();
    if (!await(turn)) {
      return Optional.empty();
    }
    boolean isAnnounced = false;
    try {
      Told told = announce(seat, commit, workspaces.store(seat.room(), commit));
      isAnnounced = told.outcome() instanceof AnnounceOutcome.Announced;
      return Optional.of(told);
    } finally {
      if (!isAnnounced) {
        feed.doubt(); // it may have been stored all the same
      }
      turn.unlock();
    }
  }

  private Told announce(Seat seat, Commit commit, SequenceNumber stored) {
    SequenceNumber seq = commit.events().isEmpty() ? SequenceNumber.NONE : stored;
    CommitApplied applied =
        new CommitApplied(
            seq, commit.by(), commit.block(), commit.events().json(), commit.workspace());
    return new Told(seq, broadcast.announce(seat.room(), applied, commit.releases()));
  }

  private void answer(Seat seat, Told told, Consumer<Outcome> reply) {
    switch (told.outcome()) {
      case AnnounceOutcome.Announced announced ->
          reply(seat, announced.asOf(), new Outcome.Applied(told.seq()), reply);
      case AnnounceOutcome.SeatLost lost -> reply.accept(new Outcome.SeatLost());
    }
  }

  private void refuse(Seat seat, Inspection.Locks found, Consumer<Outcome> reply) {
    feeds.after(
        seat,
        found.asOf(),
        () -> {
          reply.accept(new Outcome.Unavailable(found.locks()));
          feeds.showLater(seat);
        });
  }

  private void reply(Seat seat, Revision asOf, Outcome outcome, Consumer<Outcome> reply) {
    feeds.after(seat, asOf, () -> reply.accept(outcome));
  }

  private static boolean await(ReentrantLock turn) {
    try {
      return turn.tryLock(LONGEST_WAIT_FOR_TURN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
