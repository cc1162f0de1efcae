package io.blockroom.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.FileDescriptor;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What no code may do anywhere. */
interface SafetyRules extends ArchitectureRules {
  /** The one class that speaks to the person who started the server. */
  String TERMINAL = ".bootstrap.Terminal";

  /** Exceptions that say nothing of what is wrong. */
  List<Class<?>> BARE =
      List.of(Throwable.class, Exception.class, RuntimeException.class, Error.class);

  @Test
  default void nothing_prints() {
    judge(
        ArchitectureRules.noClassShouldAccess("the terminal", this::prints)
            .because("what is printed reaches no log, and nobody filters secrets out of it"),
        "ConnectionThatPrints",
        "ServerThatPrints",
        "ServerThatOpensTheTerminal",
        "StoreThatPrintsItsTraces");
  }

  @Test
  default void nothing_throws_a_bare_exception() {
    judge(
        ArchitectureRules.noClassShouldAccess(
                "the constructor of a bare exception", SafetyRules::makesBareException)
            .because("nobody can catch it without catching everything"),
        "StoreThatThrowsAnything");
  }

  @Test
  default void every_package_is_null_marked() {
    judge(
        classes()
            .should(
                new ArchCondition<>("live in a package that is @NullMarked") {
                  @Override
                  public void check(JavaClass candidate, ConditionEvents events) {
                    if (!candidate.getPackage().isAnnotatedWith(NullMarked.class)) {
                      events.add(
                          SimpleConditionEvent.violated(
                              candidate,
                              candidate.getPackageName()
                                  + " is not @NullMarked in "
                                  + candidate.getSourceCodeLocation()));
                    }
                  }
                })
            .because("null is checked by the compiler only where it is marked"),
        "ConnectionInAnUnmarkedPackage");
  }

  private boolean prints(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    boolean isStream = Set.of("out", "err").contains(access.getName());
    boolean prints =
        (isStream && owner.isEquivalentTo(System.class))
            || (isStream && owner.isEquivalentTo(FileDescriptor.class))
            || owner.isEquivalentTo(IO.class)
            || (owner.isAssignableTo(Throwable.class)
                && access.getName().equals("printStackTrace"));
    return prints && !access.getOriginOwner().getName().equals(code().root() + TERMINAL);
  }

  private static boolean makesBareException(JavaAccess<?> access) {
    return access.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
        && BARE.stream().anyMatch(access.getTargetOwner()::isEquivalentTo)
        && !isCallToSuperclass(access);
  }

  private static boolean isCallToSuperclass(JavaAccess<?> access) {
    return access.getOrigin().isConstructor()
        && access
            .getOriginOwner()
            .getRawSuperclass()
            .filter(access.getTargetOwner()::equals)
            .isPresent();
  }
}
