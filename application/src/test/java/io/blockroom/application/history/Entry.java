package io.blockroom.application.history;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One thing that happened to a room or that somebody saw of it, in plain words and numbers. A
 * connection is named for itself: one client has several, one after the other.
 */
public sealed interface Entry {
  /** The observer from whom nothing is kept: the coordination itself. */
  String TRUTH = "coordination";

  /** A commit of these is not stored. */
  String NO_EVENTS = "[]";

  // Connections

  /**
   * A connection begins.
   *
   * @param isSeed whether it speaks the seed protocol
   */
  record Opened(String connection, boolean isSeed) implements Entry {}

  /**
   * The client of a new connection says what it knows.
   *
   * @param last the last commit that it knows
   * @param pending its commits that it has no answer to
   */
  record Resuming(String connection, long last, Set<String> pending) implements Entry {}

  /**
   * A connection is shown the room.
   *
   * @param client who that is now
   * @param isWhole whether what was known before is void; else the tail goes on from it
   * @param seq the last commit in it
   * @param contents the edits that its snapshot shows, where that can be told
   * @param tail the commits behind the snapshot, or behind what was known
   * @param acked which pending commits stand, and where
   */
  record Shown(
      String connection,
      String client,
      boolean isWhole,
      long seq,
      Optional<List<String>> contents,
      List<Row> tail,
      Map<String, Hold> locks,
      Map<String, Long> acked)
      implements Entry {}

  /** A connection ends; what is sent to it from now on is not received. */
  record Closed(String connection) implements Entry {}

  // What is told

  /** A commit is told. */
  record CommitTold(String connection, Row row) implements Entry {}

  /** A grant is told. */
  record LockTold(String observer, String block, Hold hold) implements Entry {}

  /** A block is told to be free. */
  record ReleaseTold(String observer, String block, String reason) implements Entry {}

  // Requests

  /** Somebody asks for something. */
  record Asked(String connection, String request, Wish wish) implements Entry {}

  /** Somebody is answered. */
  record Answered(String connection, String request, Answer answer) implements Entry {}

  // The storage, in the order in which it decides

  /** A commit is stored. */
  record Stored(Row row) implements Entry {}

  /** A commit is let in under these grants. */
  record Admitted(String author, Map<String, Long> grants) implements Entry {}

  /** No commit under these grants or older ones is to be let in any more. */
  record Barred(Map<String, Long> grants) implements Entry {}

  /** No commit under an older grant is to be let in any more, whatever it touches. */
  record FloorRaised(long token) implements Entry {}

  /** The room was made what it was at a number; the new history ends with {@code last}. */
  record Restored(long to, long last) implements Entry {}

  /** Nothing more is going to happen: now everybody must know everything. */
  record AtRest() implements Entry {}

  /** Who has a block, under which token. */
  record Hold(String owner, long token) {}

  /** A commit, as it is stored or told. */
  record Row(long seq, String by, Optional<String> cid, String block, String events) {}

  /** What can be asked for. */
  sealed interface Wish {
    /** Blocks, all of them or none. */
    record Lock(List<String> blocks) implements Wish {}

    /** Blocks, all of them together, as soon as that can be. */
    record Queue(List<String> blocks) implements Wish {}

    /** Not to wait for a block any more. */
    record Cancel(String block) implements Wish {}

    /** To give a block to somebody. */
    record HandOver(String block, String to) implements Wish {}

    /** To let go of blocks. */
    record Release(List<String> blocks) implements Wish {}

    /** To make an edit stand. */
    record Commit(Optional<String> cid, String block, String events) implements Wish {}
  }

  /** What can be answered. */
  sealed interface Answer {
    /** The blocks are the asker's, under these tokens. */
    record Granted(Map<String, Long> tokens) implements Answer {}

    /** It is done. */
    record Done() implements Answer {}

    /** The commit stands. */
    record Applied(long seq, boolean isDuplicate) implements Answer {}

    /**
     * It is not done.
     *
     * @param isFinal false if it may be done all the same, or may be asked for again
     */
    record Refused(String code, boolean isFinal) implements Answer {}
  }
}
