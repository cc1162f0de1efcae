package io.blockroom.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blockroom keeps every rule. */
class BlockroomTest implements AllRules {
  private static final Code BLOCKROOM = Code.ofBlockroom();

  @Override
  public Code code() {
    return BLOCKROOM;
  }

  @Override
  public void judge(String rule, List<String> violations, String... planted) {
    assertThat(violations).as(rule).isEmpty();
  }

  /** Of an empty or misspelt package every rule holds. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "domain.participant",
        "domain.block",
        "domain.presence",
        "domain.lock",
        "domain.commit",
        "domain.snapshot",
        "domain.room",
        "application.port.in",
        "application.port.out",
        "application.service",
        "adapters.websocket",
        "adapters.websocket.codec",
        "adapters.redis",
        "adapters.postgres",
        "bootstrap"
      })
  void the_package_has_classes(String name) {
    JavaPackage root = BLOCKROOM.classes().getPackage(BLOCKROOM.root());

    assertThat(root.containsPackage(name)).isTrue();
    assertThat(root.getPackage(name).getClassesInPackageTree())
        .anyMatch(type -> !type.getSimpleName().equals("package-info"));
  }

  @Test
  void the_classes_that_rules_name_exist() {
    Stream<String> named =
        Stream.of(
            SafetyRules.TERMINAL,
            TechnologyRules.XML_HOME,
            TechnologyRules.JSON_HOME,
            ".application.port.out.StorageUnavailable",
            ".application.port.out.CoordinationUnavailable");

    assertThat(named.map(BLOCKROOM.root()::concat)).allMatch(BLOCKROOM.classes()::contain);
  }

  @Test
  void the_scripts_are_found() {
    assertThat(BLOCKROOM.sources().stream().filter(source -> source.toString().endsWith(".lua")))
        .isNotEmpty();
  }
}
