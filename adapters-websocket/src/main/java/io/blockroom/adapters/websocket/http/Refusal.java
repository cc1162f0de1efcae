package io.blockroom.adapters.websocket.http;

/**
 * Ends the handling of a request from deep inside it. It carries no stack trace, for clients can
 * provoke it at will.
 */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Problem problem;

  Refusal(Problem problem) {
    super(problem.name(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
