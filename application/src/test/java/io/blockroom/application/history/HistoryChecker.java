package io.blockroom.application.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds what must not have happened in the history of a room. */
public final class HistoryChecker {
  private HistoryChecker() {}

  /** All that is wrong; nothing if the history may have happened so. */
  public static List<Violation> check(List<Entry> history) {
    Map<String, Check> checks = new LinkedHashMap<>();
    checks.put("I1", new FenceCheck());
    checks.put("I2", new LockOrderCheck());
    checks.put("I3", new DurabilityCheck());
    checks.put("I4", new RepeatCheck());
    checks.put("I5", new ConvergenceCheck());
    checks.put("I7", new AnswerCheck());
    List<Violation> violations = new ArrayList<>();
    checks.forEach((invariant, check) -> {
      history.forEach(
          entry -> check.see(entry, what -> violations.add(new Violation(invariant, what))));
      check.end(what -> violations.add(new Violation(invariant, what)));
    });
    return violations;
  }

  /**
   * Looks whether one lock per block explains what was seen. Not for histories in which
   * announcements of commits are lost: what such a commit reserved stays reserved, and nobody sees
   * it.
   */
  public static List<Violation> checkLocks(List<Entry> history) {
    List<Violation> violations = new ArrayList<>();
    LinearizabilityCheck check = new LinearizabilityCheck();
    history.forEach(entry -> check.see(entry, what -> violations.add(new Violation("I2", what))));
    check.end(what -> violations.add(new Violation("I2", what)));
    return violations;
  }
}
