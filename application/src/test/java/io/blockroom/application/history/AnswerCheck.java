package io.blockroom.application.history;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** I7: each request has one answer, or its connection ends. */
final class AnswerCheck implements Check {
  private record Request(String connection, String request) {}

  private final Set<Request> open = new LinkedHashSet<>();
  private final Set<Request> answered = new HashSet<>();

  @Override
  public void see(Entry entry, Consumer<String> broken) {
    switch (entry) {
      case Entry.Asked asked -> open.add(new Request(asked.connection(), asked.request()));
      case Entry.Answered answer ->
          answer(new Request(answer.connection(), answer.request()), broken);
      case Entry.Closed closed ->
          open.removeIf(request -> request.connection().equals(closed.connection()));
      case Entry.AtRest rest -> open.forEach(request -> broken.accept(request + " has no answer"));
      case Entry other -> {}
    }
  }

  private void answer(Request request, Consumer<String> broken) {
    if (!open.remove(request)) {
      broken.accept(
          request + (answered.contains(request) ? " is answered twice" : " was not asked"));
    }
    answered.add(request);
  }
}
