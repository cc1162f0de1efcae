package io.blockroom.adapters.websocket.codec;

import java.util.Optional;

/** What became of a text that a client sent. */
public sealed interface Reading {
  /** The name that the client gave its request, if one could be read. */
  Optional<String> id();

  /** The text is a message. */
  record Understood(ClientMessage message, Optional<String> id) implements Reading {}

  /** The text is none; it changes nothing. */
  record Malformed(ErrorCode code, Optional<String> id) implements Reading {}
}
