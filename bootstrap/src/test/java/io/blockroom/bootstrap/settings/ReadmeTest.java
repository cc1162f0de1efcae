package io.blockroom.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings that the READMEs list are those that there are. */
class ReadmeTest {
  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README.ko.md"})
  void lists_every_setting_with_its_default_in_order(String name) throws IOException {
    String readme = Files.readString(Path.of("..", name));

    assertThat(readme.lines().filter(line -> line.matches("\\| `[a-z.-]+` \\| .*")))
        .map(line -> line.split(" \\| ", 3))
        .map(cells -> cells[0] + " | " + cells[1])
        .filteredOn(
            row -> SettingsTable.all().stream().anyMatch(each -> row.startsWith(start(each))))
        .containsExactlyElementsOf(SettingsTable.all().stream().map(ReadmeTest::row).toList());
  }

  private static String row(Setting<?> setting) {
    return start(setting) + (setting.standard().isEmpty() ? "–" : "`" + setting.standard() + "`");
  }

  private static String start(Setting<?> setting) {
    return "| `" + setting.name() + "` | ";
  }
}
