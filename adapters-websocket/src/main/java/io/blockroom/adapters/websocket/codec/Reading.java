package io.blockroom.adapters.websocket.codec;

/** What became of a text that a client sent. */
public sealed interface Reading {
  /** The text is a message. */
  record Understood(ClientMessage message) implements Reading {}

  /** The text is none; it changes nothing. */
  record Malformed(Fault fault) implements Reading {}
}
