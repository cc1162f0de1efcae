package io.blockroom.application.service;

import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.CancelWaiting;
import io.blockroom.application.port.in.FindRoom;
import io.blockroom.application.port.in.ForceRelease;
import io.blockroom.application.port.in.HandOverBlockLock;
import io.blockroom.application.port.in.QueueForBlockLock;
import io.blockroom.application.port.in.ReleaseBlockLocks;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.BlockLocks.HandOverOutcome;
import io.blockroom.application.port.out.BlockLocks.LineOutcome;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.ReleaseOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Who may touch which block. */
public final class LockService
    implements AcquireBlockLock,
        QueueForBlockLock,
        CancelWaiting,
        HandOverBlockLock,
        ReleaseBlockLocks,
        ForceRelease {
  /** A turn may have come unheard of, or its former owner's server died before it saw to it. */
  private static final int CALLS_BETWEEN_ADVANCES = 2;

  private final BlockLocks locks;
  private final Fencing fencing;
  private final RoomFeeds feeds;
  private final Turns turns;
  private final FindRoom rooms;
  private final Identities identities;
  private final MonotonicClock elapsed;
  private final int mostWaiting;
  private final Duration longestWait;

  /** Of {@link #tend()}; confined to its thread. */
  private int calls;

  /**
   * @param mostWaiting how many may wait for one block
   * @param longestWait how long anybody may wait at the most
   */
  public LockService(
      BlockLocks locks,
      Fencing fencing,
      RoomFeeds feeds,
      Turns turns,
      FindRoom rooms,
      Identities identities,
      MonotonicClock elapsed,
      int mostWaiting,
      Duration longestWait) {
    this.locks = locks;
    this.fencing = fencing;
    this.feeds = feeds;
    this.turns = turns;
    this.rooms = rooms;
    this.identities = identities;
    this.elapsed = elapsed;
    this.mostWaiting = mostWaiting;
    this.longestWait = longestWait;
  }

  @Override
  public void acquire(Seat seat, LockRequest request, Consumer<AcquireBlockLock.Outcome> reply) {
    feeds.acted(seat);
    LockOutcome outcome =
        fencing.prepared(seat.room(), () -> locks.acquire(seat.room(), seat.clientId(), request));
    switch (outcome) {
      case LockOutcome.Granted granted ->
          feeds.after(seat, granted.asOf(), () -> reply.accept(granted(granted)));
      case LockOutcome.Denied denied ->
          feeds.after(
              seat,
              denied.asOf(),
              () -> reply.accept(new AcquireBlockLock.Outcome.Denied(denied.conflicts())));
      case LockOutcome.LimitReached reached ->
          feeds.after(
              seat,
              reached.asOf(),
              () -> reply.accept(new AcquireBlockLock.Outcome.LimitReached()));
      case LockOutcome.SeatLost lost -> reply.accept(new AcquireBlockLock.Outcome.SeatLost());
      case Unprepared missing -> throw new IllegalStateException("asked until prepared");
    }
  }

  @Override
  public void release(Seat seat, Set<BlockId> blocks, Consumer<ReleaseBlockLocks.Outcome> reply) {
    feeds.acted(seat);
    switch (locks.release(seat.room(), seat.clientId(), blocks)) {
      case ReleaseOutcome.Released released ->
          feeds.after(
              seat, released.asOf(), () -> reply.accept(new ReleaseBlockLocks.Outcome.Released()));
      case ReleaseOutcome.NotHeld notHeld ->
          feeds.after(
              seat,
              notHeld.asOf(),
              () -> reply.accept(new ReleaseBlockLocks.Outcome.NotHeld(notHeld.blocks())));
      case ReleaseOutcome.SeatLost lost -> reply.accept(new ReleaseBlockLocks.Outcome.SeatLost());
    }
  }

  // Waiting

  @Override
  public void queue(Seat seat, LockRequest request, Duration maxWait, Waiting waiting) {
    feeds.acted(seat);
    Duration wait = maxWait.compareTo(longestWait) < 0 ? maxWait : longestWait;
    Waiter waiter = new Waiter(identities.newTicket(), seat.clientId(), request);
    PlaceInLine place = new PlaceInLine(waiter, elapsed.now().plus(wait), waiting);
    RoomFeed feed = feeds.of(seat.room());
    if (feed == null || !feed.expect(place)) {
      waiting.ended(new QueueForBlockLock.Outcome.SeatLost());
      return;
    }
    boolean isAnswered = false;
    try {
      LineOutcome outcome =
          fencing.prepared(seat.room(), () -> locks.queue(seat.room(), waiter, mostWaiting));
      isAnswered = true;
      answer(seat, feed, place, outcome);
    } finally {
      if (!isAnswered) {
        giveUp(seat, feed, place); // it may have been taken
      }
    }
  }

  private void answer(Seat seat, RoomFeed feed, PlaceInLine place, LineOutcome outcome) {
    switch (outcome) {
      case LineOutcome.Queued queued ->
          feeds.after(
              seat,
              queued.asOf(),
              () -> {
                if (!feed.take(place, Optional.of(queued.obstacle().owner()))) {
                  place.end(new QueueForBlockLock.Outcome.SeatLost());
                  turns.leaveLater(seat.room(), Set.of(place.ticket()));
                }
              });
      case LineOutcome.LineFull full ->
          end(seat, feed, place, full.asOf(), new QueueForBlockLock.Outcome.LineFull());
      case LockOutcome.Granted granted ->
          end(
              seat,
              feed,
              place,
              granted.asOf(),
              new QueueForBlockLock.Outcome.Granted(granted(granted)));
      case LockOutcome.Denied denied ->
          end(
              seat,
              feed,
              place,
              denied.asOf(),
              new QueueForBlockLock.Outcome.Denied(denied.conflicts()));
      case LockOutcome.LimitReached reached ->
          end(seat, feed, place, reached.asOf(), new QueueForBlockLock.Outcome.LimitReached());
      case LockOutcome.SeatLost lost -> {
        feed.forget(place);
        place.end(new QueueForBlockLock.Outcome.SeatLost());
      }
      case Unprepared missing -> throw new IllegalStateException("asked until prepared");
    }
  }

  /** Ends what did not come to waiting. */
  private void end(
      Seat seat,
      RoomFeed feed,
      PlaceInLine place,
      Revision asOf,
      QueueForBlockLock.Outcome outcome) {
    feed.forget(place);
    feeds.after(seat, asOf, () -> place.end(outcome));
  }

  private void giveUp(Seat seat, RoomFeed feed, PlaceInLine place) {
    feed.forget(place);
    feeds.runErrands(seat.room());
    turns.leaveLater(seat.room(), Set.of(place.ticket()));
  }

  @Override
  public void cancel(Seat seat, BlockId block, Runnable reply) {
    RoomFeed feed = feeds.of(seat.room());
    Set<Ticket> tickets = feed == null ? Set.of() : feed.placesOf(seat.clientId(), block);
    if (tickets.isEmpty()) {
      reply.run();
    } else {
      feeds.after(seat, locks.leaveLine(seat.room(), tickets), reply);
    }
  }

  /**
   * Ends the waiting of those who have waited for too long, and sees to turns that have come. To be
   * called about twice a second, by one thread.
   */
  public void tend() {
    boolean isAnswered = turns.settle();
    for (Map.Entry<RoomId, Set<Ticket>> each : feeds.overdue(elapsed.now()).entrySet()) {
      isAnswered = isAnswered && isLeft(each.getKey(), each.getValue());
      if (!isAnswered) {
        feeds.endPlaces(
            each.getKey(), each.getValue(), new QueueForBlockLock.Outcome.Unavailable());
      }
    }
    calls++;
    if (calls % CALLS_BETWEEN_ADVANCES == 0) {
      feeds.roomsWithWaiters().forEach(turns::advance);
    }
  }

  /** Whether the places were left; those whose turn had come before are told so. */
  private boolean isLeft(RoomId room, Set<Ticket> tickets) {
    try {
      feeds.expect(room, locks.leaveLine(room, tickets));
      return true;
    } catch (CoordinationUnavailable away) {
      return false;
    }
  }

  // Giving and taking away

  @Override
  public void handOver(
      Seat seat, BlockId block, ClientId to, Consumer<HandOverBlockLock.Outcome> reply) {
    feeds.acted(seat);
    HandOverOutcome outcome =
        fencing.prepared(
            seat.room(), () -> locks.handOver(seat.room(), seat.clientId(), block, to));
    switch (outcome) {
      case HandOverOutcome.HandedOver done ->
          feeds.after(
              seat, done.asOf(), () -> reply.accept(new HandOverBlockLock.Outcome.HandedOver()));
      case HandOverOutcome.NotHeld notHeld ->
          feeds.after(
              seat, notHeld.asOf(), () -> reply.accept(new HandOverBlockLock.Outcome.NotHeld()));
      case HandOverOutcome.NoSuchParticipant nobody ->
          feeds.after(
              seat,
              nobody.asOf(),
              () -> reply.accept(new HandOverBlockLock.Outcome.NoSuchParticipant()));
      case HandOverOutcome.LimitReached reached ->
          feeds.after(
              seat,
              reached.asOf(),
              () -> reply.accept(new HandOverBlockLock.Outcome.LimitReached()));
      case HandOverOutcome.SeatLost lost -> reply.accept(new HandOverBlockLock.Outcome.SeatLost());
      case Unprepared missing -> throw new IllegalStateException("asked until prepared");
    }
  }

  @Override
  public ForceRelease.Outcome force(String name, BlockId block) {
    Optional<RoomId> room = RoomId.of(name).filter(id -> rooms.find(id).isPresent());
    if (room.isEmpty()) {
      return ForceRelease.Outcome.NO_SUCH_ROOM;
    }
    return locks.force(room.get(), block)
        ? ForceRelease.Outcome.FREED
        : ForceRelease.Outcome.NOT_HELD;
  }

  private static AcquireBlockLock.Outcome.Granted granted(LockOutcome.Granted granted) {
    return new AcquireBlockLock.Outcome.Granted(granted.locks(), granted.heldBefore());
  }
}
