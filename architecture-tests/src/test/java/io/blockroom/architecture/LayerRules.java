package io.blockroom.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
interface LayerRules extends ArchitectureRules {
  @Test
  default void every_class_has_its_place() {
    judge(
        classes()
            .should()
            .resideInAnyPackage(
                code().domain(),
                code().ports(),
                code().services(),
                code().websocket(),
                code().redis(),
                code().postgres(),
                code().bootstrap())
            .because("a package that no rule knows is a package without rules"),
        "Stray");
  }

  @Test
  default void dependencies_point_inwards() {
    judge(
        classes()
            .should(
                dependOnlyOnThemselvesAndWhatStandsBefore(
                    List.of(
                        code().domain(),
                        code().ports(),
                        code().services(),
                        code().adapters(),
                        code().bootstrap())))
            .because("the inside must not change when the outside does"),
        "BlockThatAsksAPort",
        "PortThatKnowsItsService",
        "ServiceThatNamesItsDatabase",
        "ConnectionThatReadsSettings");
  }

  @Test
  default void domain_packages_stand_in_order() {
    judge(
        classes()
            .that()
            .resideInAPackage(code().domain())
            .should(
                dependOnlyOnThemselvesAndWhatStandsBefore(
                    List.of(
                        code().domain("participant"),
                        code().domain("block"),
                        code().domain("presence"),
                        code().domain("lock"),
                        code().domain("commit"),
                        code().domain("snapshot"),
                        code().domain("room"))))
            .because("each word of the domain is explained with the words before it"),
        "ParticipantThatKnowsItsLocks");
  }

  @Test
  default void adapters_do_not_know_each_other() {
    judge(
        slices()
            .matching(code().root() + ".adapters.(*)..")
            .should()
            .notDependOnEachOther()
            .because("each must be replaceable alone"),
        "LocksThatReadStores");
  }

  @Test
  default void domain_and_application_are_plain_java() {
    judge(
        classes()
            .that()
            .resideInAnyPackage(code().domain(), code().application())
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", code().root() + "..")
            .because("the rules of the game must outlive every framework"),
        "BlockFromJson",
        "ServiceThatReadsJson");
  }

  @Test
  default void domain_knows_neither_threads_nor_logs_nor_devices() {
    judge(
        noClasses()
            .that()
            .resideInAPackage(code().domain())
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                        "java.util.concurrent..",
                        "java.util.logging..",
                        "java.io..",
                        "java.net..",
                        "java.nio.file..")
                    .or(equivalentTo(System.Logger.class))
                    .or(equivalentTo(Thread.class)))
            .because("a decision is a function of its arguments"),
        "LockThatWaits",
        "RoomThatLogs",
        "RoomThatReadsFiles");
  }

  @Test
  default void driving_adapters_speak_to_in_ports_only() {
    judge(
        noClasses()
            .that()
            .resideInAPackage(code().websocket())
            .should()
            .dependOnClassesThat(
                resideInAPackage(code().services())
                    .or(
                        resideInAPackage(code().outPorts())
                            .and(not(name(outPort("StorageUnavailable"))))
                            .and(not(name(outPort("CoordinationUnavailable"))))))
            .because(
                "who asks must not see who answers; the two exceptions are part of what the in-ports"
                    + " promise"),
        "ConnectionThatTakesLocks",
        "ConnectionThatMakesItsService");
  }

  @Test
  default void driven_adapters_know_no_use_case() {
    judge(
        noClasses()
            .that()
            .resideInAnyPackage(code().redis(), code().postgres())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(code().inPorts(), code().services())
            .because("what is needed must not depend on what it is needed for"),
        "StoreThatJoinsRooms",
        "LocksThatAskAService");
  }

  @Test
  default void packages_form_no_cycle() {
    judge(
        slices()
            .matching(code().root() + ".(**)")
            .should()
            .beFreeOfCycles()
            .because("packages in a circle can only be understood all at once"),
        "FrameThatKnowsItsSession",
        "SessionThatReadsFrames");
  }

  @Test
  default void only_bootstrap_wires() {
    judge(
        ArchitectureRules.noClassShouldAccess(
                "a constructor of a service or an adapter of another module", this::isWiring)
            .because("there is one place to read how the parts are put together"),
        "ConnectionThatMakesItsService",
        "ServiceThatNamesItsDatabase");
  }

  private String outPort(String simpleName) {
    return code().root() + ".application.port.out." + simpleName;
  }

  private boolean isWiring(JavaAccess<?> access) {
    return access.getTarget().getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
        && !isIn(code().bootstrap(), access.getOriginOwner())
        && List.of(code().services(), code().websocket(), code().redis(), code().postgres())
            .stream()
            .anyMatch(part ->
                isIn(part, access.getTargetOwner()) && !isIn(part, access.getOriginOwner()));
  }

  private static boolean isIn(String packages, JavaClass candidate) {
    return PackageMatcher.of(packages).matches(candidate.getPackageName());
  }

  private static ArchCondition<JavaClass> dependOnlyOnThemselvesAndWhatStandsBefore(
      List<String> order) {
    return new ArchCondition<>("depend only on themselves and what stands before in " + order) {
      @Override
      public void check(JavaClass candidate, ConditionEvents events) {
        for (Dependency dependency : candidate.getDirectDependenciesFromSelf()) {
          if (place(dependency.getTargetClass()) > place(candidate)) {
            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
          }
        }
      }

      private int place(JavaClass candidate) {
        return IntStream.range(0, order.size())
            .filter(i -> isIn(order.get(i), candidate))
            .findFirst()
            .orElse(-1);
      }
    };
  }
}
