package io.blockroom.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import java.util.List;
import java.util.function.Predicate;

/**
 * What every group of rules is written against. Each rule is a test that states the rule and names
 * the planted files that break it; who implements this interface says which code is asked, and
 * whether it must keep the rule or be caught.
 */
interface ArchitectureRules {
  /** The code under examination. */
  Code code();

  /**
   * Takes note of what a rule found.
   *
   * @param violations what breaks the rule, each with its place as {@code (File.java:line)}
   * @param planted the planted files, without ending, that break this rule: these and no others
   */
  void judge(String rule, List<String> violations, String... planted);

  /** Asks the production classes. */
  default void judge(ArchRule rule, String... planted) {
    judge(
        rule.getDescription(),
        rule.evaluate(code().classes()).getFailureReport().getDetails(),
        planted);
  }

  /** A rule that forbids calls, references and field accesses. */
  static ClassesShouldConjunction noClassShouldAccess(
      String what, Predicate<JavaAccess<?>> forbidden) {
    return noClasses().should().accessTargetWhere(describe("the target is " + what, forbidden));
  }
}
