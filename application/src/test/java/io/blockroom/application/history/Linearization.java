package io.blockroom.application.history;

import io.blockroom.application.history.LockOperation.State;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Looks for an order in which the operations on one block could have been done one after the other,
 * each between its invocation and its return: the search of Wing and Gong, which remembers what it
 * has tried as Lowe and Porcupine do.
 */
final class Linearization {
  /** What was done already, in whatever order, and what came of it. */
  private record Tried(BitSet done, State state) {}

  /** A step of the search: the operation chosen, and where the search was before. */
  private record Choice(int operation, State before) {}

  private final List<LockOperation> operations;
  private final long certain;
  private final BitSet done = new BitSet();
  private final Set<Tried> tried = new HashSet<>();
  private State state = State.FREE;
  private long certainlyDone;

  // How far the best attempt came
  private long farthest = -1;
  private State stuckAt = State.FREE;
  private BitSet doneThere = new BitSet();

  private Linearization(List<LockOperation> operations) {
    this.operations =
        operations.stream().sorted(Comparator.comparingInt(LockOperation::invoked)).toList();
    certain = operations.stream().filter(LockOperation::isCertain).count();
  }

  /** Why there is no such order; nothing if there is one. */
  static Optional<String> whyNot(List<LockOperation> operations) {
    return new Linearization(operations).search();
  }

  private Optional<String> search() {
    List<Choice> path = new ArrayList<>();
    int next = 0;
    while (certainlyDone < certain) {
      note();
      int chosen = choose(next);
      if (chosen >= 0) {
        path.add(new Choice(chosen, state));
        take(chosen);
        next = 0;
      } else if (path.isEmpty()) {
        return Optional.of(reason());
      } else {
        Choice last = path.removeLast();
        giveBack(last);
        next = last.operation() + 1;
      }
    }
    return Optional.empty();
  }

  /** The next operation that may be done now and leads to where the search has not been. */
  private int choose(int from) {
    int deadline = deadline();
    for (int i = done.nextClearBit(from);
        i < operations.size() && operations.get(i).invoked() < deadline;
        i = done.nextClearBit(i + 1)) {
      Optional<State> then = operations.get(i).step().on(state);
      if (then.isPresent() && isNew(i, then.get())) {
        return i;
      }
    }
    return -1;
  }

  /** The first return of what is not done: what is invoked behind it cannot come before it. */
  private int deadline() {
    int deadline = LockOperation.OPEN;
    for (int i = done.nextClearBit(0);
        i < operations.size() && operations.get(i).invoked() < deadline;
        i = done.nextClearBit(i + 1)) {
      if (operations.get(i).isCertain()) {
        deadline = Math.min(deadline, operations.get(i).returned());
      }
    }
    return deadline;
  }

  private boolean isNew(int operation, State then) {
    BitSet after = (BitSet) done.clone();
    after.set(operation);
    return tried.add(new Tried(after, then));
  }

  private void take(int operation) {
    state = operations.get(operation).step().on(state).orElseThrow();
    done.set(operation);
    certainlyDone += operations.get(operation).isCertain() ? 1 : 0;
  }

  private void giveBack(Choice choice) {
    state = choice.before();
    done.clear(choice.operation());
    certainlyDone -= operations.get(choice.operation()).isCertain() ? 1 : 0;
  }

  private void note() {
    if (certainlyDone > farthest) {
      farthest = certainlyDone;
      stuckAt = state;
      doneThere = (BitSet) done.clone();
    }
  }

  /** What has to come next where the best attempt was stuck. */
  private String reason() {
    LockOperation must =
        IntStream.range(0, operations.size())
            .filter(i -> !doneThere.get(i))
            .mapToObj(operations::get)
            .filter(LockOperation::isCertain)
            .min(Comparator.comparingInt(LockOperation::returned))
            .orElseThrow();
    return "%s, but the block is %s".formatted(must.step(), stuckAt);
  }
}
