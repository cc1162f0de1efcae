package io.blockroom.architecture.planted.adapters.websocket.codec;

import java.util.function.Supplier;
import javax.xml.stream.XMLInputFactory;

/** Takes an XML parser as it comes, beside the hardened one. */
public final class CodecThatParsesXml {
  public Supplier<XMLInputFactory> factory() {
    return XMLInputFactory::newFactory;
  }
}
