package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsFence;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsTokens;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Block locks as fields of a hash per room; each stands as long as its owner's seat. */
final class RedissonBlockLocks implements BlockLocks {
  private final RoomScripts scripts;
  private final Duration ttl;

  RedissonBlockLocks(RoomScripts scripts, Duration ttl) {
    this.scripts = scripts;
    this.ttl = ttl;
  }

  @Override
  public LockOutcome acquire(RoomId room, ClientId asker, LockRequest request) {
    Answer answer = ask(room, asker, "", 0, request);
    return lockOutcome(answer.text(), answer, asker);
  }

  @Override
  public LineOutcome queue(RoomId room, Waiter waiter, int mostPerBlock) {
    ClientId asker = waiter.client();
    Answer answer = ask(room, asker, Texts.of(waiter), mostPerBlock, waiter.request());
    String outcome = answer.text();
    return switch (outcome) {
      case "QUEUED" ->
          new LineOutcome.Queued(answer.revision(), answer.number(), answer.locks().getFirst());
      case "FULL" -> new LineOutcome.LineFull(answer.revision());
      default -> lockOutcome(outcome, answer, asker);
    };
  }

  private Answer ask(
      RoomId room, ClientId asker, String entry, int mostPerBlock, LockRequest request) {
    List<String> arguments = new ArrayList<>(4 + request.blocks().size());
    arguments.add(asker.value());
    arguments.add(entry);
    arguments.add(Integer.toString(mostPerBlock));
    arguments.add(Integer.toString(WaitingLine.MOST_PLACES));
    arguments.add(Integer.toString(BlockLock.MOST_PER_CLIENT));
    request.blocks().forEach(block -> arguments.add(block.value()));
    return scripts.run(RoomScript.ACQUIRE_LOCKS, room, arguments);
  }

  private static LockOutcome lockOutcome(String outcome, Answer answer, ClientId asker) {
    return switch (outcome) {
      case "GRANTED" -> granted(answer, asker);
      case "DENIED" -> new LockOutcome.Denied(answer.revision(), answer.locks());
      case "LIMIT" -> new LockOutcome.LimitReached(answer.revision());
      case "TOKENS" -> new NeedsTokens();
      case "FENCE" -> new NeedsFence(answer.tokens());
      default -> new LockOutcome.SeatLost();
    };
  }

  private static LockOutcome granted(Answer answer, ClientId owner) {
    Revision asOf = answer.revision();
    Duration remaining = answer.duration();
    List<BlockLock> locks = new ArrayList<>();
    Set<BlockId> heldBefore = new LinkedHashSet<>();
    while (answer.hasMore()) {
      BlockId block = answer.block();
      locks.add(new BlockLock(block, owner, answer.token(), remaining));
      if (answer.isYes()) {
        heldBefore.add(block);
      }
    }
    return new LockOutcome.Granted(asOf, locks, heldBefore);
  }

  @Override
  public ReleaseOutcome release(RoomId room, ClientId owner, Set<BlockId> blocks) {
    Answer answer = scripts.run(RoomScript.RELEASE_LOCKS, room, arguments(owner, blocks));
    return switch (answer.text()) {
      case "RELEASED" -> new ReleaseOutcome.Released(answer.revision());
      case "NOT_HELD" ->
          new ReleaseOutcome.NotHeld(answer.revision(), new LinkedHashSet<>(answer.blocks()));
      default -> new ReleaseOutcome.SeatLost();
    };
  }

  @Override
  public List<ReserveOutcome> reserve(RoomId room, List<Claim> claims) {
    if (claims.isEmpty()) {
      return List.of();
    }
    List<String> arguments = new ArrayList<>();
    for (Claim claim : claims) {
      arguments.add(claim.author().value());
      arguments.add(Integer.toString(claim.blocks().size()));
      claim.blocks().forEach(block -> arguments.add(block.value()));
    }
    Answer answer = scripts.run(RoomScript.RESERVE, room, arguments);
    return claims.stream()
        .map(claim -> outcome(answer.part(answer.number()), claim.author()))
        .toList();
  }

  private static ReserveOutcome outcome(Answer answer, ClientId author) {
    return switch (answer.text()) {
      case "RESERVED" -> reserved(answer, author);
      case "CONFLICT" -> new ReserveOutcome.Conflicting(answer.revision(), answer.locks());
      case "BUSY" -> new ReserveOutcome.Busy(answer.revision(), answer.locks());
      case "TOKENS" -> new NeedsTokens();
      case "FENCE" -> new NeedsFence(answer.tokens());
      default -> new ReserveOutcome.SeatLost();
    };
  }

  private static ReserveOutcome reserved(Answer answer, ClientId author) {
    Revision asOf = answer.revision();
    Duration remaining = answer.duration();
    List<BlockLock> held = new ArrayList<>();
    Map<BlockId, FencingToken> reserved = new LinkedHashMap<>();
    while (answer.hasMore()) {
      BlockId block = answer.block();
      FencingToken token = answer.token();
      if (answer.isYes()) {
        held.add(new BlockLock(block, author, token, remaining));
      } else {
        reserved.put(block, token);
      }
    }
    return new ReserveOutcome.Reserved(asOf, held, reserved);
  }

  @Override
  public void endReservation(
      RoomId room,
      ClientId author,
      Map<BlockId, FencingToken> grants,
      Set<BlockId> reserved,
      boolean isUnknown) {
    List<String> arguments = new ArrayList<>();
    arguments.add(author.value());
    arguments.add(isUnknown ? "1" : "0");
    arguments.add(Integer.toString(grants.size()));
    arguments.addAll(arguments(grants));
    reserved.forEach(block -> arguments.add(block.value()));
    scripts.run(RoomScript.END_RESERVATION, room, arguments);
  }

  @Override
  public void stock(RoomId room, TokenRange range) {
    scripts.run(
        RoomScript.STOCK_TOKENS,
        room,
        Long.toString(range.first().value()),
        Long.toString(range.last().value()));
  }

  @Override
  public void barred(RoomId room, Map<BlockId, FencingToken> former) {
    scripts.run(RoomScript.BAR_GRANTS, room, arguments(former));
  }

  @Override
  public Revision leaveLine(RoomId room, Set<Ticket> tickets) {
    return scripts
        .run(RoomScript.LEAVE_LINE, room, tickets.stream().map(Ticket::value).toList())
        .revision();
  }

  @Override
  public AdvanceOutcome advance(RoomId room) {
    Answer answer = scripts.run(RoomScript.ADVANCE, room);
    return switch (answer.text()) {
      case "TOKENS" -> new NeedsTokens();
      case "FENCE" -> new NeedsFence(answer.tokens());
      default -> new AdvanceOutcome.Advanced(answer.revision());
    };
  }

  @Override
  public HandOverOutcome handOver(RoomId room, ClientId owner, BlockId block, ClientId to) {
    Answer answer =
        scripts.run(
            RoomScript.HAND_OVER,
            room,
            owner.value(),
            block.value(),
            to.value(),
            Integer.toString(BlockLock.MOST_PER_CLIENT));
    return switch (answer.text()) {
      case "HANDED_OVER" -> new HandOverOutcome.HandedOver(answer.revision());
      case "NOT_HELD" -> new HandOverOutcome.NotHeld(answer.revision());
      case "NOBODY" -> new HandOverOutcome.NoSuchParticipant(answer.revision());
      case "LIMIT" -> new HandOverOutcome.LimitReached(answer.revision());
      case "TOKENS" -> new NeedsTokens();
      case "FENCE" -> new NeedsFence(answer.tokens());
      default -> new HandOverOutcome.SeatLost();
    };
  }

  @Override
  public void endIdle(RoomId room, ClientId owner) {
    scripts.run(RoomScript.END_IDLE, room, owner.value());
  }

  @Override
  public boolean force(RoomId room, BlockId block) {
    return scripts.run(RoomScript.FORCE, room, block.value()).isYes();
  }

  @Override
  public Duration ttl() {
    return ttl;
  }

  private static List<String> arguments(ClientId client, Collection<BlockId> blocks) {
    List<String> arguments = new ArrayList<>(1 + blocks.size());
    arguments.add(client.value());
    blocks.forEach(block -> arguments.add(block.value()));
    return arguments;
  }

  private static List<String> arguments(Map<BlockId, FencingToken> grants) {
    List<String> arguments = new ArrayList<>(2 * grants.size());
    grants.forEach((block, token) -> {
      arguments.add(block.value());
      arguments.add(Long.toString(token.value()));
    });
    return arguments;
  }
}
