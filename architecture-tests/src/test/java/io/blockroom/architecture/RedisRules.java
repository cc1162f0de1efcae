package io.blockroom.architecture;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.redisson.client.codec.Codec;

/** What may be asked of Redis, and how. */
interface RedisRules extends ArchitectureRules {
  /** Calls that go through all keys or fields that match a pattern, when a pattern is given. */
  Set<String> SEARCHES =
      Set.of(
          "keySet",
          "values",
          "entrySet",
          "iterator",
          "entryIterator",
          "distributedIterator",
          "stream",
          "keyIterator",
          "valueIterator");

  /** The commands behind them, as the client library and as scripts name them. */
  List<String> SEARCH_COMMANDS = List.of("KEYS", "SCAN", "HSCAN", "SSCAN", "ZSCAN", "PSUBSCRIBE");

  /** Such a command, called from a Lua script. */
  Pattern SEARCH_IN_SCRIPT =
      Pattern.compile(
          "call\\s*\\(\\s*['\"](" + String.join("|", SEARCH_COMMANDS) + ")['\"]",
          Pattern.CASE_INSENSITIVE);

  /** What turns values into bytes. */
  Predicate<JavaClass> CODEC = type -> type.isAssignableTo(Codec.class);

  /** What a codec can be named in instead. */
  Predicate<JavaClass> OPTIONS =
      type -> type.getPackageName().startsWith("org.redisson.api.options");

  @Test
  default void redisson_is_always_told_its_codec() {
    judge(
        ArchitectureRules.noClassShouldAccess(
                "Redisson without a codec where one can be given", RedisRules::leavesCodecOpen)
            .because("the default codec creates whatever object the bytes ask for"),
        "BucketInTheDefaultCodec",
        "ScriptInTheDefaultCodec",
        "TopicInTheDefaultCodec",
        "BatchInTheDefaultCodec",
        "OptionsWithoutACodec");
  }

  @Test
  default void redis_is_never_searched() {
    judge(
        ArchitectureRules.noClassShouldAccess(
                "a search through keys, or a subscription by pattern", RedisRules::searches)
            .because("it takes as long as there are keys, and block ids look like patterns"),
        "LocksThatListKeys",
        "LocksThatListenByPattern",
        "LocksThatFilterFields",
        "LocksThatNameTheCommand");
  }

  @Test
  default void no_script_searches_redis() {
    judge(
        "no script should use one of "
            + SEARCH_COMMANDS
            + ", because Redis answers nobody else until the search is over",
        code().sources().stream().flatMap(RedisRules::searchesIn).toList(),
        "search",
        "LocksWithAScriptThatSearches");
  }

  private static boolean leavesCodecOpen(JavaAccess<?> access) {
    return access.getTarget() instanceof CodeUnitAccessTarget target
        && target.getOwner().getPackageName().startsWith("org.redisson")
        && !takes(CODEC, target.getRawParameterTypes())
        && target.getOwner().getAllMethods().stream()
            .filter(method -> method.getName().equals(target.getName()))
            .anyMatch(method -> takes(CODEC, method.getRawParameterTypes()))
        && !(takes(OPTIONS, target.getRawParameterTypes()) && fillsInCodec(access.getOrigin()));
  }

  private static boolean takes(Predicate<JavaClass> type, List<JavaClass> parameters) {
    return parameters.stream().anyMatch(type);
  }

  private static boolean fillsInCodec(JavaCodeUnit caller) {
    return caller.getMethodCallsFromSelf().stream()
        .anyMatch(call -> call.getName().equals("codec") && OPTIONS.test(call.getTargetOwner()));
  }

  private static boolean searches(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    if (!owner.getPackageName().startsWith("org.redisson")) {
      return false;
    }
    return Set.of("getKeys", "getPatternTopic").contains(access.getName())
        || Set.of("RKeys", "RPatternTopic").contains(owner.getSimpleName())
        || (owner.getSimpleName().equals("RedisCommands")
            && SEARCH_COMMANDS.contains(access.getName()))
        || (SEARCHES.contains(access.getName())
            && access.getTarget().getFullName().contains("(java.lang.String"));
  }

  private static Stream<String> searchesIn(Path source) {
    String text = textOf(source);
    return SEARCH_IN_SCRIPT
        .matcher(text)
        .results()
        .map(found ->
            "%s) in (%s:%d)"
                .formatted(found.group(), source.getFileName(), lineOf(text, found.start())));
  }

  private static long lineOf(String text, int position) {
    return 1 + text.chars().limit(position).filter(c -> c == '\n').count();
  }

  private static String textOf(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
