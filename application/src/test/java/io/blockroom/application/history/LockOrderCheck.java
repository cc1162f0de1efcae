package io.blockroom.application.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * I2: everybody sees the grants of a block in one order, that of their tokens, and no owner
 * replaced without a release between; nobody sees a grant that was none; at rest all see the same.
 */
final class LockOrderCheck implements Check {
  private record Grant(String block, long token) {}

  private final Map<Grant, String> owners = new HashMap<>();
  private final Set<Grant> granted = new HashSet<>();
  private final Set<Grant> seen = new HashSet<>();
  private final Map<String, View> views = new HashMap<>();

  LockOrderCheck() {
    views.put(Entry.TRUTH, new View(Entry.TRUTH));
  }

  @Override
  public void see(Entry entry, Consumer<String> broken) {
    switch (entry) {
      case Entry.Opened opened -> views.put(opened.connection(), new View(opened.connection()));
      case Entry.Closed closed -> views.remove(closed.connection());
      case Entry.LockTold(String observer, String block, Entry.Hold hold) -> {
        if (observer.equals(Entry.TRUTH)) {
          granted.add(new Grant(block, hold.token()));
        }
        note(block, hold, broken);
        with(observer, view -> view.lock(block, hold, broken));
      }
      case Entry.ReleaseTold(String observer, String block, String reason) ->
          with(observer, view -> view.holds.remove(block));
      case Entry.Shown shown -> {
        shown.locks().forEach((block, hold) -> note(block, hold, broken));
        with(shown.connection(), view -> view.show(shown, broken));
      }
      case Entry.Answered(
              String connection,
              String request,
              Entry.Answer.Granted(Map<String, Long> tokens)) ->
          with(
              connection,
              view ->
                  tokens.forEach(
                      (block, token) -> note(block, new Entry.Hold(view.client, token), broken)));
      case Entry.AtRest() -> views.values().forEach(view -> view.rest(broken));
      case Entry other -> {}
    }
  }

  @Override
  public void end(Consumer<String> broken) {
    if (!granted.isEmpty()) {
      seen.removeAll(granted);
    }
    if (granted.isEmpty() || seen.isEmpty()) {
      return;
    }
    broken.accept("grants were seen that never were: " + seen);
  }

  private void with(String observer, Consumer<View> action) {
    Optional.ofNullable(views.get(observer)).ifPresent(action);
  }

  /** A token has one owner, whoever looks. */
  private void note(String block, Entry.Hold hold, Consumer<String> broken) {
    Grant grant = new Grant(block, hold.token());
    seen.add(grant);
    String owner = owners.putIfAbsent(grant, hold.owner());
    if (owner != null && !owner.equals(hold.owner())) {
      broken.accept("%s is of %s and of %s".formatted(grant, owner, hold.owner()));
    }
  }

  /** Who holds what, as somebody was told. */
  private final class View {
    private final String observer;
    private final Map<String, Entry.Hold> holds = new HashMap<>();
    private final Map<String, Long> highest = new HashMap<>();
    private String client = "";

    View(String observer) {
      this.observer = observer;
    }

    void lock(String block, Entry.Hold hold, Consumer<String> broken) {
      Entry.Hold before = holds.put(block, hold);
      if (before != null && !before.owner().equals(hold.owner())) {
        broken.accept(
            "%s is told that %s is %s's and was not told that %s had let it go"
                .formatted(observer, block, hold.owner(), before.owner()));
      }
      // Who asks for what they hold is told of it again; the others are not.
      if (!hold.equals(before) || !hold.owner().equals(client)) {
        rise(block, hold.token(), broken);
      }
    }

    void show(Entry.Shown shown, Consumer<String> broken) {
      client = shown.client();
      shown
          .locks()
          .forEach((block, hold) -> {
            if (!hold.equals(holds.get(block))) {
              rise(block, hold.token(), broken);
            }
          });
      holds.clear();
      holds.putAll(shown.locks());
    }

    private void rise(String block, long token, Consumer<String> broken) {
      Long before = highest.put(block, token);
      if (before != null && before >= token) {
        broken.accept(
            "%s is told of %s under %d after %d".formatted(observer, block, token, before));
      }
    }

    void rest(Consumer<String> broken) {
      Map<String, Entry.Hold> truth =
          Optional.ofNullable(views.get(Entry.TRUTH)).map(view -> view.holds).orElse(Map.of());
      if (!granted.isEmpty() && !holds.equals(truth)) {
        broken.accept("%s rests with %s instead of %s".formatted(observer, holds, truth));
      }
    }
  }
}
