package io.blockroom.application.service;

import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.BlockLocks.Claim;
import io.blockroom.application.port.out.BlockLocks.ReserveOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared;
import io.blockroom.application.port.out.CommitLog;
import io.blockroom.application.port.out.CommitLog.AppendOutcome;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.RoomBroadcast.Announcement;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.CommitDecision;
import io.blockroom.domain.commit.CommitPolicy;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.Proposal;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A commit's way: may it stand, store it, tell everybody. */
public final class CommitService implements CommitEdit {
  private final BlockLocks locks;
  private final Fencing fencing;
  private final CommitLog log;
  private final RoomBroadcast broadcast;
  private final RoomFeeds feeds;
  private final InstantSource clock;

  private final Untold untold;

  public CommitService(
      BlockLocks locks,
      Fencing fencing,
      CommitLog log,
      RoomBroadcast broadcast,
      RoomFeeds feeds,
      InstantSource clock) {
    this.locks = locks;
    this.fencing = fencing;
    this.log = log;
    this.broadcast = broadcast;
    this.feeds = feeds;
    this.clock = clock;
    untold = new Untold(locks);
  }

  /** An offer whose blocks nobody else has. */
  private record Claimed(
      CommitOffer offer, Revision asOf, List<BlockLock> held, Map<BlockId, FencingToken> reserved) {
    Claimed {
      held = List.copyOf(held);
      reserved = Collections.unmodifiableMap(new LinkedHashMap<>(reserved));
    }

    Commit commit() {
      return offer.commit();
    }

    Proposal proposal() {
      return new Proposal(commit(), grants(), reserved.keySet());
    }

    Map<BlockId, FencingToken> grants() {
      Map<BlockId, FencingToken> grants = new LinkedHashMap<>(reserved);
      held.forEach(lock -> grants.put(lock.block(), lock.token()));
      return grants;
    }
  }

  /**
   * A commit that stands and is to be told.
   *
   * @param first the commit that stood already, if this is its repetition
   */
  private record Standing(
      Claimed claimed, SequenceNumber seq, Instant at, Optional<LoggedCommit> first) {
    /** Whoever offers a commit again may be somebody new since: it stays its author's. */
    List<Announcement> announcements() {
      Commit commit = claimed.commit();
      return first
          .filter(logged -> !logged.by().equals(commit.by()))
          .map(logged ->
              List.of(
                  new Announcement(CommitApplied.of(logged), Set.of(), Map.of(), Set.of()),
                  announcement(
                      new CommitApplied(
                          SequenceNumber.NONE,
                          commit.by(),
                          commit.block(),
                          EditEvents.NONE.json(),
                          at,
                          Optional.empty(),
                          Optional.empty()))))
          .orElseGet(() ->
              List.of(
                  announcement(
                      new CommitApplied(
                          commit.events().isEmpty() ? SequenceNumber.NONE : seq,
                          commit.by(),
                          commit.block(),
                          commit.events().json(),
                          at,
                          commit.id(),
                          commit.workspace()))));
    }

    private Announcement announcement(CommitApplied told) {
      return new Announcement(
          told, claimed.commit().releases(), claimed.grants(), claimed.reserved().keySet());
    }
  }

  @Override
  public void commit(Seat seat, Commit commit, Consumer<Outcome> reply) {
    feeds.acted(seat);
    RoomFeed feed = feeds.of(seat.room());
    if (feed == null) {
      reply.accept(new Outcome.SeatLost());
      return;
    }
    CommitOffer offer = new CommitOffer(seat, commit, reply);
    Group group = new Group(seat.room(), feed);
    if (!commit.isDurable()) {
      // What is not stored has no place in the history: letting a lock go waits for nobody's edit.
      feed.lane().passBy(offer, group::pass);
    } else if (!feed.lane().pass(offer, group::pass)) {
      group.refuse(offer, Part.STORAGE, List.of());
    }
  }

  /**
   * Tells the coordination what it could not be told. To be called about twice a second, by one
   * thread.
   */
  public void tend() {
    try {
      untold.settle();
    } catch (CoordinationUnavailable away) {
      return; // next time
    }
  }

  /** Handles the commits of one room that go together. */
  private final class Group {
    private final RoomId room;
    private final RoomFeed feed;

    Group(RoomId room, RoomFeed feed) {
      this.room = room;
      this.feed = feed;
    }

    /** Answers the offers but those which must give way to others; these are returned. */
    List<CommitOffer> pass(List<CommitOffer> offers) {
      List<CommitOffer> busy = new ArrayList<>();
      try {
        List<Claimed> claimed = claim(offers, busy);
        List<Claimed> durable = claimed.stream().filter(each -> each.commit().isDurable()).toList();
        List<Standing> standing = new ArrayList<>(append(durable));
        claimed.stream()
            .filter(each -> !each.commit().isDurable())
            .map(each -> new Standing(each, feed.seq(), clock.instant(), Optional.empty()))
            .forEach(standing::add);
        announce(standing);
      } finally {
        // Whatever went wrong with one of them, each is answered.
        offers.stream()
            .filter(offer -> !offer.isAnswered() && !busy.contains(offer))
            .forEach(offer -> refuse(offer, Part.STORAGE, List.of()));
      }
      return busy;
    }

    // May it stand?

    private List<Claimed> claim(List<CommitOffer> offers, List<CommitOffer> busy) {
      List<Claimed> claimed = new ArrayList<>();
      try {
        List<ReserveOutcome> outcomes = locks.reserve(room, claims(offers));
        for (int i = 0; i < offers.size(); i++) {
          claim(offers.get(i), prepared(offers.get(i), outcomes.get(i)), claimed, busy);
        }
      } catch (CoordinationUnavailable away) {
        refuseUnanswered(offers, claimed, busy, Part.COORDINATION);
      } catch (StorageUnavailable away) {
        refuseUnanswered(offers, claimed, busy, Part.STORAGE);
      }
      return claimed;
    }

    private void claim(
        CommitOffer offer, ReserveOutcome outcome, List<Claimed> claimed, List<CommitOffer> busy) {
      switch (outcome) {
        case ReserveOutcome.Reserved mine ->
            decide(new Claimed(offer, mine.asOf(), mine.held(), mine.reserved()), claimed);
        case ReserveOutcome.Conflicting other -> refuse(offer, other.asOf(), other.locks());
        case ReserveOutcome.Busy other -> {
          if (offer.givesWay()) {
            busy.add(offer);
          } else if (isOnlyInTheirOwnWay(offer, other)) {
            refuse(offer, Part.COORDINATION, List.of());
          } else {
            refuse(offer, other.asOf(), other.reservations());
          }
        }
        case ReserveOutcome.SeatLost lost -> offer.takeReply().accept(new Outcome.SeatLost());
        case Unprepared missing -> throw new IllegalStateException("asked until prepared");
      }
    }

    /** The author's own commit is under way, or it is not known what became of it. */
    private static boolean isOnlyInTheirOwnWay(CommitOffer offer, ReserveOutcome.Busy other) {
      return other.reservations().stream().allMatch(each -> each.isHeldBy(offer.commit().by()));
    }

    private void decide(Claimed mine, List<Claimed> claimed) {
      switch (CommitPolicy.decide(mine.commit(), mine.held())) {
        case CommitDecision.Accepted accepted -> claimed.add(mine);
        case CommitDecision.Refused refused ->
            throw new IllegalStateException("refused with nobody in the way");
        case CommitDecision.Fenced fenced -> {
          end(mine, false);
          Outcome refusal = new Outcome.Fenced(fenced.blocks(), mine.held(), SequenceNumber.NONE);
          answer(mine.offer(), mine.asOf(), repeatOr(mine.commit(), refusal));
        }
        case CommitDecision.NotHeld _, CommitDecision.Frozen _ ->
            throw new IllegalStateException("decided when it is stored");
      }
    }

    private void refuse(CommitOffer offer, Revision asOf, List<BlockLock> inForce) {
      Outcome refusal =
          switch (CommitPolicy.decide(offer.commit(), inForce)) {
            case CommitDecision.Refused refused -> new Outcome.Refused(refused.conflicts());
            case CommitDecision.Fenced fenced ->
                new Outcome.Fenced(fenced.blocks(), inForce, SequenceNumber.NONE);
            case CommitDecision.Accepted _, CommitDecision.NotHeld _, CommitDecision.Frozen _ ->
                throw new IllegalStateException("nobody is in the way");
          };
      answer(offer, asOf, repeatOr(offer.commit(), refusal));
    }

    /** A commit that stands already is not refused for what happened since. */
    private Outcome repeatOr(Commit commit, Outcome refusal) {
      return logged(commit)
          .<Outcome>map(first ->
              first.isSameEditAs(commit)
                  ? new Outcome.Applied(first.seq(), true)
                  : new Outcome.Mismatch())
          .orElse(refusal);
    }

    /** What the log has under the commit's name. */
    private Optional<LoggedCommit> logged(Commit commit) {
      return commit.id().flatMap(id -> Optional.ofNullable(log.find(room, Set.of(id)).get(id)));
    }

    private ReserveOutcome prepared(CommitOffer offer, ReserveOutcome first) {
      if (!(first instanceof Unprepared missing)) {
        return first;
      }
      fencing.prepare(room, missing);
      return fencing.prepared(room, () -> locks.reserve(room, claims(List.of(offer))).getFirst());
    }

    private static List<Claim> claims(List<CommitOffer> offers) {
      return offers.stream()
          .map(offer -> new Claim(offer.seat().clientId(), offer.commit().touched()))
          .toList();
    }

    private void refuseUnanswered(
        List<CommitOffer> offers, List<Claimed> claimed, List<CommitOffer> busy, Part away) {
      List<CommitOffer> onTheirWay = claimed.stream().map(Claimed::offer).toList();
      offers.stream()
          .filter(
              offer -> !offer.isAnswered() && !busy.contains(offer) && !onTheirWay.contains(offer))
          .forEach(offer -> {
            // It may have been reserved all the same.
            untold.free(room, offer.seat().clientId(), offer.commit().touched());
            refuse(offer, away, List.of());
          });
    }

    // Store it

    private List<Standing> append(List<Claimed> claimed) {
      if (claimed.isEmpty()) {
        return List.of();
      }
      List<AppendOutcome> outcomes;
      try {
        outcomes = log.append(room, claimed.stream().map(Claimed::proposal).toList());
      } catch (StorageUnavailable away) {
        feed.doubt();
        for (Claimed each : claimed) {
          end(each, true);
          refuse(each.offer(), Part.STORAGE, each.held());
        }
        return List.of();
      }
      List<Standing> standing = new ArrayList<>();
      for (int i = 0; i < claimed.size(); i++) {
        judge(claimed.get(i), outcomes.get(i), standing);
      }
      return standing;
    }

    private void judge(Claimed claimed, AppendOutcome outcome, List<Standing> standing) {
      switch (outcome) {
        case AppendOutcome.Appended(SequenceNumber seq, Instant at) ->
            standing.add(new Standing(claimed, seq, at, Optional.empty()));
        case AppendOutcome.Duplicate(SequenceNumber seq, Instant at) ->
            first(claimed)
                .ifPresent(
                    first -> standing.add(new Standing(claimed, seq, at, Optional.of(first))));
        case AppendOutcome.Mismatch mismatch -> refuse(claimed, new Outcome.Mismatch());
        case AppendOutcome.Fenced fenced ->
            refuse(claimed, new Outcome.Fenced(fenced.blocks(), claimed.held(), fenced.last()));
        case AppendOutcome.NotHeld notHeld ->
            refuse(claimed, new Outcome.NotHeld(notHeld.blocks()));
        case AppendOutcome.Frozen frozen -> refuse(claimed, new Outcome.Frozen());
        case AppendOutcome.NoSuchRoom none -> refuse(claimed, new Outcome.SeatLost());
      }
    }

    /** The commit that a claimed one repeats; if it cannot be read, offering it again will tell. */
    private Optional<LoggedCommit> first(Claimed claimed) {
      Optional<LoggedCommit> first = Optional.empty();
      try {
        first = logged(claimed.commit());
      } catch (StorageUnavailable away) {
        feed.doubt();
      }
      if (first.isEmpty()) {
        end(claimed, false);
        refuse(claimed.offer(), Part.STORAGE, claimed.held());
      }
      return first;
    }

    private void refuse(Claimed claimed, Outcome outcome) {
      end(claimed, false);
      answer(claimed.offer(), claimed.asOf(), outcome);
    }

    // Tell everybody

    /** What stands is answered so even if nobody can be told now: they will be. */
    private void announce(List<Standing> standing) {
      if (standing.isEmpty()) {
        return;
      }
      List<Announcement> announcements =
          standing.stream().flatMap(each -> each.announcements().stream()).toList();
      try {
        Revision asOf = broadcast.announce(room, announcements);
        standing.forEach(each -> answer(each.claimed().offer(), asOf, applied(each)));
      } catch (CoordinationUnavailable away) {
        untold.add(() -> broadcast.announce(room, announcements));
        feed.doubt();
        standing.forEach(each -> each.claimed().offer().takeReply().accept(applied(each)));
      }
    }

    private static Outcome applied(Standing standing) {
      return new Outcome.Applied(standing.seq(), standing.first().isPresent());
    }

    private void end(Claimed claimed, boolean isUnknown) {
      ClientId author = claimed.offer().seat().clientId();
      Map<BlockId, FencingToken> grants = claimed.grants();
      Set<BlockId> reserved = claimed.reserved().keySet();
      untold.tell(() -> locks.endReservation(room, author, grants, reserved, isUnknown));
    }

    private void answer(CommitOffer offer, Revision asOf, Outcome outcome) {
      Consumer<Outcome> reply = offer.takeReply();
      feeds.after(offer.seat(), asOf, () -> reply.accept(outcome));
    }

    /** Whoever shows an edit that does not stand, and cannot offer it again, is shown the truth. */
    private void refuse(CommitOffer offer, Part away, List<BlockLock> inForce) {
      offer.takeReply().accept(new Outcome.Unavailable(away, inForce));
      feeds.showAfterOutage(offer.seat());
    }
  }
}
