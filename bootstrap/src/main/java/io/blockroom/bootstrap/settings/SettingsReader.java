package io.blockroom.bootstrap.settings;

import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one start: the file first, the environment over it, the flags over both.
 *
 * <p>Problems are gathered, not thrown one by one: an operator sees everything at once.
 */
public final class SettingsReader {
  /** Time enough for a load balancer to see that the server is not ready any more. */
  private static final Duration NOTICE_TO_BALANCERS = Duration.ofSeconds(5);

  /** The settings file that is read when no other is named. */
  public static final String STANDARD_FILE = "blockroom.properties";

  private static final String CONFIG_FLAG = "--config";
  private static final String VARIABLE_PREFIX = "BLOCKROOM_";

  private final Map<String, Setting<?>> byName = new HashMap<>();
  private final Map<String, Setting<?>> byVariable = new HashMap<>();
  private final Map<String, Given> given = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final Path workingFolder;

  private SettingsReader(Path workingFolder) {
    this.workingFolder = workingFolder;
    for (Setting<?> setting : SettingsTable.all()) {
      byName.put(setting.name(), setting);
      byVariable.put(setting.variable(), setting);
    }
  }

  /**
   * The settings of a start in this folder.
   *
   * @throws InvalidSettings when anything is wrong, with all that is
   */
  public static Settings read(
      List<String> arguments, Map<String, String> environment, Path workingFolder)
      throws InvalidSettings {
    SettingsReader reader = new SettingsReader(workingFolder);
    Map<String, Given> flags = reader.flags(arguments);
    reader.readFile(flags.remove(CONFIG_FLAG));
    reader.readEnvironment(environment);
    flags.forEach((flag, value) -> reader.accept(flag.substring(2), value));
    Settings settings = reader.settings();
    if (!reader.problems.isEmpty()) {
      throw new InvalidSettings(reader.problems);
    }
    return settings;
  }

  /** What is not understood is never repeated but for the flag: it may be a password. */
  private Map<String, Given> flags(List<String> arguments) {
    Map<String, Given> flags = new LinkedHashMap<>();
    Deque<String> rest = new ArrayDeque<>(arguments);
    while (!rest.isEmpty()) {
      String[] parts = rest.remove().split("=", 2);
      String flag = parts[0];
      if (!flag.startsWith("--")) {
        problems.add("a value stands where a flag is expected");
        continue;
      }
      Setting<?> setting = byName.get(flag.substring(2));
      boolean isKnown = setting != null || flag.equals(CONFIG_FLAG);
      String value = null;
      if (parts.length == 2) {
        value = parts[1];
      } else if (!rest.isEmpty() && !rest.element().startsWith("--")) {
        value = rest.remove();
      } else if (setting != null && setting.isSwitch()) {
        value = "true";
      }
      if (!isKnown) {
        problems.add("%s: there is no such flag".formatted(flag));
      } else if (value == null) {
        problems.add("%s: its value is missing".formatted(flag));
      } else {
        flags.put(flag, new Given(value, "flag " + flag));
      }
    }
    return flags;
  }

  private void readFile(@Nullable Given named) {
    Path file = workingFolder.resolve(STANDARD_FILE);
    if (named != null) {
      file = workingFolder.resolve(named.text());
    } else if (!Files.exists(file)) {
      return;
    }
    Properties lines = new Properties();
    try (Reader text = Files.newBufferedReader(file)) {
      lines.load(text);
    } catch (IOException | IllegalArgumentException e) {
      problems.add("%s: cannot be read as a settings file in UTF-8".formatted(file));
      return;
    }
    Path source = file;
    lines.stringPropertyNames().stream()
        .sorted()
        .forEach(
            name -> accept(name, new Given(lines.getProperty(name).strip(), source.toString())));
  }

  private void readEnvironment(Map<String, String> environment) {
    acceptVariable("DATABASE_URL", SettingsTable.DATABASE_URL, environment.get("DATABASE_URL"));
    acceptVariable("REDIS_URL", SettingsTable.REDIS_URL, environment.get("REDIS_URL"));
    new TreeMap<>(environment)
        .forEach((variable, value) -> {
          Setting<?> setting = byVariable.get(variable);
          if (setting != null) {
            acceptVariable(variable, setting, value);
          } else if (variable.startsWith(VARIABLE_PREFIX)) {
            problems.add("environment %s: there is no such setting".formatted(variable));
          }
        });
  }

  /** An empty variable counts as not given: that is how compose files leave one out. */
  private void acceptVariable(String variable, Setting<?> setting, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      accept(setting.name(), new Given(value, "environment " + variable));
    }
  }

  private void accept(String name, Given value) {
    if (byName.containsKey(name)) {
      given.put(name, value);
    } else {
      problems.add("%s (%s): there is no such setting".formatted(name, value.source()));
    }
  }

  private Settings settings() {
    String host = value(SettingsTable.HOST);
    boolean open = value(SettingsTable.INSECURE_OPEN);
    if (!open && !isLoopback(host)) {
      problems.add(
          "host = %s (%s): anyone who reaches it could join any room; stay on 127.0.0.1 or accept it"
                  .formatted(host, source(SettingsTable.HOST))
              + " with insecure.open = true");
    }
    return new Settings(
        host,
        value(SettingsTable.PORT),
        workingFolder.resolve(value(SettingsTable.DATA_DIR)).toAbsolutePath().normalize(),
        new Settings.Database(
            valueIfAny(SettingsTable.DATABASE_URL), value(SettingsTable.DATABASE_POOL_SIZE)),
        new Settings.Redis(valueIfAny(SettingsTable.REDIS_URL)),
        new Settings.Node(valueIfAny(SettingsTable.NODE_ID)),
        new Settings.Rooms(
            value(SettingsTable.ROOMS_AUTO_CREATE), value(SettingsTable.ROOMS_DEFAULT_MAX_USERS)),
        new Settings.Locks(
            value(SettingsTable.LOCKS_TTL),
            value(SettingsTable.LOCKS_IDLE_TIMEOUT),
            value(SettingsTable.LOCKS_QUEUE_LENGTH),
            value(SettingsTable.LOCKS_QUEUE_WAIT)),
        new Settings.Resume(value(SettingsTable.RESUME_GRACE)),
        new Settings.Presence(value(SettingsTable.PRESENCE_IDLE_AFTER)),
        new Settings.Drain(
            Objects.requireNonNullElse(
                valueIfAny(SettingsTable.DRAIN_NOTICE),
                isLoopback(host) ? Duration.ZERO : NOTICE_TO_BALANCERS)),
        new Settings.Snapshots(value(SettingsTable.SNAPSHOTS_ASK_AFTER)),
        new Settings.History(value(SettingsTable.HISTORY_KEEP_DAYS)),
        new Settings.Limits(
            value(SettingsTable.LIMITS_MAX_MESSAGE_BYTES),
            value(SettingsTable.LIMITS_MESSAGES_PER_SECOND)),
        new Settings.Origins(value(SettingsTable.ORIGINS_ALLOWED)),
        new Settings.Ping(value(SettingsTable.PING_INTERVAL)),
        new Settings.Insecure(open, value(SettingsTable.INSECURE_DURABILITY)),
        new Settings.Log(value(SettingsTable.LOG_LEVEL)));
  }

  /** What was given, or the standard, which also stands in for what is wrong until all is read. */
  private <T> T value(Setting<T> setting) {
    T value = valueIfAny(setting);
    return value != null ? value : setting.reading().apply(setting.standard());
  }

  private <T> @Nullable T valueIfAny(Setting<T> setting) {
    Given value = given.get(setting.name());
    if (value == null) {
      return null;
    }
    try {
      return setting.reading().apply(value.text());
    } catch (IllegalArgumentException e) {
      String shown = setting.secret() ? "" : " = " + value.text();
      problems.add(
          "%s%s (%s): must be %s"
              .formatted(setting.name(), shown, value.source(), setting.allowed()));
      return null;
    }
  }

  private String source(Setting<?> setting) {
    Given value = given.get(setting.name());
    return value == null ? "standard" : value.source();
  }

  private static boolean isLoopback(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private record Given(String text, String source) {}
}
