package io.blockroom.adapters.websocket.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An alarm that goes off when the test says how much time has passed. */
final class HandAlarm implements Alarm {
  private final List<Due> due = new ArrayList<>();
  private Duration now = Duration.ZERO;

  private record Due(Duration at, Runnable action) {}

  @Override
  public void after(Duration delay, Runnable action) {
    due.add(new Due(now.plus(delay), action));
  }

  void pass(Duration time) {
    now = now.plus(time);
    List<Due> over = due.stream().filter(each -> each.at().compareTo(now) <= 0).toList();
    due.removeAll(over);
    over.forEach(each -> each.action().run());
  }
}
