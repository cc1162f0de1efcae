package io.blockroom.adapters.websocket.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/**
 * What a browser shows at the server's address: that it runs, and where clients connect. To be
 * registered last, for it also says that elsewhere there is nothing.
 */
public final class FrontPage implements HttpService {
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Blockroom</title>
      <style>
        body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem; color: #22303c }
        h1 { font-size: 2rem; margin: 0 }
        code { background: #eef3f6; border-radius: .3rem; padding: .15rem .4rem; overflow-wrap: anywhere }
        hr { border: 0; border-top: 1px solid #d5dfe6; margin: 2rem 0 }
      </style>
      <h1>Blockroom is running</h1>
      <p>This server lets a class edit one Blockly workspace together.</p>
      <p>Clients connect to <code>/ws/workspace/{room}/?nickname=…</code> on this address.<br>
      A room tells about itself at <code>/api/room/{room}/</code>.</p>
      <hr>
      <p lang="ko">블록룸이 실행 중입니다. 한 교실이 하나의 Blockly 작업 공간을 함께 편집하도록 돕는 서버입니다.</p>
      <p lang="ko">클라이언트는 이 주소의 <code>/ws/workspace/{방}/?nickname=…</code> 로 연결합니다.</p>
      """;

  @Override
  public void routing(HttpRules rules) {
    rules.get("/", FrontPage::show).any(FrontPage::refuse);
  }

  private static void show(ServerRequest request, ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8").send(PAGE);
  }

  private static void refuse(ServerRequest request, ServerResponse response) {
    response.status(Status.NOT_FOUND_404);
    if (request.prologue().method().equals(Method.HEAD)) {
      response.send(); // the web server would send a body all the same
    } else {
      response.send("not found");
    }
  }
}
