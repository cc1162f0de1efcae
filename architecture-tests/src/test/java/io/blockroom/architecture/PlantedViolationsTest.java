package io.blockroom.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every rule reports exactly the planted files that break it. */
class PlantedViolationsTest implements AllRules {
  static final Code PLANTED = Code.planted();

  private static final Pattern PLACE = Pattern.compile("\\(([\\w-]+)\\.(?:java|lua):\\d+\\)");

  @Override
  public Code code() {
    return PLANTED;
  }

  @Override
  public void judge(String rule, List<String> violations, String... planted) {
    assertThat(violations.stream().flatMap(PlantedViolationsTest::filesIn).distinct())
        .as("files that break the rule: %s; reported: %s", rule, violations)
        .containsExactlyInAnyOrder(planted)
        .isNotEmpty();
  }

  private static Stream<String> filesIn(String violation) {
    return PLACE
        .matcher(violation)
        .results()
        .map(place -> place.group(1))
        .filter(file -> !file.equals("package-info"));
  }
}
