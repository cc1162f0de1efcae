package io.blockroom.architecture;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
  Set<String> SEARCH_COMMANDS = Set.of("KEYS", "SCAN", "HSCAN", "SSCAN", "ZSCAN", "PSUBSCRIBE");

  /** Such a command, called from a Lua script. */
  Pattern SEARCH_IN_SCRIPT =
      Pattern.compile(
          "call\\s*\\(\\s*['\"](" + String.join("|", SEARCH_COMMANDS) + ")['\"]",
          Pattern.CASE_INSENSITIVE);

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
    JavaClass owner = access.getTargetOwner();
    return owner.getPackageName().startsWith("org.redisson")
        && owner.getAllMethods().stream()
            .anyMatch(method -> isCalled(access, method) && takesCodec(method))
        && owner.getAllMethods().stream()
            .noneMatch(method -> isTheCallee(access, method) && takesCodec(method))
        && !setsCodecInOptions(access);
  }

  private static boolean isCalled(JavaAccess<?> access, JavaMethod method) {
    return method.getName().equals(access.getName());
  }

  private static boolean isTheCallee(JavaAccess<?> access, JavaMethod method) {
    return access.getTarget().getFullName().endsWith(signature(method));
  }

  private static String signature(JavaMethod method) {
    return method.getFullName().substring(method.getOwner().getFullName().length());
  }

  private static boolean takesCodec(JavaMethod method) {
    return method.getRawParameterTypes().stream()
        .anyMatch(type -> type.isAssignableTo("org.redisson.client.codec.Codec"));
  }

  /** Whether the caller fills an options object in which it names a codec. */
  private static boolean setsCodecInOptions(JavaAccess<?> access) {
    return access.getTarget().getFullName().contains("org.redisson.api.options")
        && access.getOrigin().getMethodCallsFromSelf().stream()
            .anyMatch(call ->
                call.getName().equals("codec")
                    && call.getTargetOwner()
                        .getPackageName()
                        .startsWith("org.redisson.api.options"));
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
