package io.blockroom.domain.commit;

import io.blockroom.domain.block.BlockId;

/**
 * The name that a client gave its commit, so that it can offer it again without its standing twice.
 *
 * @param value of the form of a block's id
 */
public record CommitId(String value) {
  public CommitId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a commit id");
    }
  }

  /** Whether a text can be the id of a commit. */
  public static boolean isValid(String value) {
    return BlockId.isValid(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
