package io.blockroom.domain.commit;

/**
 * A whole workspace as Blockly's JSON serialization; an object, harmless (checked where it enters).
 *
 * @param json at most {@value #MAX_LENGTH} UTF-16 units as it was sent; the storage may write it
 *     with more blanks
 */
public record WorkspaceState(String json) {
  /** UTF-16 units that a workspace may have. */
  public static final int MAX_LENGTH = 512 * 1024;

  /** A workspace without blocks. */
  public static final WorkspaceState EMPTY = new WorkspaceState("{}");

  public WorkspaceState {
    if (json.isEmpty() || json.length() > 2 * MAX_LENGTH) {
      throw new IllegalArgumentException("workspace of " + json.length() + " characters");
    }
  }
}
