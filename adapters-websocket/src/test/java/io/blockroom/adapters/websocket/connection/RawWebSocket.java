package io.blockroom.adapters.websocket.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** A WebSocket client that sends whatever bytes it is told to, and reads strictly. */
final class RawWebSocket implements AutoCloseable {

  static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};
  private static final int PATIENCE_MILLIS = 10_000;

  /** A frame from the server. */
  static final class Frame {

    private final int opcode;
    private final byte[] payload;

    Frame(int opcode, byte[] payload) {
      this.opcode = opcode;
      this.payload = payload;
    }

    int opcode() {
      return opcode;
    }

    byte[] payload() {
      return payload;
    }

    int closeCode() {
      return payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    }

    String text() {
      return new String(payload, UTF_8);
    }

    String closeReason() {
      return payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, UTF_8);
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  private RawWebSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
  }

  /** A TCP connection, with nothing sent yet. */
  static RawWebSocket dial(int port) throws IOException {
    return dial(port, 0);
  }

  static RawWebSocket dial(int port, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new RawWebSocket(socket);
  }

  static RawWebSocket open(int port) throws IOException {
    RawWebSocket client = dial(port);
    client.upgrade(port);
    return client;
  }

  void upgrade(int port) throws IOException {
    send(handshake(port, "/echo"));
    String response = response();
    if (!response.startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no upgrade: " + response);
    }
  }

  static byte[] handshake(int port, String path) {
    return ("GET "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + port
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        .getBytes(ISO_8859_1);
  }

  /** The head of an HTTP response. */
  String response() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int state = 0;
    while (state < 4) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("response ends after: " + head.toString(ISO_8859_1));
      }
      head.write(next);
      state = next == "\r\n\r\n".charAt(state) ? state + 1 : next == '\r' ? 1 : 0;
    }
    return head.toString(ISO_8859_1);
  }

  /** What is left of the stream, to its end. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  RawWebSocket send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  RawWebSocket text(String text) throws IOException {
    return send(frame(0x81, text.getBytes(UTF_8)));
  }

  RawWebSocket close(int code) throws IOException {
    return send(closeFrame(code, ""));
  }

  /** The next frame; empty at the end of the stream. A broken one fails. */
  Optional<Frame> next() throws IOException {
    int first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    if ((first & 0xF0) != 0x80) {
      throw new IOException("not a whole frame without extension: " + first);
    }
    int second = in.readUnsignedByte();
    if (second > 0x7F) {
      throw new IOException("masked frame from a server");
    }
    long length = second == 126 ? in.readUnsignedShort() : second == 127 ? in.readLong() : second;
    byte[] payload = new byte[Math.toIntExact(length)];
    in.readFully(payload);
    return Optional.of(new Frame(first & 0xF, payload));
  }

  /** The next frame that is no ping. */
  Frame await() throws IOException {
    while (true) {
      Frame frame = next().orElseThrow(() -> new EOFException("the server ended the connection"));
      if (frame.opcode() != Opcode.PING) {
        return frame;
      }
    }
  }

  Frame awaitClose() throws IOException {
    Frame frame = await();
    while (frame.opcode() != Opcode.CLOSE) {
      frame = await();
    }
    return frame;
  }

  Socket socket() {
    return socket;
  }

  void patience(Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
  }

  void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends with RST instead of FIN. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A masked frame; the first byte holds FIN, RSV and opcode. */
  static byte[] frame(int first, byte[] payload) {
    int length = payload.length;
    ByteBuffer frame = ByteBuffer.allocate(14 + length).put((byte) first);
    if (length < 126) {
      frame.put((byte) (0x80 | length));
    } else if (length <= 0xFFFF) {
      frame.put((byte) 0xFE).putShort((short) length);
    } else {
      frame.put((byte) 0xFF).putLong(length);
    }
    frame.put(MASK);
    for (int i = 0; i < length; i++) {
      frame.put((byte) (payload[i] ^ MASK[i & 3]));
    }
    byte[] bytes = new byte[frame.position()];
    frame.flip().get(bytes);
    return bytes;
  }

  static byte[] closeFrame(int code, String reason) {
    return frame(0x88, closePayload(code, reason.getBytes(UTF_8)));
  }

  static byte[] closePayload(int code, byte[] reason) {
    return ByteBuffer.allocate(2 + reason.length).putShort((short) code).put(reason).array();
  }
}
