package io.blockroom.adapters.websocket.codec;

/** Why a client's message cannot be understood; the names are the protocol's error codes. */
public enum Fault {
  /** Not a message of the protocol: broken text, a missing field, a field of the wrong form. */
  BAD_MESSAGE,
  /** A well-formed message of a type that a client cannot send. */
  UNKNOWN_TYPE,
  /** More blocks, events or text than one message may carry. */
  TOO_LARGE
}
