package io.blockroom.bootstrap;

import io.blockroom.bootstrap.embedded.CannotStart;
import io.blockroom.bootstrap.settings.InvalidSettings;
import io.blockroom.bootstrap.settings.Settings;
import io.blockroom.bootstrap.settings.SettingsReader;
import io.blockroom.bootstrap.settings.SettingsTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reads the settings, runs a server until it is asked to stop, and says how it went. */
public final class Main {

  private static final int STOPPED = 0;
  private static final int CANNOT_START = 1;
  private static final int WRONG_SETTINGS = 2;

  private final Terminal terminal;
  private final Shutdown shutdown;

  private Main(Terminal terminal, Shutdown shutdown) {
    this.terminal = terminal;
    this.shutdown = shutdown;
  }

  /** Ends with status 0 after a clean stop, 1 when it cannot start, 2 on wrong settings. */
  public static void main(String[] arguments) {
    // Before anything logs, for the class that reads it does so once.
    System.setProperty("java.util.logging.manager", LastingLogs.class.getName());
    Shutdown shutdown = Shutdown.ofThisThread();
    shutdown.exit(new Main(Terminal.standard(), shutdown).run(Arrays.asList(arguments)));
  }

  private int run(List<String> arguments) {
    if (arguments.contains("--help")) {
      terminal.say(help());
      return STOPPED;
    }
    try {
      Settings settings = SettingsReader.read(arguments, System.getenv(), Path.of(""));
      LastingLogs.from(settings.log().level());
      return serve(settings);
    } catch (InvalidSettings e) {
      terminal.complain("Blockroom cannot start with these settings:");
      e.problems().forEach(problem -> terminal.complain("  " + problem));
      terminal.complain("All settings: ./blockroom --help");
      return WRONG_SETTINGS;
    }
  }

  private int serve(Settings settings) {
    try {
      refuseTakenPort(settings);
      return serveUntilStopped(settings);
    } catch (InterruptedException | RuntimeException e) {
      return endedEarly(e);
    }
  }

  private int serveUntilStopped(Settings settings) throws InterruptedException {
    try (Backends backends = Backends.start(settings, System.getenv());
        Server server = Server.start(settings, backends)) {
      shutdown.serving();
      terminal.say(ready(settings, backends, server));
      shutdown.await();
      terminal.say("Stopping …");
    }
    terminal.say("Blockroom has stopped.");
    return STOPPED;
  }

  private int endedEarly(Exception cause) {
    if (shutdown.isRequested()) {
      terminal.say("Blockroom was stopped before it was ready.");
      return STOPPED;
    }
    if (cause instanceof CannotStart) {
      terminal.complain("Blockroom cannot start. " + cause.getMessage());
    } else {
      System.getLogger(Main.class.getName())
          .log(System.Logger.Level.ERROR, "Blockroom cannot start", cause);
    }
    return CANNOT_START;
  }

  /** Asked first, for what comes after takes its time. */
  private static void refuseTakenPort(Settings settings) {
    try (ServerSocket probe = new ServerSocket()) {
      InetAddress address = InetAddress.getAllByName(settings.host())[0];
      probe.bind(new InetSocketAddress(address, settings.port()));
    } catch (IOException e) {
      throw new CannotStart(
          "Port %d of %s is not to be had (%s); choose another with --port."
              .formatted(settings.port(), settings.host(), e.getMessage()),
          e);
    }
  }

  private static String ready(Settings settings, Backends backends, Server server) {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    String address = host + ":" + server.port();
    double seconds =
        (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1000.0;
    return """
    Blockroom is ready: http://%s/
      rooms       ws://%s/ws/workspace/{roomId}/?nickname=…
      PostgreSQL  %s
      Redis       %s
      data        %s
      started in %.1f s; Ctrl-C stops it\
    """
        .formatted(
            address, address, backends.database(), backends.redis(), settings.dataDir(), seconds);
  }

  private static String help() {
    return """
    Usage: ./blockroom [run] [--SETTING VALUE | --SETTING=VALUE]…
           ./blockroom build | test | jdk | help

    Starts Blockroom and, unless told of others, a PostgreSQL and a Redis of its own.
    Relative paths start at the current folder. Each setting is read from, the later winning:
      - a file of lines "setting = value" in UTF-8: %s in the current
        folder if it is there, or the one given by --config FILE
      - the environment: rooms.auto-create is %s;
        DATABASE_URL and REDIS_URL work as well
      - flags; but a password in a flag is seen by everybody on this machine
    JAVA_OPTS adds options for java.

    Settings:
    %s

    Status: 0 after a clean stop, 1 when it cannot start, 2 on wrong settings.\
    """
        .formatted(
            SettingsReader.STANDARD_FILE, "BLOCKROOM_ROOMS_AUTO_CREATE", SettingsTable.help());
  }
}
