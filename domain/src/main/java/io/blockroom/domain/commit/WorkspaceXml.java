package io.blockroom.domain.commit;

/**
 * A whole workspace as Blockly's XML text; well-formed and harmless (checked where it enters).
 *
 * @param text at most {@value #MAX_LENGTH} UTF-16 units
 */
public record WorkspaceXml(String text) {
  /** UTF-16 units that a workspace may have. */
  public static final int MAX_LENGTH = 512 * 1024;

  /** A workspace without blocks. */
  public static final WorkspaceXml EMPTY =
      new WorkspaceXml("<xml xmlns=\"https://developers.google.com/blockly/xml\"></xml>");

  public WorkspaceXml {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("workspace of " + text.length() + " characters");
    }
  }
}
