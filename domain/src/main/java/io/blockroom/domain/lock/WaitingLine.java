package io.blockroom.domain.lock;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who waits for blocks in a room, in the order of their coming: whoever came first for a block gets
 * it first. A group waits as a whole: it holds no part of what it waits for, but nobody who came
 * later gets one of its blocks before it.
 *
 * @param waiters the first to come first; no two with one ticket
 */
public record WaitingLine(List<Waiter> waiters) {
  /** A line in which nobody waits. */
  public static final WaitingLine EMPTY = new WaitingLine(List.of());

  /** Places that one participant may have in the line of a room. */
  public static final int MOST_PLACES = 20;

  public WaitingLine {
    waiters = List.copyOf(waiters);
    if (waiters.stream().map(Waiter::ticket).distinct().count() < waiters.size()) {
      throw new IllegalArgumentException("two places with one ticket: " + waiters);
    }
  }

  /** The line with somebody at its end. */
  public WaitingLine with(Waiter last) {
    List<Waiter> longer = new ArrayList<>(waiters);
    longer.add(last);
    return new WaitingLine(longer);
  }

  /** The line without that place. */
  public WaitingLine without(Ticket ticket) {
    return new WaitingLine(waiters.stream().filter(each -> !each.ticket().equals(ticket)).toList());
  }

  /** The line without all places of a participant. */
  public WaitingLine without(ClientId client) {
    return new WaitingLine(waiters.stream().filter(each -> !each.client().equals(client)).toList());
  }

  /** The blocks that a participant waits for. */
  public Set<BlockId> wantedBy(ClientId client) {
    return placesOf(client).stream()
        .flatMap(each -> each.request().blocks().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** How many wait for a block. */
  public int waitingFor(BlockId block) {
    return Math.toIntExact(waiters.stream().filter(each -> each.wants(block)).count());
  }

  /**
   * The place of somebody in line: 1 plus the number of those ahead who want one of their blocks.
   * Empty if they are not in it.
   */
  public Optional<Integer> positionOf(Ticket ticket) {
    int index = indexOf(ticket);
    if (index < 0) {
      return Optional.empty();
    }
    Waiter waiter = waiters.get(index);
    long ahead = waiters.subList(0, index).stream().filter(waiter::sharesABlockWith).count();
    return Optional.of(Math.toIntExact(1 + ahead));
  }

  /** The first one in line for a block, among others than the given participant. */
  public Optional<Waiter> firstFor(BlockId block, ClientId exceptFor) {
    return waiters.stream()
        .filter(each -> each.wants(block) && !each.client().equals(exceptFor))
        .findFirst();
  }

  /** Whether one more may wait: no block may be waited for by more than the given number. */
  public boolean hasRoomFor(Waiter newcomer, int mostPerBlock) {
    List<Waiter> own = placesOf(newcomer.client());
    int waitedFor = own.stream().mapToInt(each -> each.request().blocks().size()).sum();
    return own.size() < MOST_PLACES
        && waitedFor + newcomer.request().blocks().size() <= BlockLock.MOST_PER_CLIENT
        && newcomer.request().blocks().stream().allMatch(block -> waitingFor(block) < mostPerBlock);
  }

  /**
   * The first waiter whose turn has come: each of their blocks is theirs already, or it is free and
   * nobody who came earlier waits for it.
   *
   * @param owners who has locked which block
   * @param reserved for whose commit which other block is reserved: free for that one only
   * @param heldUp whose turn has come but cannot be granted yet: nobody goes past them
   */
  public Optional<Waiter> next(
      Map<BlockId, ClientId> owners, Map<BlockId, ClientId> reserved, Set<Ticket> heldUp) {
    Set<BlockId> claimed = new HashSet<>();
    for (Waiter waiter : waiters) {
      ClientId client = waiter.client();
      boolean canHaveAll =
          waiter.request().blocks().stream()
              .allMatch(block ->
                  owners.containsKey(block)
                      ? client.equals(owners.get(block))
                      : !claimed.contains(block)
                          && client.equals(reserved.getOrDefault(block, client)));
      if (canHaveAll && !heldUp.contains(waiter.ticket())) {
        return Optional.of(waiter);
      }
      claimed.addAll(waiter.request().blocks());
    }
    return Optional.empty();
  }

  /**
   * Whether the newcomer's turn could never come, because somebody whom they would wait for waits
   * in turn, perhaps through others, for them. For blocks that are not one's own one waits for
   * their owners and for those ahead who want them, too; not for commits, which end by themselves.
   *
   * @param owners who has locked which block
   */
  public boolean wouldDeadlock(Waiter newcomer, Map<BlockId, ClientId> owners) {
    Set<ClientId> seen = new HashSet<>();
    Deque<ClientId> open = new ArrayDeque<>(awaited(newcomer, waiters, owners));
    while (!open.isEmpty()) {
      ClientId client = open.pop();
      if (client.equals(newcomer.client())) {
        return true;
      }
      if (seen.add(client)) {
        for (int index = 0; index < waiters.size(); index++) {
          if (waiters.get(index).client().equals(client)) {
            open.addAll(awaited(waiters.get(index), waiters.subList(0, index), owners));
          }
        }
      }
    }
    return false;
  }

  /** Whom somebody waits for; not for themselves. */
  private static Set<ClientId> awaited(
      Waiter waiter, List<Waiter> ahead, Map<BlockId, ClientId> owners) {
    Set<ClientId> awaited = new HashSet<>();
    for (BlockId block : waiter.request().blocks()) {
      ClientId owner = owners.get(block);
      if (owner != null) {
        awaited.add(owner);
      }
      if (!waiter.client().equals(owner)) {
        ahead.stream()
            .filter(each -> each.wants(block))
            .forEach(each -> awaited.add(each.client()));
      }
    }
    awaited.remove(waiter.client());
    return awaited;
  }

  private List<Waiter> placesOf(ClientId client) {
    return waiters.stream().filter(each -> each.client().equals(client)).toList();
  }

  private int indexOf(Ticket ticket) {
    for (int index = 0; index < waiters.size(); index++) {
      if (waiters.get(index).ticket().equals(ticket)) {
        return index;
      }
    }
    return -1;
  }
}
