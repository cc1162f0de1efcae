package io.blockroom.adapters.websocket.http;

import io.blockroom.adapters.websocket.connection.OriginPolicy;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Optional;

/**
 * What browsers may do with this server's pages and answers: nothing that a foreign page or host
 * name asks for, and no content that the server does not itself send.
 *
 * <p>A browser that opens a page names no Origin; so only what may change something (RFC 9110,
 * section 9.2.1) needs one. A balancer that asks after the server's health names nothing that the
 * server could know.
 */
public final class BrowserPolicy implements Filter {
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; media-src 'self'; connect-src 'self'; "
          + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; "
          + "base-uri 'none'; form-action 'none'";

  private static final String HEALTH = "/health/";

  private final OriginPolicy origins;

  public BrowserPolicy(OriginPolicy origins) {
    this.origins = origins;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    response
        .header(HeaderNames.create("Content-Security-Policy"), CONTENT_SECURITY_POLICY)
        .header(HeaderNames.create("X-Content-Type-Options"), "nosniff")
        .header(HeaderNames.create("Referrer-Policy"), "no-referrer");
    OriginPolicy.Verdict verdict =
        origins.check(header(request, HeaderNames.HOST), header(request, HeaderNames.ORIGIN));
    boolean isLook = verdict == OriginPolicy.Verdict.MISSING_ORIGIN && isSafe(request);
    if (verdict.isAllowed() || isLook || isProbe(request)) {
      chain.proceed();
    } else {
      response.status(Status.FORBIDDEN_403).send(verdict.text());
    }
  }

  private static boolean isSafe(RoutingRequest request) {
    Method method = request.prologue().method();
    return method.equals(Method.GET) || method.equals(Method.HEAD);
  }

  private static boolean isProbe(RoutingRequest request) {
    return request.path().path().startsWith(HEALTH);
  }

  private static Optional<String> header(RoutingRequest request, HeaderName name) {
    return request.headers().first(name);
  }
}
