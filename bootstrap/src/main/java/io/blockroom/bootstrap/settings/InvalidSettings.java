package io.blockroom.bootstrap.settings;

import java.util.List;

/** Settings that cannot stand, with everything that is wrong with them. */
public final class InvalidSettings extends Exception {

  private final transient List<String> problems;

  InvalidSettings(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence for each problem; no secret is in them. */
  public List<String> problems() {
    return problems;
  }
}
