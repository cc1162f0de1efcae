package io.blockroom.bootstrap;

import io.blockroom.bootstrap.embedded.CannotStart;
import io.blockroom.bootstrap.settings.Settings;
import io.helidon.webserver.WebServer;

/** The composition root: everything that serves, wired and running. */
public final class Server implements AutoCloseable {

  private final WebServer web;

  private Server(WebServer web) {
    this.web = web;
  }

  /** Starts serving on the address in the settings. */
  public static Server start(Settings settings, Backends backends) {
    WebServer web =
        WebServer.builder()
            .host(settings.host())
            .port(settings.port())
            .shutdownHook(false)
            .routing(
                routes -> routes.get("/health/live", (request, response) -> response.send("UP")))
            .build()
            .start();
    if (!web.isRunning()) {
      // It logs why it does not listen, but throws nothing.
      throw new CannotStart(
          "Nothing listens on port %d of %s.".formatted(settings.port(), settings.host()));
    }
    return new Server(web);
  }

  public int port() {
    return web.port();
  }

  @Override
  public void close() {
    web.stop();
  }
}
