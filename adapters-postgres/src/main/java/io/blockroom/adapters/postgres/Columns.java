package io.blockroom.adapters.postgres;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows, handed to the database column by column: as many as there are in one statement. */
final class Columns {
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  void add(@Nullable Object... row) {
    rows.add(row);
  }

  int size() {
    return rows.size();
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void clear() {
    rows.clear();
  }

  @Nullable String[] texts(int column) {
    return rows.stream().map(row -> (String) row[column]).toArray(String[]::new);
  }

  Long[] numbers(int column) {
    return rows.stream().map(row -> (Long) row[column]).toArray(Long[]::new);
  }
}
