package io.blockroom.adapters.websocket.http;

import io.blockroom.adapters.websocket.session.RequestTarget;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.room.RoomId;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One request to the API and its answer: what the request names, asks for and brings. */
final class Exchange {
  /** Bytes that the body of a request may have, unless it is a whole room. */
  static final int MAX_BODY_BYTES = 64 << 10;

  /** The largest number that every client can hold. */
  static final long MAX_NUMBER = FencingToken.MAX;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,16}");
  private static final int DOWNLOAD_BUFFER = 64 << 10;

  private final ServerRequest request;
  private final ServerResponse response;
  private final List<String> path;
  // The storage may read and write on a thread of its own.
  private volatile boolean isDownload;
  private volatile boolean isBodyBroken;

  /**
   * @param path the parts of the address behind that of the API, as they were sent
   */
  Exchange(ServerRequest request, ServerResponse response, List<String> path) {
    this.request = request;
    this.response = response;
    this.path = path;
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
  }

  /** The room that the address names. */
  RoomId room() {
    return RoomId.of(RequestTarget.lastSegment(path.getFirst(), ""))
        .orElseThrow(() -> new Refusal(Problem.ROOM_NOT_FOUND));
  }

  /** The number that the address ends with. */
  SequenceNumber seq() {
    return number(path.getLast())
        .map(SequenceNumber::new)
        .orElseThrow(() -> new Refusal(Problem.SEQ_NOT_FOUND));
  }

  /** A room's id among the parameters, if it is there. */
  Optional<RoomId> roomParameter(String name) {
    return parameter(name)
        .map(text -> RoomId.of(text).orElseThrow(() -> new Refusal(Problem.BAD_MESSAGE)));
  }

  /** The block that the parameters name. */
  BlockId block() {
    return parameter("blockId")
        .filter(BlockId::isValid)
        .map(BlockId::new)
        .orElseThrow(() -> new Refusal(Problem.BAD_MESSAGE));
  }

  /** A number among the parameters. */
  long numberParameter(String name, long min, long max, long ifAbsent) {
    long number =
        parameter(name)
            .map(text -> number(text).orElseThrow(() -> new Refusal(Problem.BAD_MESSAGE)))
            .orElse(ifAbsent);
    if (number < min || number > max) {
      throw new Refusal(Problem.BAD_MESSAGE);
    }
    return number;
  }

  /** The body of the request, as text. */
  String body() {
    try {
      byte[] bytes = stream(MAX_BODY_BYTES).readNBytes(MAX_BODY_BYTES + 1);
      if (bytes.length > MAX_BODY_BYTES) {
        throw new Refusal(Problem.TOO_LARGE);
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      throw new Refusal(Problem.BAD_MESSAGE);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /**
   * The body of the request, as it arrives.
   *
   * @param maxBytes it may announce; one that announces nothing is for the reader to bound
   */
  InputStream stream(long maxBytes) {
    // A form of a foreign page can send anything but this type without asking first.
    if (!isJson()) {
      throw new Refusal(Problem.NOT_JSON);
    }
    long announced = request.headers().contentLength().orElse(0);
    if (announced > maxBytes) {
      throw new Refusal(Problem.TOO_LARGE);
    }
    if (announced < 0) { // the web server would look for chunks
      isBodyBroken = true;
      throw new Refusal(Problem.BAD_MESSAGE);
    }
    return request.content().hasEntity() ? new Body() : InputStream.nullInputStream();
  }

  /** Whether the body of the request cannot be read to its end. */
  boolean isBodyBroken() {
    return isBodyBroken;
  }

  void answer(byte[] json) {
    response.header(HeaderValues.CONTENT_TYPE_JSON).send(json);
  }

  /** Something was created. */
  void answerCreated(RoomId room, byte[] json) {
    response
        .status(Status.CREATED_201)
        .header(HeaderNames.LOCATION, RoomsApi.PATH + "/" + encoded(room));
    answer(json);
  }

  /** It is done, and there is nothing to say. */
  void answerDone() {
    response.status(Status.NO_CONTENT_204).send();
  }

  void refuse(Problem problem) {
    if (request.prologue().method().equals(Method.HEAD)) {
      // The web server would send a body all the same.
      response.status(problem.status()).send();
    } else {
      problem.send(response);
    }
  }

  /** The method is not one of these. */
  void refuseMethod(String allowed) {
    response.header(HeaderNames.ALLOW, allowed);
    refuse(Problem.METHOD_NOT_ALLOWED);
  }

  /**
   * Begins an answer that is to be kept as a file.
   *
   * @return where to write it; to be closed only when it is whole
   */
  OutputStream download(RoomId room) {
    isDownload = true;
    response
        .header(HeaderValues.CONTENT_TYPE_JSON)
        .header(
            HeaderNames.CONTENT_DISPOSITION,
            "attachment; filename=\"room.json\"; filename*=UTF-8''" + encoded(room) + ".json");
    return new BufferedOutputStream(response.outputStream(), DOWNLOAD_BUFFER);
  }

  /** Whether a download has begun: then it is too late for another answer. */
  boolean isDownload() {
    return isDownload;
  }

  private boolean isJson() {
    try {
      return request.headers().contentType().filter(Exchange::isJson).isPresent();
    } catch (IllegalArgumentException noType) {
      return false;
    }
  }

  private static boolean isJson(HttpMediaType type) {
    return type.type().equals("application")
        && type.subtype().equals("json")
        && type.charset().filter(charset -> !charset.equalsIgnoreCase("utf-8")).isEmpty();
  }

  /** A room's id has no blank, which would be written otherwise here. */
  private static String encoded(RoomId room) {
    return URLEncoder.encode(room.value(), StandardCharsets.UTF_8);
  }

  private Optional<String> parameter(String name) {
    UriQuery query = request.prologue().query();
    return query.contains(name) ? Optional.of(query.get(name)) : Optional.empty();
  }

  private static Optional<Long> number(String text) {
    return Optional.of(text)
        .filter(digits -> NUMBER.matcher(digits).matches())
        .map(Long::valueOf)
        .filter(number -> number <= MAX_NUMBER);
  }

  /** The body as it arrives; the web server has no common exception for what is wrong with it. */
  private final class Body extends FilterInputStream {
    private Body() {
      super(request.content().inputStream());
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      boolean isRead = false;
      try {
        int count = in.read(into, offset, length);
        isRead = true;
        return count;
      } finally {
        if (!isRead) {
          isBodyBroken = true;
        }
      }
    }
  }
}
