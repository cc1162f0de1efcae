package io.blockroom.domain.block;

/**
 * Names a block of a workspace. Opaque: never split, never matched as a pattern, compared unit for
 * unit (Blockly draws 20 characters from an alphabet that includes {@code :*?[]{}}).
 *
 * @param value 1 to {@value #MAX_LENGTH} UTF-16 units, well-formed, without control characters
 */
public record BlockId(String value) {
  /** UTF-16 units that an id may have. */
  public static final int MAX_LENGTH = 128;

  public BlockId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a block id");
    }
  }

  /** Whether a text can be the id of a block. */
  public static boolean isValid(String value) {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }

  @Override
  public String toString() {
    return value;
  }
}
