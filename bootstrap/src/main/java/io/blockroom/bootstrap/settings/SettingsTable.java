package io.blockroom.bootstrap.settings;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableSet;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All settings there are; reading, refusing and {@code --help} come from these lines alone. */
public final class SettingsTable {

  static final Setting<String> HOST =
      new Setting<>(
          "host",
          "127.0.0.1",
          "a host name or address",
          "the address to listen on; anything but this machine's own needs insecure.open",
          false,
          SettingsTable::notBlank);
  static final Setting<Integer> PORT =
      whole("port", 8000, 0, 65_535, "the TCP port to listen on; 0 takes any free one");
  static final Setting<Path> DATA_DIR =
      new Setting<>(
          "data-dir",
          "data",
          "a folder",
          "what outlives a run: embedded PostgreSQL and Redis, their passwords, the node's id",
          false,
          text -> Path.of(notBlank(text)));
  static final Setting<DatabaseUrl> DATABASE_URL =
      new Setting<>(
          "database.url",
          "",
          "postgresql://user:password@host:port/db or jdbc:postgresql://host:port/db?user=…",
          "the PostgreSQL to use; the variable DATABASE_URL works too; without it an embedded one is"
              + " started",
          true,
          DatabaseUrl::parse);
  static final Setting<Integer> DATABASE_POOL_SIZE =
      whole("database.pool-size", 8, 1, 100, "connections kept to PostgreSQL");
  static final Setting<RedisUrl> REDIS_URL =
      new Setting<>(
          "redis.url",
          "",
          "redis://user:password@host:port/number, or"
              + " redis-sentinel://user:password@host:port,host:port/number#master-name, or"
              + " redis-cluster://user:password@host:port,host:port; with rediss for TLS",
          "the Redis to use, one server, one watched by sentinels, or a cluster; the variable"
              + " REDIS_URL works too; without it an embedded one is started",
          true,
          RedisUrl::parse);
  static final Setting<String> NODE_ID =
      new Setting<>(
          "node.id",
          "",
          "1 to 64 of the characters a-z A-Z 0-9 . _ -",
          "this server's name among several; without it one is made once and kept",
          false,
          text -> matching("[A-Za-z0-9._-]{1,64}", text));
  static final Setting<Boolean> ROOMS_AUTO_CREATE =
      yesOrNo("rooms.auto-create", true, "whether joining an unknown room makes it");
  static final Setting<Integer> ROOMS_DEFAULT_MAX_USERS =
      whole("rooms.default-max-users", 10, 1, 1_000, "participants a new room has space for");
  static final Setting<Duration> LOCKS_TTL =
      duration(
          "locks.ttl",
          "10s",
          Duration.ofSeconds(1),
          Duration.ofMinutes(10),
          "how long seats and locks outlive a server that died");
  static final Setting<Duration> LOCKS_IDLE_TIMEOUT =
      duration(
          "locks.idle-timeout",
          "2m",
          Duration.ofSeconds(1),
          Duration.ofHours(24),
          "how long the locks of somebody who does nothing are kept");
  static final Setting<Integer> LOCKS_QUEUE_LENGTH =
      whole("locks.queue-length", 20, 1, 1_000, "how many may wait in line for one block");
  static final Setting<Duration> LOCKS_QUEUE_WAIT =
      duration(
          "locks.queue-wait",
          "60s",
          Duration.ofSeconds(1),
          Duration.ofMinutes(10),
          "how long anybody may wait in line at the most");
  static final Setting<Duration> RESUME_GRACE =
      duration(
          "resume.grace",
          "8s",
          Duration.ofSeconds(0),
          Duration.ofMinutes(5),
          "how long seat and locks of a broken v1 connection wait for its return");
  static final Setting<Duration> PRESENCE_IDLE_AFTER =
      duration(
          "presence.idle-after",
          "1m",
          Duration.ofSeconds(1),
          Duration.ofHours(1),
          "how long somebody does nothing before the others see them as idle");
  static final Setting<Duration> DRAIN_NOTICE =
      duration(
          "drain.notice",
          "",
          Duration.ZERO,
          Duration.ofSeconds(15),
          "how long a stopping server still serves while it says that it is not ready; without it"
              + " 5s, or 0s on loopback");
  static final Setting<Integer> SNAPSHOTS_ASK_AFTER =
      whole(
          "snapshots.ask-after",
          100,
          10,
          100_000,
          "commits behind the newest snapshot before a v1 client is asked for a new one");
  static final Setting<Integer> HISTORY_KEEP_DAYS =
      new Setting<>(
          "history.keep-days",
          "0",
          "0, or a whole number from 7 to 36500",
          "days after which commits that a snapshot contains are forgotten; 0 keeps all",
          false,
          text -> text.equals("0") ? 0 : within(7, 36_500, Integer.valueOf(text)));
  static final Setting<Integer> LIMITS_MAX_MESSAGE_BYTES =
      whole(
          "limits.max-message-bytes", 1_048_576, 1_024, 1_048_576, "the longest message accepted");
  static final Setting<Integer> LIMITS_MESSAGES_PER_SECOND =
      whole("limits.messages-per-second", 300, 1, 100_000, "messages accepted from one connection");
  static final Setting<Set<URI>> ORIGINS_ALLOWED =
      new Setting<>(
          "origins.allowed",
          "",
          "origins like https://school.example, separated by commas",
          "web pages from elsewhere that may connect",
          false,
          SettingsTable::origins);
  static final Setting<Duration> PING_INTERVAL =
      duration(
          "ping.interval",
          "15s",
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          "how often a connection is asked whether it lives");
  static final Setting<Boolean> INSECURE_OPEN =
      yesOrNo(
          "insecure.open",
          false,
          "lets anyone who reaches a host other than loopback join any room");
  static final Setting<Boolean> INSECURE_DURABILITY =
      yesOrNo(
          "insecure.durability",
          false,
          "accepts a PostgreSQL that may lose acknowledged commits in a crash");
  static final Setting<System.Logger.Level> LOG_LEVEL =
      new Setting<>(
          "log.level",
          "info",
          "one of error, warning, info, debug, trace",
          "how much Blockroom logs; its libraries log warnings",
          false,
          text ->
              System.Logger.Level.valueOf(
                  matching("error|warning|info|debug|trace", text).toUpperCase(Locale.ROOT)));

  private static final List<Setting<?>> ALL =
      List.of(
          HOST,
          PORT,
          DATA_DIR,
          DATABASE_URL,
          DATABASE_POOL_SIZE,
          REDIS_URL,
          NODE_ID,
          ROOMS_AUTO_CREATE,
          ROOMS_DEFAULT_MAX_USERS,
          LOCKS_TTL,
          LOCKS_IDLE_TIMEOUT,
          LOCKS_QUEUE_LENGTH,
          LOCKS_QUEUE_WAIT,
          RESUME_GRACE,
          PRESENCE_IDLE_AFTER,
          DRAIN_NOTICE,
          SNAPSHOTS_ASK_AFTER,
          HISTORY_KEEP_DAYS,
          LIMITS_MAX_MESSAGE_BYTES,
          LIMITS_MESSAGES_PER_SECOND,
          ORIGINS_ALLOWED,
          PING_INTERVAL,
          INSECURE_OPEN,
          INSECURE_DURABILITY,
          LOG_LEVEL);

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private SettingsTable() {}

  /** Every setting, in the order of {@code --help}. */
  public static List<Setting<?>> all() {
    return ALL;
  }

  /** The settings as a table for a terminal. */
  public static String help() {
    return ALL.stream().map(SettingsTable::help).collect(joining("\n"));
  }

  private static String help(Setting<?> setting) {
    String standard = setting.standard().isEmpty() ? "none" : setting.standard();
    return "  %-29s %s%n%-31s (default %s; %s)"
        .formatted(setting.flag(), setting.meaning(), "", standard, setting.allowed());
  }

  private static Setting<Integer> whole(
      String name, int standard, int least, int most, String meaning) {
    return new Setting<>(
        name,
        Integer.toString(standard),
        "a whole number from %d to %d".formatted(least, most),
        meaning,
        false,
        text -> within(least, most, Integer.valueOf(text)));
  }

  private static Setting<Boolean> yesOrNo(String name, boolean standard, String meaning) {
    return new Setting<>(
        name,
        Boolean.toString(standard),
        "true or false",
        meaning,
        false,
        text -> matching("true|false", text).equals("true"));
  }

  private static Setting<Duration> duration(
      String name, String standard, Duration least, Duration most, String meaning) {
    Function<String, Duration> reading = text -> within(least, most, duration(text));
    return new Setting<>(
        name,
        standard,
        "a time like 500ms, 10s or 2m, from %ds to %ds"
            .formatted(least.toSeconds(), most.toSeconds()),
        meaning,
        false,
        reading);
  }

  private static Duration duration(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a time");
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  private static Set<URI> origins(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(origin -> !origin.isEmpty())
        .map(SettingsTable::origin)
        .collect(toUnmodifiableSet());
  }

  private static URI origin(String text) {
    return URI.create(
        matching(
            "https?://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:\\d{1,5})?", text.toLowerCase(Locale.ROOT)));
  }

  private static <T extends Comparable<T>> T within(T least, T most, T value) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException("out of range");
    }
    return value;
  }

  private static String matching(String pattern, String text) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException("does not match");
    }
    return text;
  }

  private static String notBlank(String text) {
    return matching("(?s).*\\S.*", text);
  }
}
