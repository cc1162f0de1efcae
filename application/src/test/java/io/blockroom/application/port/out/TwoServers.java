package io.blockroom.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.BlockLocks.Claim;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.ReserveOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsFence;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsTokens;
import io.blockroom.application.port.out.RoomBroadcast.Announcement;
import io.blockroom.application.port.out.Seats.SeatOutcome;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Two servers that share their rooms: where the contracts of the coordination are tried. */
public interface TwoServers {
  Participant ADA = participant("ada-1", "Ada");
  Participant BOB = participant("bob-2", "Bob");
  Participant CAT = participant("cat-3", "Cat");
  BlockId INTRO = new BlockId("intro:{*}");
  BlockId LOOP = new BlockId("loop[%]");
  BlockId END = new BlockId("끝🙂");

  /** How many ranges of tokens were drawn. */
  AtomicLong DRAWN = new AtomicLong();

  /** How soon a change is told, at the latest, while everything is well. */
  Duration SOON = Duration.ofSeconds(5);

  /** The server that most tests talk to. */
  Server here();

  /** Another one. */
  Server there();

  /** Ends the other server as a crash does: it gives nothing back. */
  void crashThere();

  /** How soon after a crash everybody is told, at the latest. */
  Duration crashIsToldWithin();

  /** The time for which the other server left its seats behind is over, or will soon be. */
  void graceIsOver();

  /** From now on nothing that is asked of the coordination is answered. */
  void cutOff();

  /** The coordination answers again; it has kept everything. */
  void reconnect();

  /** A room that no other test uses. */
  RoomId room();

  /** One server's view of the coordination, and what it was told. */
  interface Server {
    Seats seats();

    BlockLocks locks();

    RoomBroadcast broadcast();

    /** Listens to {@link #broadcast()} since the server started. */
    ChangesHeard heard();
  }

  /** Somebody with that id and name. */
  static Participant participant(String id, String nickname) {
    return new Participant(new ClientId(id), new Nickname(nickname), Color.ofPalette(1));
  }

  /** Seats somebody, who must find a place, and sees to it that the room has tokens. */
  default RoomView seat(Server server, Participant participant) {
    SeatOutcome.Taken taken = sit(server, participant);
    if (!taken.hasTokens()) {
      server.locks().stock(room(), draw());
    }
    return taken.view();
  }

  /** Seats somebody, who must find a place. */
  default SeatOutcome.Taken sit(Server server, Participant participant) {
    SeatOutcome outcome = server.seats().take(room(), participant, 1_000);
    assertThat(outcome).isInstanceOf(SeatOutcome.Taken.class);
    return (SeatOutcome.Taken) outcome;
  }

  /** Tokens higher than all that were drawn before. */
  static TokenRange draw() {
    long first = DRAWN.incrementAndGet() * TokenRange.SIZE;
    return new TokenRange(new FencingToken(first), new FencingToken(first + TokenRange.SIZE - 1));
  }

  /** Asks for blocks. */
  default LockOutcome ask(Server server, Participant asker, BlockId asked, BlockId... others) {
    return server.locks().acquire(room(), asker.clientId(), LockRequest.of(asked, List.of(others)));
  }

  /** Asks for blocks, and again after whatever is missing was done. */
  default LockOutcome askPrepared(
      Server server, Participant asker, BlockId asked, BlockId... others) {
    LockOutcome outcome = ask(server, asker, asked, others);
    if (outcome instanceof Unprepared missing) {
      prepare(server, missing);
      return askPrepared(server, asker, asked, others);
    }
    return outcome;
  }

  /** Does what is missing, as if the storage had done its part. */
  default void prepare(Server server, Unprepared missing) {
    switch (missing) {
      case NeedsTokens() -> server.locks().stock(room(), draw());
      case NeedsFence(Map<BlockId, FencingToken> former) -> server.locks().barred(room(), former);
    }
  }

  /** Locks blocks, which must be granted. */
  default LockOutcome.Granted lock(
      Server server, Participant asker, BlockId asked, BlockId... others) {
    LockOutcome outcome = ask(server, asker, asked, others);
    assertThat(outcome).isInstanceOf(LockOutcome.Granted.class);
    return (LockOutcome.Granted) outcome;
  }

  /** Claims blocks for a commit. */
  default ReserveOutcome claim(Server server, Participant author, BlockId... touched) {
    List<ReserveOutcome> outcomes =
        server.locks().reserve(room(), List.of(new Claim(author.clientId(), blocks(touched))));
    assertThat(outcomes).hasSize(1);
    return outcomes.getFirst();
  }

  /** Claims blocks for a commit, which must be granted. */
  default ReserveOutcome.Reserved reserve(Server server, Participant author, BlockId... touched) {
    ReserveOutcome outcome = claim(server, author, touched);
    assertThat(outcome).isInstanceOf(ReserveOutcome.Reserved.class);
    return (ReserveOutcome.Reserved) outcome;
  }

  /** All that a reservation told. */
  static Map<BlockId, FencingToken> grants(ReserveOutcome.Reserved reserved) {
    Map<BlockId, FencingToken> grants = new LinkedHashMap<>(reserved.reserved());
    reserved.held().forEach(lock -> grants.put(lock.block(), lock.token()));
    return grants;
  }

  /** Ends a reservation whose commit is not announced. */
  default void end(
      Server server, Participant author, ReserveOutcome.Reserved reserved, boolean isUnknown) {
    server
        .locks()
        .endReservation(
            room(), author.clientId(), grants(reserved), reserved.reserved().keySet(), isUnknown);
  }

  /** Announces a commit for which nothing was reserved. */
  default Revision announce(Server server, CommitApplied commit, BlockId... releases) {
    return server
        .broadcast()
        .announce(room(), List.of(new Announcement(commit, blocks(releases), Map.of(), Set.of())));
  }

  /** A commit that stands and for which blocks were reserved. */
  static Announcement announcement(
      CommitApplied commit, ReserveOutcome.Reserved reserved, BlockId... releases) {
    return new Announcement(
        commit, blocks(releases), grants(reserved), reserved.reserved().keySet());
  }

  /** An edit of the introduction. */
  static CommitApplied edit(Participant by) {
    return new CommitApplied(
        new SequenceNumber(7),
        by.clientId(),
        INTRO,
        "[{\"type\":\"move\",\"blockId\":\"intro:{*}\"}]",
        Instant.parse("2026-11-22T18:40:00.000001Z"),
        Optional.of(new CommitId("01J:{*}")),
        Optional.of(new WorkspaceXml("<xml>글</xml>")));
  }

  /** The token of a lock that was granted. */
  static FencingToken token(LockOutcome.Granted granted, BlockId block) {
    return granted.locks().stream()
        .filter(lock -> lock.block().equals(block))
        .map(BlockLock::token)
        .findFirst()
        .orElseThrow();
  }

  /** Who holds which block. */
  static Map<BlockId, ClientId> owners(RoomView view) {
    Map<BlockId, ClientId> owners = new HashMap<>();
    view.locks().forEach((block, grant) -> owners.put(block, grant.owner()));
    return owners;
  }

  static RoomEvent joined(Participant who) {
    return new RoomEvent.ParticipantJoined(who);
  }

  static RoomEvent left(Participant who, LeaveReason reason) {
    return new RoomEvent.ParticipantLeft(who.clientId(), reason);
  }

  /** What is told of a block that was granted. */
  static RoomEvent locked(BlockId block, LockOutcome.Granted granted) {
    BlockLock lock =
        granted.locks().stream()
            .filter(each -> each.block().equals(block))
            .findFirst()
            .orElseThrow();
    return new RoomEvent.BlockLocked(block, lock.owner(), lock.token());
  }

  static RoomEvent released(BlockId block, ReleaseReason reason) {
    return new RoomEvent.BlockReleased(block, reason);
  }

  static Set<BlockId> blocks(BlockId... ids) {
    return new LinkedHashSet<>(Arrays.asList(ids));
  }

  /** Tries things, all at once, while the coordination does not answer. */
  default void assertRefusedWithin3Seconds(ThrowingCallable... calls) {
    cutOff();
    try {
      List<Duration> waits =
          AtOnce.call(
              calls.length,
              n -> {
                long asked = System.nanoTime();
                assertThatThrownBy(calls[n]).isInstanceOf(CoordinationUnavailable.class);
                return Duration.ofNanos(System.nanoTime() - asked);
              });
      assertThat(waits).allMatch(wait -> wait.compareTo(Duration.ofSeconds(3)) < 0);
    } finally {
      reconnect();
    }
  }
}
