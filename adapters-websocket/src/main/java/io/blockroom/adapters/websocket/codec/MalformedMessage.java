package io.blockroom.adapters.websocket.codec;

/**
 * Ends the reading of a message from deep inside it. It carries no stack trace, for clients can
 * provoke it at will.
 */
final class MalformedMessage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Fault fault;

  MalformedMessage(Fault fault) {
    super(fault.name(), null, false, false);
    this.fault = fault;
  }

  Fault fault() {
    return fault;
  }
}
