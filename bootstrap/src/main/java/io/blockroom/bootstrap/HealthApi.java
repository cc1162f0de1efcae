package io.blockroom.bootstrap;

import io.blockroom.adapters.postgres.PostgresStorage;
import io.blockroom.adapters.redis.RedissonCoordination;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.function.BooleanSupplier;

/**
 * {@code /health/live}: this process serves. {@code /health/ready}: it can do its work now. Being
 * unready closes no connection.
 */
final class HealthApi implements HttpService {
  private final PostgresStorage storage;
  private final RedissonCoordination coordination;
  private final BooleanSupplier isLeaving;

  HealthApi(PostgresStorage storage, RedissonCoordination coordination, BooleanSupplier isLeaving) {
    this.storage = storage;
    this.coordination = coordination;
    this.isLeaving = isLeaving;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/live", (request, response) -> response.send("live")).get("/ready", this::ready);
  }

  private void ready(ServerRequest request, ServerResponse response) {
    if (isLeaving.getAsBoolean()) {
      refuse(response, "stopping");
    } else if (!storage.isReachable()) {
      refuse(response, "PostgreSQL does not answer");
    } else if (!coordination.isReachable()) {
      refuse(response, "Redis does not answer");
    } else {
      response.send("ready");
    }
  }

  private static void refuse(ServerResponse response, String why) {
    response.status(Status.SERVICE_UNAVAILABLE_503).send(why);
  }
}
