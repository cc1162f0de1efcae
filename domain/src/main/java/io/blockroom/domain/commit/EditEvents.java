package io.blockroom.domain.commit;

import io.blockroom.domain.block.BlockId;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The Blockly events of one edit, carried as they came.
 *
 * @param json the array of events, verbatim
 * @param touched every block that the events name, in their order
 * @param created those of them that the events themselves create
 * @param isEmpty whether the array has no event: such a commit edits nothing
 */
public record EditEvents(String json, Set<BlockId> touched, Set<BlockId> created, boolean isEmpty) {
  /** No edit at all: the way in which a client of the seed protocol lets a lock go. */
  public static final EditEvents NONE = new EditEvents("[]", Set.of(), Set.of(), true);

  public EditEvents {
    touched = Collections.unmodifiableSet(new LinkedHashSet<>(touched));
    created = Set.copyOf(created);
  }

  /** Events that create nothing. */
  public static EditEvents of(String json, Set<BlockId> touched) {
    return new EditEvents(json, touched, Set.of(), false);
  }
}
