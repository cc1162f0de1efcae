package io.blockroom.application.history;

import java.util.Optional;

/**
 * Something that was done to the lock of one block, at some moment between two entries of a
 * history.
 *
 * @param invoked the entry before which it was not done
 * @param returned the entry behind which it was done; {@link #OPEN} if that is not known
 * @param isCertain whether it was done at all
 */
record LockOperation(Step step, int invoked, int returned, boolean isCertain) {
  /** Nobody was told that it is done. */
  static final int OPEN = Integer.MAX_VALUE;

  /** What somebody asked for, of whose outcome nothing was heard. */
  static LockOperation open(Step step, int invoked) {
    return new LockOperation(step, invoked, OPEN, false);
  }

  /**
   * A block's lock.
   *
   * @param owner nobody if it is free
   * @param token of the owner's grant; {@link #UNKNOWN} if nobody was told
   * @param highest token that was granted so far
   */
  record State(Optional<String> owner, long token, long highest) {
    static final long UNKNOWN = -1;
    static final State FREE = new State(Optional.empty(), 0, 0);

    boolean isOf(String client) {
      return owner.equals(Optional.of(client));
    }

    State freed() {
      return new State(Optional.empty(), 0, highest);
    }

    @Override
    public String toString() {
      return owner
          .map(client -> "held by %s under %d".formatted(client, token))
          .orElse("free after " + highest);
    }
  }

  /** What is done. */
  sealed interface Step {
    /** What it makes of the lock; nothing where it cannot be done. */
    Optional<State> on(State state);

    /** A client gets it, or gets it again. */
    record Granted(String client, long token) implements Step {
      @Override
      public Optional<State> on(State state) {
        if (state.isOf(client) && token == state.token()) {
          return Optional.of(new State(state.owner(), token, Math.max(token, state.highest())));
        }
        return state.owner().isEmpty() && token > state.highest()
            ? Optional.of(new State(Optional.of(client), token, token))
            : Optional.empty();
      }
    }

    /** A client is refused because somebody else has it. */
    record Denied(String client) implements Step {
      @Override
      public Optional<State> on(State state) {
        return state.owner().filter(owner -> !owner.equals(client)).map(owner -> state);
      }
    }

    /** A client's commit stands: nobody else had it. */
    record Committed(String client) implements Step {
      @Override
      public Optional<State> on(State state) {
        return state.owner().isEmpty() || state.isOf(client)
            ? Optional.of(state)
            : Optional.empty();
      }
    }

    /** A client's grant ends, for any reason. */
    record Ended(String client, long token) implements Step {
      @Override
      public Optional<State> on(State state) {
        boolean isThis = token == state.token() || token == State.UNKNOWN;
        return state.isOf(client) && isThis ? Optional.of(state.freed()) : Optional.empty();
      }
    }

    /** A client is told that it does not have it. */
    record NotHeld(String client) implements Step {
      @Override
      public Optional<State> on(State state) {
        return state.isOf(client) ? Optional.empty() : Optional.of(state);
      }
    }
  }
}
