package io.blockroom.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules, their planted violations and their list in the README are the same in number. */
class RuleListTest {
  private static final Pattern LISTED = Pattern.compile("(?m)^\\| `(\\w+)` \\|");

  /** Planted files that come close to a violation, or are needed for one, and break nothing. */
  private static final List<String> INNOCENT =
      List.of(
          "CommitOfCopies",
          "CoordinationUnavailable",
          "EnterRoom",
          "Entrance",
          "HardenedJson",
          "HardenedXml",
          "InMemoryRooms",
          "Lock",
          "Locks",
          "Main",
          "PostgresRooms",
          "RedissonLocks",
          "Rooms",
          "Settings",
          "Shelf",
          "StorageUnavailable",
          "Terminal",
          "WellBehavedConnection",
          "take");

  @Test
  void every_rule_has_a_planted_violation() throws ReflectiveOperationException {
    assertThat(plantedByRule())
        .hasSameSizeAs(rules().toList())
        .allSatisfy((rule, planted) -> assertThat(planted).as(rule).isNotEmpty());
  }

  @Test
  void every_planted_file_breaks_a_rule_or_is_innocent() throws ReflectiveOperationException {
    Stream<String> guilty = plantedByRule().values().stream().flatMap(List::stream);

    assertThat(Stream.concat(guilty, INNOCENT.stream()).distinct())
        .containsExactlyInAnyOrderElementsOf(
            PlantedViolationsTest.PLANTED.sources().stream()
                .map(source -> source.getFileName().toString().replaceFirst("\\.\\w+$", ""))
                .filter(name -> !name.equals("package-info"))
                .toList());
  }

  @Test
  void the_readme_lists_every_rule() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    assertThat(LISTED.matcher(readme).results().map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(rules().map(Method::getName).toList());
  }

  @Test
  void every_question_to_the_world_exists() {
    assertThat(ShapeRules.QUESTIONS_TO_THE_WORLD)
        .allSatisfy(question -> {
          int dot = question.lastIndexOf('.');
          assertThat(Class.forName(question.substring(0, dot)).getMethods())
              .extracting(Method::getName)
              .contains(question.substring(dot + 1));
        });
  }

  private static Stream<Method> rules() {
    return Arrays.stream(AllRules.class.getMethods())
        .filter(method -> method.isAnnotationPresent(Test.class));
  }

  private static Map<String, List<String>> plantedByRule() throws ReflectiveOperationException {
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (Method rule : rules().toList()) {
      rule.invoke(
          new AllRules() {
            @Override
            public Code code() {
              return PlantedViolationsTest.PLANTED;
            }

            @Override
            public void judge(String text, List<String> violations, String... planted) {
              found.put(rule.getName(), List.of(planted));
            }
          });
    }
    return found;
  }
}
