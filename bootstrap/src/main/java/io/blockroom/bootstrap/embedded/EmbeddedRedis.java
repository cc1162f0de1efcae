package io.blockroom.bootstrap.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blockroom.bootstrap.settings.RedisUrl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A Redis of this server's own, which keeps what it knows in an append-only file.
 *
 * <p>It listens on loopback only and wants the password that lies in the state folder.
 */
public final class EmbeddedRedis implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final int ANSWER_MILLIS = 2_000;

  private final ChildProcess process;
  private final RedisUrl url;

  private EmbeddedRedis(ChildProcess process, RedisUrl url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts Redis on the state folder's data, which is made if there is none.
   *
   * @throws CannotStart when there is no Redis that runs here or it does not come up
   */
  public static EmbeddedRedis start(StateFolder state, Map<String, String> environment)
      throws InterruptedException {
    Commands commands = new Commands(environment.getOrDefault("PATH", ""));
    ProgramCache cache = ProgramCache.ofUser(environment, state);
    return start(state, commands, RedisProgram.find(commands, cache));
  }

  static EmbeddedRedis start(StateFolder state, Commands commands, Path program)
      throws InterruptedException {
    int port = LoopbackPort.free();
    Path folder = state.folder("redis");
    Path configuration = folder.resolve("redis.conf");
    ServerProgram server =
        new ServerProgram(
            "Redis",
            List.of(program.toString(), configuration.toString()),
            port,
            configuration,
            ServerProgram.StopSignal.TERMINATE);
    PidFile pidFile = new PidFile(state.path().resolve("redis.pid"));
    ChildProcess.endEarlier(server, pidFile);

    String password = state.password("redis");
    StateFolder.writePrivate(configuration, configuration(folder, port, password));
    ChildProcess process =
        ChildProcess.start(server, commands, pidFile, state.folder("log").resolve("redis.log"));
    process.awaitReady(() -> answers(port, password), START_LIMIT);
    return new EmbeddedRedis(process, RedisUrl.onThisMachine(port, password));
  }

  public RedisUrl url() {
    return url;
  }

  @Override
  public void close() {
    process.close();
  }

  /** The password stands in the file, for the command line is everybody's to read. */
  private static String configuration(Path folder, int port, String password) {
    return """
    bind 127.0.0.1
    protected-mode yes
    port %d
    requirepass %s
    dir "%s"
    appendonly yes
    appendfsync everysec
    save ""
    maxmemory-policy noeviction
    daemonize no
    # The command line stays as it is: by it the next start knows a Redis left behind.
    set-proc-title no
    """
        .formatted(port, password, folder.toString().replace("\\", "\\\\").replace("\"", "\\\""));
  }

  private static boolean answers(int port, String password) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(LoopbackPort.address(), port), ANSWER_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket
          .getOutputStream()
          .write("AUTH %s\r\nPING\r\nQUIT\r\n".formatted(password).getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      return answer.equals("+OK\r\n+PONG\r\n+OK\r\n");
    } catch (IOException e) {
      return false;
    }
  }
}
