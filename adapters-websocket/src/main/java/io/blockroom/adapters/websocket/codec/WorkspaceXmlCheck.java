package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.require;
import static io.blockroom.adapters.websocket.codec.MalformedMessage.requireAtMost;

import io.blockroom.domain.commit.WorkspaceXml;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Lets only such XML in as every client can load without harm. The text is kept as it came: what is
 * checked is what is sent on. Elements that Blockly does not know pass, for custom blocks write
 * their own.
 */
final class WorkspaceXmlCheck {
  /** Blocks and shadow blocks of one workspace. */
  static final int MAX_BLOCKS = 5000;

  private static final String BLOCKLY = "https://developers.google.com/blockly/xml";
  private static final String SCRIPT_SCHEME = "javascript:";

  private final HardenedXml xml = new HardenedXml();

  /**
   * The workspace of that text.
   *
   * @throws MalformedMessage if it is too large or none
   */
  WorkspaceXml check(String text) {
    requireAtMost(WorkspaceXml.MAX_LENGTH, text.length());
    try {
      XMLStreamReader reader = xml.open(text);
      try {
        checkDocument(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException notWellFormed) {
      throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
    }
    return new WorkspaceXml(text);
  }

  private static void checkDocument(XMLStreamReader reader) throws XMLStreamException {
    // XML 1.1 would let control characters in.
    require(reader.getVersion() == null || reader.getVersion().equals("1.0"));
    int elements = 0;
    int blocks = 0;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          String name = reader.getLocalName();
          require(elements++ > 0 || name.equals("xml"));
          checkElement(reader, name);
          if (name.equals("block") || name.equals("shadow")) {
            requireAtMost(MAX_BLOCKS, ++blocks);
          }
        }
        case XMLStreamConstants.END_ELEMENT,
            XMLStreamConstants.CHARACTERS,
            XMLStreamConstants.CDATA,
            XMLStreamConstants.SPACE,
            XMLStreamConstants.COMMENT,
            XMLStreamConstants.END_DOCUMENT -> {}
        default -> throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
      }
    }
  }

  private static void checkElement(XMLStreamReader reader, String name) {
    require(!name.equalsIgnoreCase("script"));
    for (int i = 0; i < reader.getNamespaceCount(); i++) {
      // Blockly looks for plain names and would not find prefixed ones. The parser searches its
      // prefixes one by one: thousands of them would cost seconds.
      require(reader.getNamespacePrefix(i) == null && isAllowed(reader.getNamespaceURI(i)));
    }
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      require(!reader.getAttributeLocalName(i).regionMatches(true, 0, "on", 0, 2));
      require(!runsScript(reader.getAttributeValue(i)));
    }
  }

  private static boolean isAllowed(@Nullable String namespace) {
    return namespace == null || namespace.isEmpty() || namespace.equals(BLOCKLY);
  }

  /** Whether {@code javascript:} stands in a value, in any case, with any white space in it. */
  private static boolean runsScript(String value) {
    int colon = value.indexOf(':');
    while (colon >= 0) {
      if (endsScriptScheme(value, colon)) {
        return true;
      }
      colon = value.indexOf(':', colon + 1);
    }
    return false;
  }

  private static boolean endsScriptScheme(String value, int colon) {
    int expected = SCRIPT_SCHEME.length() - 1;
    for (int i = colon; i >= 0 && expected >= 0; i--) {
      char c = value.charAt(i);
      if (Character.toLowerCase(c) == SCRIPT_SCHEME.charAt(expected)) {
        expected--;
      } else if (!isIgnorable(c)) {
        return false;
      }
    }
    return expected < 0;
  }

  private static boolean isIgnorable(char c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.isISOControl(c)
        || Character.getType(c) == Character.FORMAT;
  }
}
