package io.blockroom.application.history;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * I1: per block the tokens of accepted commits never fall, each has one author, and none is of a
 * grant that was barred, or that somebody was told the successor of.
 */
final class FenceCheck implements Check {
  /**
   * @param owner empty if the grant is barred
   */
  private record Line(long token, Optional<String> owner) {}

  private final Map<String, Line> fences = new HashMap<>();
  private final Map<String, Entry.Hold> announced = new HashMap<>();
  private long floor;

  @Override
  public void see(Entry entry, Consumer<String> broken) {
    switch (entry) {
      case Entry.Admitted admitted ->
          admitted
              .grants()
              .forEach((block, token) -> admit(admitted.author(), block, token, broken));
      case Entry.Barred barred -> barred.grants().forEach(this::bar);
      case Entry.FloorRaised raised -> {
        if (raised.token() <= floor) {
          broken.accept("the floor was %d and is raised to %d".formatted(floor, raised.token()));
        }
        floor = raised.token();
      }
      case Entry.LockTold(String observer, String block, Entry.Hold hold)
          when observer.equals(Entry.TRUTH) ->
          announced.put(block, hold);
      case Entry other -> {}
    }
  }

  private void admit(String author, String block, long token, Consumer<String> broken) {
    String what = "a commit of %s on %s under %d".formatted(author, block, token);
    Line line = fences.getOrDefault(block, new Line(0, Optional.empty()));
    if (token < floor) {
      broken.accept(what + " though the floor is " + floor);
    }
    if (token < line.token()) {
      broken.accept(what + " after " + line.token());
    } else if (token == line.token() && line.owner().isEmpty()) {
      broken.accept(what + ", which is barred");
    } else if (token == line.token() && !line.owner().get().equals(author)) {
      broken.accept(what + ", which is the grant of " + line.owner().get());
    }
    Entry.Hold successor = announced.get(block);
    if (successor != null && successor.token() > token) {
      broken.accept(what + " after " + successor.owner() + " was announced as its owner");
    }
    if (token >= line.token()) {
      fences.put(block, new Line(token, Optional.of(author)));
    }
  }

  private void bar(String block, long token) {
    fences.merge(
        block,
        new Line(token, Optional.empty()),
        (line, bar) -> line.token() > bar.token() ? line : bar);
  }
}
