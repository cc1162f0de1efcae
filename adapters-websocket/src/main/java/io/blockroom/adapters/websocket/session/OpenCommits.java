package io.blockroom.adapters.websocket.session;

import org.jspecify.annotations.Nullable;

/** The commits of one connection that have no answer yet. */
final class OpenCommits {
  private int open;
  private @Nullable Runnable farewell;

  /** Counts one more; false if none is taken any more. */
  synchronized boolean begin() {
    if (farewell != null) {
      return false;
    }
    open++;
    return true;
  }

  /** One has been answered. */
  void end() {
    Runnable due;
    synchronized (this) {
      open--;
      due = open == 0 ? farewell : null;
    }
    if (due != null) {
      due.run();
    }
  }

  /** Takes no more, and does that when all are answered, perhaps at once. */
  void endWith(Runnable last) {
    boolean isIdle;
    synchronized (this) {
      farewell = last;
      isIdle = open == 0;
    }
    if (isIdle) {
      last.run();
    }
  }
}
