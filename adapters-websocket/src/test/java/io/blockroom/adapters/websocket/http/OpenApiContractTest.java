package io.blockroom.adapters.websocket.http;

import static io.blockroom.adapters.websocket.http.ApiServer.ROOMS;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.ForceRelease;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The OpenAPI document and the server say the same. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiContractTest {
  private static final RoomId MAZE = new RoomId("maze");
  private static final String NEW_ROOM =
      "{\"roomId\":\"other\",\"title\":\"Other\",\"maxUsers\":3,\"lockPolicy\":\"required\"}";
  private static final String CHANGE =
      "{\"title\":\"Maze\",\"maxUsers\":9,\"lockPolicy\":\"advisory\",\"frozen\":false,\"closed\":false}";
  private static final String RESTORE = "{\"seq\":1}";

  private final ApiServer server = new ApiServer();
  private final OpenApi openApi = new OpenApi(server.get("/openapi.json").body());
  private final Set<String> seen = new TreeSet<>();

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void the_document_is_served_at_both_addresses() {
    for (String path : List.of("/openapi", "/openapi.json")) {
      HttpResponse<String> answer = server.get(path);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type"))
          .contains("application/vnd.oai.openapi+json;version=3.1.0");
      assertThat(answer.body()).startsWith("{\n  \"openapi\": \"3.1.0\"");
    }
  }

  @Test
  void the_document_has_every_route_and_no_other() {
    Set<String> routes =
        server.api.routes().stream()
            .map(route -> route.method().text() + " " + RoomsApi.PATH + route.template())
            .collect(Collectors.toSet());
    routes.add("GET " + RoomApi.PATH + "/{roomId}/");

    assertThat(openApi.routes()).isEqualTo(routes);
  }

  @Test
  void no_schema_lets_fields_pass_that_it_does_not_name() {
    assertThat(openApi.openSchemas()).isEmpty();
  }

  @Test
  void a_document_that_says_otherwise_is_noticed() {
    String text = server.get("/openapi.json").body();
    HttpResponse<String> page = server.get(ROOMS);
    HttpResponse<String> problem = server.get(ROOMS + "/nowhere");

    assertThat(openApi.objections("listRooms", page)).isEmpty();
    assertThat(
            new OpenApi(text.replace("\"rooms\": {", "\"all\": {")).objections("listRooms", page))
        .isNotEmpty();
    assertThat(openApi.objections("listRooms", problem)).isNotEmpty();
    assertThat(openApi.objections("findRoom", problem)).isEmpty();
    assertThat(
            new OpenApi(text.replace("[\"ROOM_NOT_FOUND\"]", "[\"SEQ_NOT_FOUND\"]"))
                .objections("findRoom", problem))
        .isNotEmpty();
    assertThat(
            new OpenApi(text.replace("application/problem+json", "application/json"))
                .objections("findRoom", problem))
        .isNotEmpty();
  }

  @Test
  void every_answer_of_every_operation_is_as_described_and_all_that_is_described_was_seen() {
    fillMaze();
    String file = server.get(ROOMS + "/maze/export").body();
    asked("listRooms", server.get(ROOMS));
    asked("listRooms", server.get(ROOMS + "?limit=1"));
    asked("findRoom", server.get(ROOMS + "/maze"));
    asked("listMembers", server.get(ROOMS + "/maze/members"));
    asked("listLocks", server.get(ROOMS + "/maze/locks"));
    asked("forceRelease", force(server, "/maze/locks?blockId=b"));
    asked("readCommits", server.get(ROOMS + "/maze/commits?limit=1"));
    asked("listSnapshots", server.get(ROOMS + "/maze/snapshots?limit=1"));
    asked("readSnapshot", server.get(ROOMS + "/maze/snapshots/150"));
    asked("exportRoom", server.get(ROOMS + "/maze/export"));
    asked("describeRoom", server.get("/api/room/maze/"));
    told("createRoom", "POST", "", NEW_ROOM);
    told("createRoom", "POST", "", NEW_ROOM);
    told("changeRoom", "PATCH", "/maze", CHANGE);
    told("restoreRoom", "POST", "/maze/restore", RESTORE);
    told("importRoom", "POST", "/import?roomId=third", file);
    told("importRoom", "POST", "/import", file);
    asked("listRooms", server.get(ROOMS + "?limit=1"));
    asked("deleteRoom", server.send(server.request(ROOMS + "/other").DELETE()));
    askForWhatIsNotThere();
    sayWhatCannotBeUnderstood();
    askWhatCannotBeAnswered();

    Set<String> described =
        openApi.operations().entrySet().stream()
            .flatMap(each ->
                each.getValue().statuses().stream().map(status -> each.getKey() + " " + status))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(seen).isEqualTo(described);
  }

  private void askForWhatIsNotThere() {
    asked("findRoom", server.get(ROOMS + "/nowhere"));
    told("changeRoom", "PATCH", "/nowhere", CHANGE);
    asked("deleteRoom", server.send(server.request(ROOMS + "/nowhere").DELETE()));
    asked("listMembers", server.get(ROOMS + "/nowhere/members"));
    asked("listLocks", server.get(ROOMS + "/nowhere/locks"));
    server.forcing = (room, block) -> ForceRelease.Outcome.NOT_HELD;
    asked("forceRelease", force(server, "/maze/locks?blockId=c"));
    server.forcing = (room, block) -> ForceRelease.Outcome.NO_SUCH_ROOM;
    asked("forceRelease", force(server, "/nowhere/locks?blockId=b"));
    asked("readCommits", server.get(ROOMS + "/nowhere/commits"));
    asked("listSnapshots", server.get(ROOMS + "/nowhere/snapshots"));
    asked("readSnapshot", server.get(ROOMS + "/maze/snapshots/1"));
    asked("readSnapshot", server.get(ROOMS + "/nowhere/snapshots/1"));
    told("restoreRoom", "POST", "/maze/restore", "{\"seq\":9007199254740991}");
    told("restoreRoom", "POST", "/nowhere/restore", RESTORE);
    asked("exportRoom", server.get(ROOMS + "/nowhere/export"));
    asked("describeRoom", server.get("/api/room/a+b/"));
  }

  private void sayWhatCannotBeUnderstood() {
    asked("listRooms", server.get(ROOMS + "?limit=0"));
    asked("forceRelease", force(server, "/maze/locks"));
    asked("readCommits", server.get(ROOMS + "/maze/commits?limit=501"));
    asked("listSnapshots", server.get(ROOMS + "/maze/snapshots?limit=0"));
    refused("createRoom", "POST", "");
    refused("changeRoom", "PATCH", "/maze");
    refused("restoreRoom", "POST", "/maze/restore");
    refused("importRoom", "POST", "/import");
  }

  private void refused(String operation, String method, String path) {
    String unknown = "{\"nonsense\":1}";
    assertThat(openApi.objectionToRequest(operation, unknown)).as(operation).isPresent();
    asked(operation, server.send(method, ROOMS + path, unknown));
    asked(operation, server.send(method, ROOMS + path, " ".repeat(5 << 20)));
    asked(
        operation,
        server.send(server.request(ROOMS + path).method(method, BodyPublishers.ofString(unknown))));
  }

  private void askWhatCannotBeAnswered() {
    server.storage.loseStorage();
    server.forcing =
        (room, block) -> {
          throw new StorageUnavailable(new IllegalStateException("away"));
        };
    askEverything(server);
    server.storage.restoreStorage();
    try (ApiServer broken = ApiServer.broken()) {
      askEverything(broken);
    }
  }

  private void askEverything(ApiServer from) {
    String file = // any that is sound so far that the storage is asked
        "{\"format\":\"blockroom-room\",\"version\":1,\"room\":{\"roomId\":\"maze\",\"title\":\"\","
            + "\"maxUsers\":1,\"lockPolicy\":\"advisory\",\"frozen\":false,\"closed\":false,"
            + "\"createdAt\":\"2026-01-01T00:00:00Z\"},\"seq\":0,\"snapshots\":[],\"commits\":[]}";
    asked("listRooms", from.get(ROOMS));
    asked("createRoom", from.post(ROOMS, NEW_ROOM));
    asked("findRoom", from.get(ROOMS + "/maze"));
    asked("changeRoom", from.send("PATCH", ROOMS + "/maze", CHANGE));
    asked("deleteRoom", from.send(from.request(ROOMS + "/maze").DELETE()));
    asked("listMembers", from.get(ROOMS + "/maze/members"));
    asked("listLocks", from.get(ROOMS + "/maze/locks"));
    asked("forceRelease", force(from, "/maze/locks?blockId=b"));
    asked("readCommits", from.get(ROOMS + "/maze/commits"));
    asked("listSnapshots", from.get(ROOMS + "/maze/snapshots"));
    asked("readSnapshot", from.get(ROOMS + "/maze/snapshots/1"));
    asked("restoreRoom", from.post(ROOMS + "/maze/restore", RESTORE));
    asked("exportRoom", from.get(ROOMS + "/maze/export"));
    asked("importRoom", from.post(ROOMS + "/import", file));
    asked("describeRoom", from.get("/api/room/maze/"));
  }

  private static HttpResponse<String> force(ApiServer at, String path) {
    return at.send(at.request(ROOMS + path).DELETE());
  }

  /** A request whose body is as described. */
  private void told(String operation, String method, String path, String body) {
    assertThat(openApi.objectionToRequest(operation, body)).as(operation).isEmpty();
    asked(operation, server.send(method, ROOMS + path, body));
  }

  private void asked(String operation, HttpResponse<String> answer) {
    assertThat(openApi.objections(operation, answer))
        .as("%s: %s", operation, answer.body())
        .isEmpty();
    seen.add(operation + " " + answer.statusCode());
  }

  private void fillMaze() {
    WorkspaceXml xml = new WorkspaceXml("<xml><block type=\"a\"/></xml>");
    server.bringIn(
        "maze",
        150,
        WorkspaceSnapshot.of(new SequenceNumber(99), xml),
        new WorkspaceSnapshot(
            new SequenceNumber(150),
            Optional.of(xml),
            Optional.of(new WorkspaceState("{\"blocks\":{}}"))));
    server.bringIn("\uD55C", 0);
    ClientId ada = new ClientId("ada");
    server.coordination.take(
        MAZE, new Participant(ada, Nickname.of("Ada").orElseThrow(), Color.ofPalette(0)), 7);
    server.coordination.stock(MAZE, server.storage.draw(MAZE));
    server.coordination.acquire(MAZE, ada, LockRequest.of(new BlockId("b"), Set.of()));
  }
}
