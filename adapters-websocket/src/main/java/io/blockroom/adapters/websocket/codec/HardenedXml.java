package io.blockroom.adapters.websocket.codec;

import java.io.StringReader;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Makes every XML parser: one that knows no document types, resolves no entities and fetches
 * nothing. Safe for use by many threads; a parser is for one.
 */
final class HardenedXml {
  /** Elements that may enclose each other: two for each block of a chain. */
  static final int MAX_DEPTH = 4096;

  private final XMLInputFactory parsers = XMLInputFactory.newDefaultFactory();

  HardenedXml() {
    parsers.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    parsers.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    parsers.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
    parsers.setProperty(XMLInputFactory.IS_COALESCING, false);
    parsers.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    parsers.setProperty("jdk.xml.maxElementDepth", MAX_DEPTH);
    parsers.setXMLResolver((publicId, systemId, base, namespace) -> {
      throw new XMLStreamException("nothing is fetched");
    });
  }

  /** Opens a text for reading. The JDK does not promise that its factory may be shared. */
  synchronized XMLStreamReader open(String text) throws XMLStreamException {
    return parsers.createXMLStreamReader(new StringReader(text));
  }
}
