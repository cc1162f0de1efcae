package io.blockroom.adapters.websocket.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.WebServer;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract of the WebSocket messages as it is served. */
class ContractFilesTest {
  private static final JsonProvider JSON = JsonProvider.provider();

  private final HttpClient client = HttpClient.newHttpClient();
  private final WebServer server =
      WebServer.builder()
          .host("127.0.0.1")
          .port(0)
          .shutdownHook(false)
          .routing(
              routes -> routes.register("/", new ContractFiles()).register("/", new FrontPage()))
          .build()
          .start();

  @AfterEach
  void stop() {
    client.close();
    server.stop();
  }

  @Test
  void the_asyncapi_document_is_served_as_such() throws Exception {
    HttpResponse<String> answer = get("/asyncapi.json");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("application/vnd.aai.asyncapi+json;version=3.0.0");
    assertThat(parsed(answer).getString("asyncapi")).isEqualTo("3.0.0");
  }

  @Test
  void the_schemas_are_where_the_asyncapi_document_looks_for_them() throws Exception {
    JsonObject messages =
        parsed(get("/asyncapi.json")).getJsonObject("components").getJsonObject("messages");

    for (String name : messages.keySet()) {
      String reference =
          messages
              .getJsonObject(name)
              .getJsonObject("payload")
              .getJsonObject("schema")
              .getString("$ref");
      URI place = URI.create("/asyncapi.json").resolve(reference);
      HttpResponse<String> answer = get(place.getPath());

      assertThat(answer.headers().firstValue("Content-Type")).contains("application/schema+json");
      assertThat(JSON.createPointer(place.getFragment()).containsValue(parsed(answer))).isTrue();
    }
    assertThat(messages).isNotEmpty();
  }

  @Test
  void there_is_nothing_else_there() throws Exception {
    assertThat(get("/schemas/other.json").statusCode()).isEqualTo(404);
    assertThat(get("/schemas/..%2fasyncapi.json").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .timeout(Duration.ofSeconds(10))
            .build(),
        BodyHandlers.ofString());
  }

  private static JsonObject parsed(HttpResponse<String> answer) {
    try (JsonReader reader = JSON.createReader(new StringReader(answer.body()))) {
      return reader.readObject();
    }
  }
}
