package io.blockroom.architecture.planted.adapters.websocket.codec;

import javax.xml.stream.XMLInputFactory;

/** The one place for XML factories. */
public final class HardenedXml {
  public XMLInputFactory factory() {
    return XMLInputFactory.newFactory();
  }
}
