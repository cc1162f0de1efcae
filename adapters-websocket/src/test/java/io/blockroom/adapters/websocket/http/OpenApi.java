package io.blockroom.adapters.websocket.http;

import io.blockroom.adapters.websocket.codec.SchemaJudge;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The OpenAPI document as it is served, and what it has against an answer. */
final class OpenApi {
  private static final JsonProvider JSON = JsonProvider.provider();
  private static final Set<String> METHODS = Set.of("get", "post", "patch", "put", "delete");

  private final JsonObject document;
  private final Map<String, Operation> operations = new LinkedHashMap<>();
  private final Map<String, SchemaJudge> judges = new LinkedHashMap<>();

  /** What a method does at an address. */
  record Operation(String method, String template, String pointer, JsonObject described) {
    Set<String> statuses() {
      return described.getJsonObject("responses").keySet();
    }
  }

  OpenApi(String text) {
    document = parsed(text).asJsonObject();
    document
        .getJsonObject("paths")
        .forEach((template, item) ->
            item.asJsonObject().keySet().stream()
                .filter(METHODS::contains)
                .map(method -> operation(template, item.asJsonObject(), method))
                .forEach(each -> operations.put(each.described().getString("operationId"), each)));
  }

  private static Operation operation(String template, JsonObject item, String method) {
    return new Operation(
        method.toUpperCase(Locale.ROOT),
        template,
        "#/paths/" + template.replace("/", "~1") + "/" + method,
        item.getJsonObject(method));
  }

  Map<String, Operation> operations() {
    return operations;
  }

  /** Every operation as method and address. */
  Set<String> routes() {
    return operations.values().stream()
        .map(each -> each.method() + " " + each.template())
        .collect(Collectors.toSet());
  }

  /** What the document has against an answer to the operation. */
  List<String> objections(String operationId, HttpResponse<String> answer) {
    Operation operation = operations.get(operationId);
    String status = String.valueOf(answer.statusCode());
    if (operation == null || !operation.statuses().contains(status)) {
      return List.of("status " + status + " is not described");
    }
    String pointer = operation.pointer() + "/responses/" + status;
    JsonObject described = operation.described().getJsonObject("responses").getJsonObject(status);
    if (described.containsKey("$ref")) {
      pointer = described.getString("$ref");
      described = resolved(pointer);
    }
    List<String> objections = new ArrayList<>(headers(described, answer));
    body(pointer + "/content", described, answer).ifPresent(objections::add);
    return objections;
  }

  /** What the document has against the body of a request. */
  Optional<String> objectionToRequest(String operationId, String body) {
    Operation operation = operations.get(operationId);
    return operation == null
        ? Optional.of("not described")
        : judge(operation.pointer() + "/requestBody/content/application~1json/schema", body);
  }

  /** Every object in the document that says nothing of fields that it does not name. */
  Stream<String> openSchemas() {
    return document.getJsonObject("components").getJsonObject("schemas").entrySet().stream()
        .filter(each -> each.getValue().asJsonObject().containsKey("properties"))
        .filter(each -> !each.getValue().asJsonObject().containsKey("additionalProperties"))
        .map(Map.Entry::getKey);
  }

  private static List<String> headers(JsonObject described, HttpResponse<String> answer) {
    return described.containsKey("headers")
        ? described.getJsonObject("headers").keySet().stream()
            .filter(name -> answer.headers().firstValue(name).isEmpty())
            .map(name -> "no header " + name)
            .toList()
        : List.of();
  }

  private Optional<String> body(String pointer, JsonObject described, HttpResponse<String> answer) {
    if (!described.containsKey("content")) {
      return answer.body().isEmpty() ? Optional.empty() : Optional.of("a body");
    }
    String type = answer.headers().firstValue("Content-Type").orElse("");
    return described.getJsonObject("content").containsKey(type)
        ? judge(pointer + "/" + type.replace("/", "~1") + "/schema", answer.body())
        : Optional.of("content type " + type);
  }

  private Optional<String> judge(String pointer, String text) {
    return judges
        .computeIfAbsent(pointer, place -> new SchemaJudge(schemaDocument(), encoded(place)))
        .objection(parsed(text));
  }

  /** The document without what a schema may not have at its root. */
  private JsonObject schemaDocument() {
    return JSON.createObjectBuilder()
        .add("paths", document.get("paths"))
        .add("components", document.get("components"))
        .build();
  }

  private JsonObject resolved(String reference) {
    return Json.createPointer(reference.substring(1)).getValue(document).asJsonObject();
  }

  private static String encoded(String pointer) {
    return pointer.replace("{", "%7B").replace("}", "%7D").replace("+", "%2B");
  }

  private static JsonValue parsed(String text) {
    try (JsonReader reader = JSON.createReader(new StringReader(text))) {
      return reader.readValue();
    }
  }
}
