package io.blockroom.application.port.out;

/** Recurring work that only one of all servers does at a time. */
public interface Chores {
  /**
   * Does the work unless another server is at it; if this server loses touch with the others, one
   * of them may begin while it still goes on.
   *
   * @param name the same for the same work on every server
   * @return whether it was this server's turn
   * @throws CoordinationUnavailable when there is no answer within 3 s
   */
  boolean attempt(String name, Runnable work);
}
