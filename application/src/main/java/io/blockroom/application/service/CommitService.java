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
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** A commit's way: may it stand, store it, tell everybody. */
public final class CommitService implements CommitEdit {
  /** A commit whose turn does not come in this time is refused, so that nobody waits for long. */
  private static final Duration LONGEST_WAIT_FOR_TURN = Duration.ofSeconds(1);

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
    try {
      switch (locks.inspect(seat.room(), seat.clientId(), commit.touched())) {
        case Inspection.Locks found -> decide(seat, commit, found, reply);
        case Inspection.SeatLost lost -> reply.accept(new Outcome.SeatLost());
      }
    } catch (CoordinationUnavailable away) {
      refuse(seat, List.of(), reply);
    }
  }

  private void decide(Seat seat, Commit commit, Inspection.Locks found, Consumer<Outcome> reply) {
    switch (CommitPolicy.decide(commit, found.locks())) {
      case CommitDecision.Accepted accepted -> apply(seat, commit, found.locks(), reply);
      case CommitDecision.Refused refused ->
          reply(seat, found.asOf(), new Outcome.Refused(refused.conflicts()), reply);
    }
  }

  private void apply(Seat seat, Commit commit, List<BlockLock> held, Consumer<Outcome> reply) {
    RoomFeed feed = feeds.of(seat.room());
    if (feed == null) {
      reply.accept(new Outcome.SeatLost());
      return;
    }
    ReentrantLock turn = feed.commitTurn();
    if (!await(turn)) {
      refuse(seat, held, reply);
      return;
    }
    try {
      storeAndAnnounce(seat, commit, reply);
    } catch (StorageUnavailable | CoordinationUnavailable away) {
      refuse(seat, held, reply);
    } finally {
      turn.unlock();
    }
  }

  private void storeAndAnnounce(Seat seat, Commit commit, Consumer<Outcome> reply) {
    SequenceNumber stored =
        commit.isDurable() ? workspaces.store(seat.room(), commit) : SequenceNumber.NONE;
    SequenceNumber seq = commit.events().isEmpty() ? SequenceNumber.NONE : stored;
    CommitApplied applied =
        new CommitApplied(
            seq, commit.by(), commit.block(), commit.events().json(), commit.workspace());
    switch (broadcast.announce(seat.room(), applied, commit.releases())) {
      case AnnounceOutcome.Announced announced ->
          reply(seat, announced.asOf(), new Outcome.Applied(seq), reply);
      case AnnounceOutcome.SeatLost lost -> reply.accept(new Outcome.SeatLost());
    }
  }

  private void refuse(Seat seat, List<BlockLock> held, Consumer<Outcome> reply) {
    reply.accept(new Outcome.Unavailable(held));
    feeds.showLater(seat);
  }

  private void reply(Seat seat, Revision asOf, Outcome outcome, Consumer<Outcome> reply) {
    feeds.after(seat.room(), asOf, () -> reply.accept(outcome));
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
