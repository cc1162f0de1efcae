package io.blockroom.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaFieldAccess.AccessType;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.PackageMatchers;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What ports and values look like. */
interface ShapeRules extends ArchitectureRules {
  /** Methods that ask the world outside, by the full name of class and method. */
  Set<String> QUESTIONS_TO_THE_WORLD =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.lang.Thread.sleep",
          "java.util.concurrent.TimeUnit.sleep",
          "java.lang.Math.random",
          "java.util.UUID.randomUUID",
          "java.util.concurrent.ThreadLocalRandom.current",
          "java.util.random.RandomGenerator.getDefault",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.InstantSource.system");

  @Test
  default void ports_are_interfaces_and_nest_records_or_interfaces() {
    judge(
        classes()
            .that()
            .resideInAPackage(code().ports())
            .should()
            .beInterfaces()
            .orShould()
            .beRecords()
            .orShould()
            .beEnums()
            .orShould()
            .beAssignableTo(RuntimeException.class)
            .because("a port promises, it does not do"),
        "PortWithCode",
        "PortThatNestsAClass");
  }

  @Test
  default void domain_fields_are_final() {
    judge(
        fields()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage(code().domain())
            .should()
            .beFinal()
            .because("state never changes in place"),
        "LockThatIsMoved");
  }

  @Test
  default void domain_has_no_setters() {
    judge(
        noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage(code().domain())
            .should()
            .haveNameMatching("set[A-Z].*")
            .because("what happens has a name of its own"),
        "RoomWithASetter");
  }

  @Test
  default void records_copy_the_collections_they_hold() {
    judge(
        classes()
            .that(holdCollectionsInARecord())
            .should(copyThemWhenMade())
            .because("a record whose list can still be changed by its maker is no value"),
        "CommitOfABorrowedList",
        "CommitOfAWrappedList",
        "CommitOfOneCopy");
  }

  @Test
  default void time_ids_and_chance_are_arguments() {
    judge(
        ArchitectureRules.noClassShouldAccess(
                "a clock, a sleep, a random number or a random id from domain or application",
                access -> isInside(access.getOriginOwner()) && asksTheWorld(access))
            .because("the same question must get the same answer twice"),
        "RoomThatLooksAtItsWatch",
        "ServiceThatRollsDice",
        "ServiceThatMakesIds",
        "ServiceThatSleeps");
  }

  private boolean isInside(JavaClass candidate) {
    return PackageMatchers.of(code().domain(), code().application())
        .test(candidate.getPackageName());
  }

  private static boolean asksTheWorld(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    return QUESTIONS_TO_THE_WORLD.contains(owner.getName() + "." + access.getName())
        || (owner.getPackageName().startsWith("java.time") && access.getName().equals("now"))
        || (access.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
            && Set.of(Random.class, SecureRandom.class, SplittableRandom.class).stream()
                .anyMatch(owner::isEquivalentTo));
  }

  private static DescribedPredicate<JavaClass> holdCollectionsInARecord() {
    return DescribedPredicate.describe(
        "hold collections in a record", type -> type.isRecord() && collectionsIn(type) > 0);
  }

  private static long collectionsIn(JavaClass record) {
    return record.getFields().stream()
        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
        .map(field -> field.getRawType())
        .filter(type -> type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class))
        .count();
  }

  private static ArchCondition<JavaClass> copyThemWhenMade() {
    return new ArchCondition<>("copy them when made") {
      @Override
      public void check(JavaClass record, ConditionEvents events) {
        long copies =
            record.getConstructors().stream()
                .filter(ShapeRules::isCanonical)
                .mapToLong(ShapeRules::copiesIn)
                .sum();
        if (copies < collectionsIn(record)) {
          events.add(
              SimpleConditionEvent.violated(
                  record,
                  "%s holds %d collections and copies %d in %s"
                      .formatted(
                          record.getDescription(),
                          collectionsIn(record),
                          copies,
                          record.getSourceCodeLocation())));
        }
      }
    };
  }

  /** Of a record's constructors only the canonical one assigns its fields. */
  private static boolean isCanonical(JavaConstructor constructor) {
    return constructor.getFieldAccesses().stream()
        .anyMatch(access -> access.getAccessType() == AccessType.SET);
  }

  /** An unmodifiable view is a copy only if what it views was made for it. */
  private static long copiesIn(JavaCodeUnit constructor) {
    long copies =
        constructor.getMethodCallsFromSelf().stream()
            .filter(call ->
                call.getName().equals("copyOf")
                    || call.getName().equals("toList")
                    || call.getName().startsWith("toUnmodifiable"))
            .count();
    long views =
        constructor.getMethodCallsFromSelf().stream()
            .filter(call -> call.getTargetOwner().isEquivalentTo(Collections.class))
            .filter(call -> call.getName().startsWith("unmodifiable"))
            .count();
    long made =
        constructor.getConstructorCallsFromSelf().stream()
            .filter(call -> call.getTargetOwner().getPackageName().equals("java.util"))
            .count();
    return copies + Math.min(views, made);
  }
}
