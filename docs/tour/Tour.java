import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Two pupils, one block: {@code java docs/tour/Tour.java [address]} against a running Blockroom. */
final class Tour {
  public static void main(String[] args) throws Exception {
    String address = args.length > 0 ? args[0] : "ws://127.0.0.1:8000";
    HttpClient http = HttpClient.newHttpClient();
    Pupil ada = new Pupil(http, address, "Ada");
    ada.await("INIT_STATE");
    Pupil bob = new Pupil(http, address, "Bob");
    bob.await("INIT_STATE");
    ada.await("USER_JOINED");

    ada.say("LOCK_ACQUIRE", "{\"blockId\":\"b1\"}");
    ada.await("LOCK_UPDATE");
    bob.await("LOCK_UPDATE");
    bob.say("LOCK_ACQUIRE", "{\"blockId\":\"b1\"}");
    bob.await("LOCK_DENIED");

    ada.say(
        "COMMIT",
        """
          {"blockId":"b1",
           "events":[{"type":"move","blockId":"b1","newCoordinate":"40,60"}],
           "workspaceXml":"<xml><block type=\\"text\\" id=\\"b1\\" x=\\"40\\" y=\\"60\\"></block></xml>"}""");
    bob.await("COMMIT_APPLY");
    bob.await("LOCK_UPDATE");

    Pupil eve = new Pupil(http, address, "Eve");
    eve.await("INIT_STATE");
    ada.leave();
    bob.await("USER_JOINED");
    bob.await("USER_LEFT");
    bob.leave();
    eve.leave();
  }

  /** Somebody in the room {@code tour}. */
  private static final class Pupil implements WebSocket.Listener {
    private final String name;
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;

    Pupil(HttpClient http, String address, String name) {
      this.name = name;
      URI room = URI.create(address + "/ws/workspace/tour/?nickname=" + name);
      socket = http.newWebSocketBuilder().buildAsync(room, this).join();
    }

    void say(String type, String payload) {
      System.out.println(name + " says   " + type);
      socket.sendText("{\"t\":\"" + type + "\",\"payload\":" + payload + "}", true).join();
    }

    /** Prints what is heard until a message of the type comes; gives up after ten seconds. */
    void await(String type) throws InterruptedException {
      while (true) {
        String message = heard.poll(10, TimeUnit.SECONDS);
        if (message == null) {
          throw new IllegalStateException(name + " never heard " + type);
        }
        System.out.println(name + " hears  " + message);
        if (message.contains("\"t\":\"" + type + "\"")) {
          return;
        }
      }
    }

    void leave() {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
      System.out.println(name + " leaves");
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        heard.add(text.toString());
        text.setLength(0);
      }
      webSocket.request(1);
      return null;
    }
  }
}
