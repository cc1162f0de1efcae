package io.blockroom.adapters.websocket.http;

import io.blockroom.adapters.websocket.codec.BodyReader;
import io.blockroom.adapters.websocket.codec.ErrorCode;
import io.blockroom.adapters.websocket.codec.MalformedMessage;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.bind.Jsonb;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Version 1 of the HTTP API: rooms and their histories (docs/http-api.md). The raw address is split
 * here and not by the web server's routes, which decode it first and then take an encoded slash in
 * a room's name for a separator.
 */
public final class RoomsApi implements HttpService {
  /** Where this service is registered. */
  public static final String PATH = "/api/v1/rooms";

  /**
   * Bytes above which the web server shall not take a body; it answers so without asking this
   * service, which refuses a little earlier by itself.
   */
  public static final long MAX_BODY_BYTES = HistoryOperations.MAX_FILE_BYTES + (1L << 20);

  private static final System.Logger LOG = System.getLogger(RoomsApi.class.getName());

  private final List<Route> routes;

  public RoomsApi(DirectoryUseCases rooms, HistoryUseCases history, Jsonb jsonb) {
    BodyReader bodies = new BodyReader(jsonb);
    this.routes =
        Stream.of(
                new DirectoryOperations(rooms, bodies).routes(),
                new HistoryOperations(history, bodies).routes())
            .flatMap(List::stream)
            .toList();
  }

  @Override
  public void routing(HttpRules rules) {
    rules.any(this::handle);
  }

  /** All that this service answers. */
  List<Route> routes() {
    return routes;
  }

  private void handle(ServerRequest request, ServerResponse response) {
    String rawPath = request.prologue().uriPath().rawPath();
    // The web server matched the decoded address; the raw one may begin otherwise.
    List<String> path =
        rawPath.startsWith(PATH) ? Route.parts(rawPath.substring(PATH.length())) : List.of("");
    Exchange exchange = new Exchange(request, response, path);
    try {
      answer(exchange, path, request.prologue().method().text());
    } catch (Refusal refusal) {
      exchange.refuse(refusal.problem());
    } catch (MalformedMessage malformed) {
      exchange.refuse(
          malformed.code() == ErrorCode.TOO_LARGE ? Problem.TOO_LARGE : Problem.BAD_MESSAGE);
    } catch (StorageUnavailable away) {
      fail(exchange, Problem.STORAGE_UNAVAILABLE);
    } catch (CoordinationUnavailable away) {
      fail(exchange, Problem.COORDINATION_UNAVAILABLE);
    } catch (CloseConnectionException | UncheckedIOException gone) {
      throw new CloseConnectionException("there is nobody to answer");
    } catch (RuntimeException failure) {
      fail(exchange, failure);
    }
    if (exchange.isBodyBroken()) {
      // What is left of it would be taken for the next request.
      throw new CloseConnectionException("a body could not be read to its end");
    }
  }

  private void answer(Exchange exchange, List<String> path, String method) {
    List<Route> here = routes.stream().filter(route -> route.leadsTo(path)).toList();
    if (here.isEmpty()) {
      exchange.refuse(Problem.NOTHING_HERE);
      return;
    }
    here.stream()
        .filter(route -> route.method().text().equals(method))
        .findFirst()
        .ifPresentOrElse(
            route -> route.operation().answer(exchange),
            () -> exchange.refuseMethod(methods(here)));
  }

  private static void fail(Exchange exchange, RuntimeException failure) {
    if (exchange.isBodyBroken()) {
      exchange.refuse(Problem.BAD_MESSAGE);
      return;
    }
    // The web server would log its text, which may hold anything.
    LOG.log(System.Logger.Level.WARNING, "a request failed: {0}", failure.getClass().getName());
    fail(exchange, Problem.INTERNAL);
  }

  /** A download that breaks off must not look whole: its connection ends in the middle of it. */
  private static void fail(Exchange exchange, Problem problem) {
    if (exchange.isDownload()) {
      throw new CloseConnectionException("a download broke off");
    }
    exchange.refuse(problem);
  }

  private static String methods(List<Route> routes) {
    return routes.stream()
        .map(route -> route.method().text())
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
