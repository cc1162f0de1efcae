package io.blockroom.adapters.websocket.codec;

/**
 * Which protocol somebody speaks. There is one model of messages for both: whoever speaks the seed
 * protocol is neither understood nor told what is not part of it.
 */
public enum Audience {
  /** The protocol of clients that ask for none by name. */
  SEED,
  /** {@code blockroom.v1}. */
  V1
}
