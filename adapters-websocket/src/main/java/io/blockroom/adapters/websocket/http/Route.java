package io.blockroom.adapters.websocket.http;

import io.helidon.http.Method;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a method does at the addresses of one form.
 *
 * @param template the form, behind the address of the API; a part in braces stands for any
 */
record Route(Method method, String template, Operation operation) {

  /** Answers a request. */
  interface Operation {
    void answer(Exchange exchange);
  }

  /** Whether an address is of this form. */
  boolean leadsTo(List<String> path) {
    List<String> form = parts(template);
    return form.size() == path.size()
        && IntStream.range(0, form.size()).allMatch(i -> fits(form.get(i), path.get(i)));
  }

  /** The parts of an address behind that of the API; each begins with a slash. */
  static List<String> parts(String path) {
    return path.isEmpty() ? List.of() : List.of(path.substring(1).split("/", -1));
  }

  private static boolean fits(String form, String part) {
    return form.startsWith("{") ? !part.isEmpty() : form.equals(part);
  }
}
