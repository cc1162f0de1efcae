package io.blockroom.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.TOP_LEVEL_CLASSES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What things are called. */
interface NamingRules extends ArchitectureRules {
  /** Endings that say nothing of what a class is. */
  List<String> EMPTY_WORDS =
      List.of("Impl", "Util", "Utils", "Helper", "Helpers", "Manager", "Info", "Data");

  @Test
  default void implementations_are_named_after_their_technology() {
    judge(
        classes()
            .that()
            .resideInAPackage(code().adapters())
            .and(implementAnOutPort())
            .should(
                new ArchCondition<>("be named Redisson… or Postgres…, as their package is") {
                  @Override
                  public void check(JavaClass candidate, ConditionEvents events) {
                    String technology =
                        resideInAPackage(code().redis()).test(candidate) ? "Redisson" : "Postgres";
                    if (!candidate.getSimpleName().startsWith(technology)) {
                      events.add(
                          SimpleConditionEvent.violated(
                              candidate,
                              candidate.getDescription()
                                  + " is not named "
                                  + technology
                                  + "… in "
                                  + candidate.getSourceCodeLocation()));
                    }
                  }
                })
            .because("the plain name is the port's"),
        "FastLocks",
        "RedissonRooms");
  }

  @Test
  default void fakes_are_named_after_memory() {
    ArchRule rule =
        classes()
            .that(TOP_LEVEL_CLASSES)
            .and(implementAnOutPort())
            .should()
            .haveSimpleNameStartingWith("InMemory")
            .because("the plain name is the port's");
    judge(
        rule.getDescription(),
        rule.evaluate(code().fakes()).getFailureReport().getDetails(),
        "FakeLocks");
  }

  @Test
  default void no_class_has_an_empty_name() {
    judge(
        classes()
            .should(
                new ArchCondition<>("not end in one of " + EMPTY_WORDS) {
                  @Override
                  public void check(JavaClass candidate, ConditionEvents events) {
                    if (EMPTY_WORDS.stream().anyMatch(candidate.getSimpleName()::endsWith)) {
                      events.add(
                          SimpleConditionEvent.violated(
                              candidate,
                              candidate.getDescription()
                                  + " in "
                                  + candidate.getSourceCodeLocation()));
                    }
                  }
                })
            .because("a name says what a thing is"),
        "RoomManager");
  }

  private DescribedPredicate<JavaClass> implementAnOutPort() {
    DescribedPredicate<JavaClass> outPort =
        INTERFACES.and(TOP_LEVEL_CLASSES).and(resideInAPackage(code().outPorts()));
    return DescribedPredicate.describe(
        "implement an out-port",
        candidate ->
            !candidate.isInterface()
                && !candidate.isAnonymousClass()
                && assignableTo(outPort).test(candidate));
  }
}
