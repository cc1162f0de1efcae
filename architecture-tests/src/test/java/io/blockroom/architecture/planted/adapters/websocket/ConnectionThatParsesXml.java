package io.blockroom.architecture.planted.adapters.websocket;

import javax.xml.parsers.DocumentBuilderFactory;

/** Takes an XML parser as it comes. */
public final class ConnectionThatParsesXml {
  public DocumentBuilderFactory factory() {
    return DocumentBuilderFactory.newInstance();
  }
}
