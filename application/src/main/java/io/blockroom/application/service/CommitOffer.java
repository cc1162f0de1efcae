package io.blockroom.application.service;

import io.blockroom.application.port.in.CommitEdit.Outcome;
import io.blockroom.application.port.in.Seat;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.WorkspaceXml;
import java.util.function.Consumer;

/** A commit that somebody offered and waits for an answer to. Handled by one thread at a time. */
final class CommitOffer {
  /** How often a commit gives way to another on the same blocks that nobody has locked. */
  private static final int MOST_TRIES = 100;

  private final Seat seat;
  private final Commit commit;
  private final Consumer<Outcome> reply;
  private boolean isAnswered;
  private int tries;

  CommitOffer(Seat seat, Commit commit, Consumer<Outcome> reply) {
    this.seat = seat;
    this.commit = commit;
    this.reply = reply;
  }

  Seat seat() {
    return seat;
  }

  Commit commit() {
    return commit;
  }

  /** UTF-16 units. */
  int size() {
    return commit.events().json().length()
        + commit.workspace().map(WorkspaceXml::text).map(String::length).orElse(0);
  }

  /** Whether it may give way once more. */
  boolean givesWay() {
    return ++tries < MOST_TRIES;
  }

  boolean isAnswered() {
    return isAnswered;
  }

  /** Takes the right to answer: nobody else will. */
  Consumer<Outcome> takeReply() {
    if (isAnswered) {
      throw new IllegalStateException("answered twice");
    }
    isAnswered = true;
    return reply;
  }
}
