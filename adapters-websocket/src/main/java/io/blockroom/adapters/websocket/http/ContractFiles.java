package io.blockroom.adapters.websocket.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * What is spoken here, for machines: the WebSocket messages as JSON Schemas, the AsyncAPI document
 * that says who sends which, and the OpenAPI document of the HTTP API. To be registered at the
 * root.
 */
public final class ContractFiles implements HttpService {
  private static final String ASYNC_API = "application/vnd.aai.asyncapi+json;version=3.0.0";
  private static final String OPEN_API = "application/vnd.oai.openapi+json;version=3.1.0";
  private static final String JSON_SCHEMA = "application/schema+json";

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/openapi", sending("openapi.json", OPEN_API))
        .get("/openapi.json", sending("openapi.json", OPEN_API))
        .get("/asyncapi.json", sending("asyncapi.json", ASYNC_API))
        .get("/schemas/messages.json", sending("messages.json", JSON_SCHEMA));
  }

  private static Handler sending(String name, String contentType) {
    byte[] file = read(name);
    return (request, response) -> response.header(HeaderNames.CONTENT_TYPE, contentType).send(file);
  }

  private static byte[] read(String name) {
    try (InputStream file = ContractFiles.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("not in the package: " + name);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
