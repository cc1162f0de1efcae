package io.blockroom.adapters.websocket.connection;

import static io.blockroom.adapters.websocket.connection.RawWebSocket.closePayload;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.connection.RawWebSocket.Frame;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The 247 cases of groups 1 to 7 and 10 of the Autobahn test suite, by their public ids, rebuilt
 * over raw sockets (A01). Compression (12, 13) is not offered, sizes above the message limit (9)
 * are refused by design.
 *
 * <p>In each case the server must also answer with nothing but frames after the 101, end its last
 * frame with a close, and end the TCP connection.
 */
@DisplayName("A01 RFC 6455 conformance")
class Rfc6455ConformanceTest {

  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;
  private static final int TEXT_BEGIN = 0x01;
  private static final int MORE = 0x00;
  private static final int LAST = 0x80;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;
  private static final int PONG = 0x8A;
  private static final byte[] HELLO = "Hello, world!".getBytes(UTF_8);
  private static final byte[] NONE = new byte[0];
  private static final byte[] GREEK = bytes("cebae1bdb9cf83cebcceb5");
  private static final byte[] ACCENTS = "Hello-µ@ßöäüàá-UTF-8!!".getBytes(UTF_8);

  private static TestServer server;
  private static final EchoListener ECHO = new EchoListener();

  @BeforeAll
  static void startServer() {
    server = new TestServer(ConnectionSettings.defaults(), () -> ECHO);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void case_holds(Case conformance) throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      for (byte[] write : conformance.writes()) {
        client.send(write);
      }
      List<Frame> received = new ArrayList<>();
      for (Frame frame = client.await(); ; frame = client.await()) {
        if (frame.opcode() == Opcode.CLOSE) {
          assertThat(frame.closeCode()).isIn(conformance.closeCodes());
          break;
        }
        received.add(frame);
      }
      if (conformance.answersClose()) {
        client.close(1000);
      }

      assertThat(client.next()).as("nothing follows a close frame").isEmpty();
      assertThat(received.stream().map(Rfc6455ConformanceTest::shown))
          .containsExactlyElementsOf(conformance.answers());
    }
  }

  private static String shown(Frame frame) {
    return shown(frame.opcode(), frame.payload());
  }

  private static String shown(int opcode, byte[] payload) {
    return opcode
        + ":"
        + payload.length
        + ":"
        + (payload.length < 1000
            ? HexFormat.of().formatHex(payload)
            : Integer.toHexString(Arrays.hashCode(payload)));
  }

  static Stream<Case> cases() {
    return Stream.of(
            framing(),
            pings(),
            reservedBits(),
            opcodes(),
            fragmentation(),
            utf8(),
            closing(),
            misc())
        .flatMap(List::stream);
  }

  // ---- 1 framing, 2 pings, 3 reserved bits, 4 opcodes

  static List<Case> framing() {
    List<Case> cases = new ArrayList<>();
    int[] sizes = {0, 125, 126, 127, 128, 65535, 65536, 65536};
    for (int i = 0; i < sizes.length; i++) {
      int chop = i == 7 ? 997 : Integer.MAX_VALUE;
      byte[] stars = filled(sizes[i], '*');
      byte[] bytes = filled(sizes[i], 0xFE);
      cases.add(
          new Case("1.1." + (i + 1)).sends(TEXT, stars).chopped(chop).echoes(1, stars).isClosed());
      cases.add(
          new Case("1.2." + (i + 1))
              .sends(BINARY, bytes)
              .chopped(chop)
              .echoes(2, bytes)
              .isClosed());
    }
    return cases;
  }

  static List<Case> pings() {
    byte[] odd = bytes("00fffefdfcfb00ff");
    Case tenPings = new Case("2.10");
    Case tenPingsChopped = new Case("2.11").octets();
    for (int i = 0; i < 10; i++) {
      byte[] payload = ("payload-" + i).getBytes(UTF_8);
      tenPings.sends(PING, payload).echoes(10, payload);
      tenPingsChopped.sends(PING, payload).echoes(10, payload);
    }
    return List.of(
        new Case("2.1").sends(PING, NONE).echoes(10, NONE).isClosed(),
        new Case("2.2").sends(PING, HELLO).echoes(10, HELLO).isClosed(),
        new Case("2.3").sends(PING, odd).echoes(10, odd).isClosed(),
        new Case("2.4").sends(PING, filled(125, 0xFE)).echoes(10, filled(125, 0xFE)).isClosed(),
        new Case("2.5").sends(PING, filled(126, 0xFE)).fails(1002),
        new Case("2.6")
            .sends(PING, filled(125, 0xFE))
            .octets()
            .echoes(10, filled(125, 0xFE))
            .isClosed(),
        new Case("2.7").sends(PONG, NONE).isClosed(),
        new Case("2.8").sends(PONG, HELLO).isClosed(),
        new Case("2.9").sends(PONG, HELLO).sends(PING, HELLO).echoes(10, HELLO).isClosed(),
        tenPings.isClosed(),
        tenPingsChopped.isClosed());
  }

  static List<Case> reservedBits() {
    return List.of(
        new Case("3.1").sends(TEXT | 0x10, HELLO).fails(1002),
        new Case("3.2").hello().sends(TEXT | 0x20, HELLO).sends(PING, NONE).fails(1002),
        new Case("3.3").hello().sends(TEXT | 0x30, HELLO).sends(PING, NONE).frames().fails(1002),
        new Case("3.4").hello().sends(TEXT | 0x40, HELLO).sends(PING, NONE).octets().fails(1002),
        new Case("3.5").sends(BINARY | 0x50, HELLO).fails(1002),
        new Case("3.6").sends(PING | 0x60, HELLO).fails(1002),
        new Case("3.7").sends(CLOSE | 0x70, closePayload(1000, NONE)).fails(1002));
  }

  static List<Case> opcodes() {
    List<Case> cases = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      cases.add(reservedOpcode("4.1." + i, i, 0x82 + i));
      cases.add(reservedOpcode("4.2." + i, i, 0x8A + i));
    }
    return cases;
  }

  private static Case reservedOpcode(String id, int variant, int first) {
    return switch (variant) {
      case 1 -> new Case(id).sends(first, NONE).fails(1002);
      case 2 -> new Case(id).sends(first, HELLO).fails(1002);
      case 3 -> new Case(id).hello().sends(first, NONE).sends(PING, NONE).fails(1002);
      case 4 -> new Case(id).hello().sends(first, HELLO).sends(PING, NONE).frames().fails(1002);
      default -> new Case(id).hello().sends(first, HELLO).sends(PING, NONE).octets().fails(1002);
    };
  }

  // ---- 5 fragmentation

  static List<Case> fragmentation() {
    byte[] one = "fragment1".getBytes(UTF_8);
    byte[] two = "fragment2".getBytes(UTF_8);
    byte[] both = "fragment1fragment2".getBytes(UTF_8);
    byte[] five = "fragment1fragment2fragment3fragment4fragment5".getBytes(UTF_8);
    List<Case> cases = new ArrayList<>();
    cases.add(new Case("5.1").sends(0x09, one).sends(LAST, two).fails(1002));
    cases.add(new Case("5.2").sends(0x0A, one).sends(LAST, two).fails(1002));
    for (int way = 0; way < 3; way++) {
      cases.add(
          new Case("5." + (3 + way))
              .sends(TEXT_BEGIN, one)
              .sends(LAST, two)
              .way(way)
              .echoes(1, both)
              .isClosed());
      cases.add(
          new Case("5." + (6 + way))
              .sends(TEXT_BEGIN, one)
              .sends(PING, HELLO)
              .sends(LAST, two)
              .way(way)
              .echoes(10, HELLO)
              .echoes(1, both)
              .isClosed());
      cases.add(
          new Case("5." + (9 + way)).sends(LAST, one).sends(TEXT, HELLO).way(way).fails(1002));
      cases.add(
          new Case("5." + (12 + way)).sends(MORE, one).sends(TEXT, HELLO).way(way).fails(1002));
    }
    cases.add(
        new Case("5.15")
            .sends(TEXT_BEGIN, one)
            .sends(LAST, two)
            .echoes(1, both)
            .sends(MORE, one)
            .sends(TEXT, HELLO)
            .fails(1002));
    cases.add(
        new Case("5.16")
            .sends(MORE, one)
            .sends(TEXT, one)
            .sends(LAST, two)
            .sends(MORE, one)
            .fails(1002));
    cases.add(
        new Case("5.17")
            .sends(LAST, one)
            .sends(TEXT, one)
            .sends(LAST, two)
            .sends(LAST, one)
            .fails(1002));
    cases.add(new Case("5.18").sends(TEXT_BEGIN, one).sends(TEXT, two).fails(1002));
    for (int way = 0; way < 2; way++) {
      cases.add(
          new Case("5." + (19 + way))
              .sends(TEXT_BEGIN, one)
              .sends(MORE, two)
              .sends(PING, "pongme 1!".getBytes(UTF_8))
              .sends(MORE, "fragment3".getBytes(UTF_8))
              .sends(MORE, "fragment4".getBytes(UTF_8))
              .sends(PING, "pongme 2!".getBytes(UTF_8))
              .sends(LAST, "fragment5".getBytes(UTF_8))
              .way(way)
              .echoes(10, "pongme 1!".getBytes(UTF_8))
              .echoes(10, "pongme 2!".getBytes(UTF_8))
              .echoes(1, five)
              .isClosed());
    }
    return cases;
  }

  // ---- 6 UTF-8

  static List<Case> utf8() {
    List<Case> cases = new ArrayList<>();
    cases.add(new Case("6.1.1").sends(TEXT, NONE).echoes(1, NONE).isClosed());
    cases.add(
        new Case("6.1.2")
            .sends(TEXT_BEGIN, NONE)
            .sends(MORE, NONE)
            .sends(LAST, NONE)
            .echoes(1, NONE)
            .isClosed());
    cases.add(
        new Case("6.1.3")
            .sends(TEXT_BEGIN, NONE)
            .sends(MORE, HELLO)
            .sends(LAST, NONE)
            .echoes(1, HELLO)
            .isClosed());
    cases.add(new Case("6.2.1").sends(TEXT, ACCENTS).echoes(1, ACCENTS).isClosed());
    cases.add(
        new Case("6.2.2")
            .sends(TEXT_BEGIN, Arrays.copyOf(ACCENTS, 12))
            .sends(LAST, Arrays.copyOfRange(ACCENTS, 12, ACCENTS.length))
            .echoes(1, ACCENTS)
            .isClosed());
    cases.add(new Case("6.2.3").octetFragments(ACCENTS).echoes(1, ACCENTS).isClosed());
    cases.add(new Case("6.2.4").octetFragments(GREEK).echoes(1, GREEK).isClosed());
    byte[] surrogate = bytes("cebae1bdb9cf83cebcceb5eda080656469746564");
    cases.add(new Case("6.3.1").sends(TEXT, surrogate).fails(1007));
    cases.add(new Case("6.3.2").octetFragments(surrogate).fails(1007));
    cases.addAll(failingFast());
    cases.addAll(
        sequences(
            5,
            true,
            "68656c6c6f24776f726c64",
            "68656c6c6fc2a2776f726c64",
            "68656c6c6fe282ac776f726c64",
            "68656c6c6ff0a4ada2776f726c64",
            "cebae1bdb9cf83cebcceb5"));
    for (int length = 1; length <= GREEK.length; length++) {
      boolean whole = List.of(2, 5, 7, 9, 11).contains(length);
      cases.add(sequence("6.6." + length, whole, Arrays.copyOf(GREEK, length)));
    }
    cases.addAll(sequences(7, true, "00", "c280", "e0a080", "f0908080"));
    cases.addAll(sequences(8, false, "f888808080", "fc8480808080"));
    cases.addAll(sequences(9, true, "7f", "dfbf", "efbfbf", "f48fbfbf"));
    cases.addAll(sequences(10, false, "f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf"));
    cases.addAll(sequences(11, true, "ed9fbf", "ee8080", "efbfbd", "f48fbfbf"));
    cases.add(sequence("6.11.5", false, bytes("f4908080")));
    String allContinuations = HexFormat.of().formatHex(range(0x80, 0xBF, false));
    cases.addAll(
        sequences(
            12,
            false,
            "80",
            "bf",
            "80bf",
            "80bf80",
            "80bf80bf",
            "80bf80bf80",
            "80bf80bf80bf",
            allContinuations));
    int[][] leads = {{0xC0, 0xDF}, {0xE0, 0xEF}, {0xF0, 0xF7}, {0xF8, 0xFB}, {0xFC, 0xFD}};
    for (int i = 0; i < leads.length; i++) {
      cases.add(sequence("6.13." + (i + 1), false, range(leads[i][0], leads[i][1], true)));
    }
    String[] cutShort = {
      "c0",
      "e080",
      "f08080",
      "f8808080",
      "fc80808080",
      "df",
      "efbf",
      "f7bfbf",
      "fbbfbfbf",
      "fdbfbfbfbf"
    };
    cases.addAll(sequences(14, false, cutShort));
    cases.addAll(sequences(15, false, String.join("", cutShort)));
    cases.addAll(sequences(16, false, "fe", "ff", "fefeffff"));
    cases.addAll(sequences(17, false, "c0af", "e080af", "f08080af", "f8808080af", "fc80808080af"));
    cases.addAll(sequences(18, false, "c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf"));
    cases.addAll(sequences(19, false, "c080", "e08080", "f0808080", "f880808080", "fc8080808080"));
    cases.addAll(
        sequences(20, false, "eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf"));
    cases.addAll(
        sequences(
            21,
            false,
            "eda080edb080",
            "eda080edbfbf",
            "edadbfedb080",
            "edadbfedbfbf",
            "edae80edb080",
            "edae80edbfbf",
            "edafbfedb080",
            "edafbfedbfbf"));
    for (int plane = 0; plane <= 16; plane++) {
      for (int i = 0; i < 2; i++) {
        byte[] noncharacter = Character.toString((plane << 16) + 0xFFFE + i).getBytes(UTF_8);
        cases.add(sequence("6.22." + (2 * plane + i + 1), true, noncharacter));
      }
    }
    cases.addAll(
        sequences(23, true, "efbfb9", "efbfba", "efbfbb", "efbfbc", "efbfbd", "efbfbe", "efbfbf"));
    return cases;
  }

  /** 6.4: refused at the first impossible byte; the rest of the message is never sent. */
  private static List<Case> failingFast() {
    byte[] good = GREEK;
    byte[] wholeMessage = bytes(HexFormat.of().formatHex(GREEK) + "f4908080656469746564");
    byte[] begun = RawWebSocket.frame(TEXT, wholeMessage);
    return List.of(
        new Case("6.4.1")
            .sends(TEXT_BEGIN, good)
            .sends(MORE, bytes("f4908080"))
            .frames()
            .fails(1007),
        new Case("6.4.2")
            .sends(TEXT_BEGIN, bytes(HexFormat.of().formatHex(good) + "f4"))
            .sends(MORE, bytes("90"))
            .frames()
            .fails(1007),
        new Case("6.4.3")
            .sendsRaw(Arrays.copyOf(begun, 6 + good.length + 4))
            .givingUp()
            .fails(1007),
        new Case("6.4.4")
            .sendsRaw(Arrays.copyOf(begun, 6 + good.length + 2))
            .givingUp()
            .fails(1007));
  }

  private static List<Case> sequences(int group, boolean valid, String... hex) {
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < hex.length; i++) {
      cases.add(sequence("6." + group + "." + (i + 1), valid, bytes(hex[i])));
    }
    return cases;
  }

  private static Case sequence(String id, boolean valid, byte[] bytes) {
    Case conformance = new Case(id).sends(TEXT, bytes);
    return valid ? conformance.echoes(1, bytes).isClosed() : conformance.fails(1007);
  }

  // ---- 7 closing, 10 misc

  static List<Case> closing() {
    byte[] normal = closePayload(1000, NONE);
    byte[] large = filled(256 * 1024, 'B');
    List<Case> cases = new ArrayList<>();
    cases.add(new Case("7.1.1").hello().closes(normal, 1000));
    cases.add(new Case("7.1.2").sends(CLOSE, normal).closes(normal, 1000));
    cases.add(new Case("7.1.3").closes(normal, 1000).sends(PING, NONE));
    cases.add(new Case("7.1.4").closes(normal, 1000).sends(TEXT, HELLO));
    cases.add(new Case("7.1.5").sends(TEXT_BEGIN, HELLO).closes(normal, 1000).sends(LAST, HELLO));
    cases.add(
        new Case("7.1.6")
            .sends(TEXT, large)
            .echoes(1, large)
            .closes(normal, 1000)
            .sends(PING, NONE));
    cases.add(new Case("7.3.1").closes(NONE, 1005));
    cases.add(new Case("7.3.2").sends(CLOSE, new byte[] {3}).givingUp().fails(1002));
    cases.add(new Case("7.3.3").closes(normal, 1000));
    cases.add(new Case("7.3.4").closes(closePayload(1000, HELLO), 1000));
    cases.add(new Case("7.3.5").closes(closePayload(1000, filled(123, '*')), 1000));
    cases.add(new Case("7.3.6").sends(CLOSE, closePayload(1000, filled(124, '*'))).fails(1002));
    cases.add(
        new Case("7.5.1")
            .sends(CLOSE, closePayload(1000, bytes("cebae1bdb9cf83eda080")))
            .givingUp()
            .fails(1007));
    int[] valid = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999};
    for (int i = 0; i < valid.length; i++) {
      cases.add(new Case("7.7." + (i + 1)).closes(closePayload(valid[i], NONE), valid[i]));
    }
    int[] invalid = {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999};
    for (int i = 0; i < invalid.length; i++) {
      cases.add(
          new Case("7.9." + (i + 1))
              .sends(CLOSE, closePayload(invalid[i], NONE))
              .givingUp()
              .fails(1002));
    }
    cases.add(new Case("7.13.1").sends(CLOSE, closePayload(5000, NONE)).givingUp().fails(1002));
    cases.add(new Case("7.13.2").sends(CLOSE, closePayload(65535, NONE)).givingUp().fails(1002));
    return cases;
  }

  static List<Case> misc() {
    byte[] message = filled(65536, '*');
    Case fragmented = new Case("10.1.1");
    for (int from = 0; from < message.length; from += 1300) {
      int to = Math.min(message.length, from + 1300);
      int first = (from == 0 ? 1 : 0) | (to == message.length ? 0x80 : 0);
      fragmented.sends(first, Arrays.copyOfRange(message, from, to));
    }
    return List.of(fragmented.echoes(1, message).isClosed());
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] range(int from, int to, boolean spaced) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int value = from; value <= to; value++) {
      bytes.write(value);
      if (spaced) {
        bytes.write(' ');
      }
    }
    return bytes.toByteArray();
  }

  /** What is sent, in which pieces, and what must come back. */
  static final class Case {

    private final String id;
    private final List<byte[]> sent = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private List<Integer> closeCodes = List.of();
    private boolean answersClose;
    private boolean givenUp;
    private boolean perFrame;
    private int chop = Integer.MAX_VALUE;

    Case(String id) {
      this.id = id;
    }

    Case sends(int first, byte[] payload) {
      return sendsRaw(RawWebSocket.frame(first, payload));
    }

    Case sendsRaw(byte[] bytes) {
      sent.add(bytes);
      return this;
    }

    Case hello() {
      return sends(TEXT, HELLO).echoes(1, HELLO);
    }

    Case octetFragments(byte[] payload) {
      for (int i = 0; i < payload.length; i++) {
        int first = (i == 0 ? 1 : 0) | (i == payload.length - 1 ? 0x80 : 0);
        sends(first, new byte[] {payload[i]});
      }
      return this;
    }

    Case echoes(int opcode, byte[] payload) {
      answers.add(shown(opcode, payload));
      return this;
    }

    /** The client closes, with this, and the server must answer with the same code. */
    Case closes(byte[] payload, int code) {
      closeCodes = List.of(code);
      return sends(CLOSE, payload);
    }

    Case isClosed() {
      return closes(closePayload(1000, NONE), 1000);
    }

    /** The server must fail the connection; the client answers its close frame. */
    Case fails(int code) {
      closeCodes = List.of(code);
      answersClose = true;
      return this;
    }

    /** The client sends nothing more, not even an answer to the close frame. */
    Case givingUp() {
      givenUp = true;
      return this;
    }

    Case frames() {
      perFrame = true;
      return this;
    }

    Case octets() {
      return chopped(1);
    }

    Case chopped(int size) {
      chop = size;
      return this;
    }

    Case way(int way) {
      return way == 0 ? this : way == 1 ? frames() : octets();
    }

    List<Integer> closeCodes() {
      return closeCodes;
    }

    boolean answersClose() {
      return answersClose && !givenUp;
    }

    List<String> answers() {
      return answers;
    }

    List<byte[]> writes() {
      if (perFrame) {
        return sent;
      }
      ByteArrayOutputStream joined = new ByteArrayOutputStream();
      sent.forEach(joined::writeBytes);
      byte[] all = joined.toByteArray();
      List<byte[]> writes = new ArrayList<>();
      for (int from = 0; from < all.length; from += Math.min(chop, all.length - from)) {
        writes.add(Arrays.copyOfRange(all, from, from + Math.min(chop, all.length - from)));
      }
      return writes;
    }

    @Override
    public String toString() {
      return id;
    }
  }
}
