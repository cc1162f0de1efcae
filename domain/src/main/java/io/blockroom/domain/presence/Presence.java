package io.blockroom.domain.presence;

import io.blockroom.domain.block.BlockId;
import java.util.List;
import java.util.Optional;

/**
 * What a participant is doing: a hint for the others, which authorizes nothing.
 *
 * @param selection the blocks that they have selected
 * @param cursor where they point, if that is known
 */
public record Presence(Status status, List<BlockId> selection, Optional<Cursor> cursor) {
  /** Blocks that a selection may have. */
  public static final int MAX_SELECTION = 100;

  /** Of somebody of whom nothing is known but that they are there. */
  public static final Presence UNKNOWN = new Presence(Status.ACTIVE, List.of(), Optional.empty());

  public Presence {
    selection = List.copyOf(selection);
    if (selection.size() > MAX_SELECTION) {
      throw new IllegalArgumentException("more than " + MAX_SELECTION + " blocks selected");
    }
  }

  /** The same with another status. */
  public Presence withStatus(Status other) {
    return new Presence(other, selection, cursor);
  }
}
