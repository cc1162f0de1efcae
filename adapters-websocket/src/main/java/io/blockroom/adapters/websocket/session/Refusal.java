package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.ErrorCode;
import io.blockroom.application.port.in.CommitEdit.Outcome;
import io.blockroom.application.port.in.CommitEdit.Part;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.participant.ClientId;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Why a commit does not stand, in the protocol's terms.
 *
 * @param blocks those because of which it does not
 * @param locks the locks on touched blocks, as far as they are known
 * @param last the room's last commit, if it is known
 */
record Refusal(
    ErrorCode code, Set<BlockId> blocks, List<BlockLock> locks, Optional<SequenceNumber> last) {
  Refusal {
    blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
    locks = List.copyOf(locks);
  }

  static Refusal of(Outcome.Refused refused) {
    Set<BlockId> blocks =
        refused.conflicts().stream()
            .map(BlockLock::block)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return new Refusal(ErrorCode.LOCKED, blocks, refused.conflicts(), Optional.empty());
  }

  static Refusal of(Outcome.Fenced fenced) {
    return new Refusal(
        ErrorCode.FENCED,
        fenced.blocks(),
        fenced.locks(),
        Optional.of(fenced.last()).filter(SequenceNumber::isGiven));
  }

  static Refusal of(Outcome.NotHeld notHeld) {
    return new Refusal(ErrorCode.LOCK_NOT_HELD, notHeld.blocks(), List.of(), Optional.empty());
  }

  static Refusal of(Outcome.Unavailable away) {
    return new Refusal(codeOf(away.part()), Set.of(), away.locks(), Optional.empty());
  }

  static Refusal of(ErrorCode code) {
    return new Refusal(code, Set.of(), List.of(), Optional.empty());
  }

  private static ErrorCode codeOf(Part part) {
    return switch (part) {
      case STORAGE -> ErrorCode.STORAGE_UNAVAILABLE;
      case COORDINATION -> ErrorCode.COORDINATION_UNAVAILABLE;
    };
  }

  /** The locks that others have on the blocks because of which it does not stand. */
  List<BlockLock> obstaclesFor(ClientId author) {
    return locks.stream()
        .filter(lock -> blocks.contains(lock.block()) && !lock.isHeldBy(author))
        .toList();
  }
}
