package io.blockroom.adapters.websocket.http;

import io.blockroom.adapters.websocket.connection.OriginPolicy;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Optional;

/**
 * What browsers may do with this server's pages and answers: nothing that a foreign page or host
 * name asks for, and no content that the server does not itself send.
 */
public final class BrowserPolicy implements Filter {
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; media-src 'self'; connect-src 'self'; "
          + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; "
          + "base-uri 'none'; form-action 'none'";

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
    if (verdict.isAllowed()) {
      chain.proceed();
    } else {
      response.status(Status.FORBIDDEN_403).send(verdict.text());
    }
  }

  private static Optional<String> header(RoutingRequest request, HeaderName name) {
    return request.headers().first(name);
  }
}
