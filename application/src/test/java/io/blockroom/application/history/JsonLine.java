package io.blockroom.application.history;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes a record as an object that says what it is. */
final class JsonLine {
  private JsonLine() {}

  static String of(Record entry) {
    return Arrays.stream(entry.getClass().getRecordComponents())
        .map(component -> text(component.getName()) + ":" + value(read(entry, component)))
        .collect(
            Collectors.joining(
                ",",
                "{\"e\":"
                    + text(entry.getClass().getSimpleName())
                    + (entry.getClass().getRecordComponents().length > 0 ? "," : ""),
                "}"));
  }

  private static String value(Object value) {
    return switch (value) {
      case String string -> text(string);
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      case Optional<?> optional -> optional.map(JsonLine::value).orElse("null");
      case Collection<?> items ->
          items.stream().map(JsonLine::value).collect(Collectors.joining(",", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(each -> text(each.getKey().toString()) + ":" + value(each.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case Record part -> of(part);
      default -> throw new IllegalArgumentException("cannot be written: " + value.getClass());
    };
  }

  private static Object read(Record entry, RecordComponent component) {
    try {
      return component.getAccessor().invoke(entry);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalArgumentException("cannot be read: " + component, e);
    }
  }

  private static String text(String raw) {
    StringBuilder text = new StringBuilder("\"");
    raw.chars()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            text.append('\\').append((char) c);
          } else if (c < ' ' || Character.isSurrogate((char) c)) {
            text.append("\\u%04x".formatted(c));
          } else {
            text.append((char) c);
          }
        });
    return text.append('"').toString();
  }
}
