package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.require;
import static io.blockroom.adapters.websocket.codec.MalformedMessage.requireAtMost;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Walks through one JSON text, value by value, and bounds what it meets. A {@code null} is read as
 * if the field were not there; any other value of the wrong type ends the reading.
 *
 * <p>Methods throw {@link MalformedMessage}, or whatever the parser throws at broken text.
 */
final class JsonCursor implements AutoCloseable {
  /** Objects and arrays that may enclose each other outside what is content. */
  static final int MAX_DEPTH = 16;

  /**
   * The same within content, which is the events of a commit and the state of a snapshot: a chain
   * of blocks nests two deep with each block, and chains of a thousand are real.
   */
  static final int MAX_CONTENT_DEPTH = 4096;

  /** Characters of a number; a double needs 25. */
  static final int MAX_NUMBER_LENGTH = 64;

  private static final int MAX_EXPONENT_DIGITS = 3;

  /** Keys of one object. */
  static final int MAX_KEYS = 10_000;

  private static final BigDecimal MAX_INTEGER = BigDecimal.valueOf(FencingToken.MAX);

  private static final Set<String> NO_KEYS = Set.of();

  private final String text;
  private final JsonParser parser;
  private final int enclosing;
  private final Deque<Set<String>> open = new ArrayDeque<>();
  private int maxDepth = MAX_DEPTH;
  private String key = "";

  JsonCursor(String text, JsonParser parser, int enclosing) {
    this.text = text;
    this.parser = parser;
    this.enclosing = enclosing;
  }

  /** Takes the next step. */
  Event next() {
    Event event = parser.next();
    switch (event) {
      case START_OBJECT -> enter(new HashSet<>());
      case START_ARRAY -> enter(NO_KEYS);
      case END_OBJECT, END_ARRAY -> open.pop();
      case KEY_NAME -> meetKey();
      case VALUE_NUMBER -> checkNumber(parser.getString());
      case VALUE_STRING, VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> {}
    }
    return event;
  }

  /** The name of the field met last. */
  String key() {
    return key;
  }

  /** The next value, which must be an object: the cursor is then inside it. */
  void enterObject() {
    require(next() == Event.START_OBJECT);
  }

  /** Passes over the next value; it is checked all the same. */
  void skip() {
    skipFrom(next());
  }

  /** Passes over the next value, which may nest as deep as a payload. */
  void skipPayload() {
    maxDepth = MAX_DEPTH + MAX_CONTENT_DEPTH;
    skip();
    maxDepth = MAX_DEPTH;
  }

  /** The same for an object, whose text is returned. */
  String payloadText() {
    maxDepth = MAX_DEPTH + MAX_CONTENT_DEPTH;
    enterObject();
    int start = offset() - 1;
    skipFrom(Event.START_OBJECT);
    maxDepth = MAX_DEPTH;
    return textSince(start);
  }

  /** Lets what follows nest as deep as content may, counted from here. */
  void enterContent() {
    maxDepth = depth() + MAX_CONTENT_DEPTH;
  }

  /** Lets what follows nest as deep as a message may. */
  void leaveContent() {
    maxDepth = MAX_DEPTH;
  }

  /** How many objects and arrays the cursor is inside of. */
  int level() {
    return open.size();
  }

  /** Passes over the rest of the value that the given step began. */
  void skipFrom(Event event) {
    if (event == Event.START_OBJECT || event == Event.START_ARRAY) {
      int outside = level() - 1;
      while (level() > outside) {
        next();
      }
    }
  }

  /** The place in the text right behind the last step. */
  int offset() {
    return Math.toIntExact(parser.getLocation().getStreamOffset());
  }

  /** The text from a place to the last step. */
  String textSince(int start) {
    return text.substring(start, offset());
  }

  /** The next value, a string. */
  Optional<String> string() {
    return switch (next()) {
      case VALUE_STRING -> Optional.of(parser.getString());
      case VALUE_NULL -> Optional.empty();
      default -> throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
    };
  }

  /** The next value if it is a string; any other is passed over. */
  Optional<String> stringIfAny() {
    Event event = next();
    skipFrom(event);
    return event == Event.VALUE_STRING ? Optional.of(parser.getString()) : Optional.empty();
  }

  /** The next value, one of a few words. */
  Optional<String> word(Set<String> words) {
    Optional<String> word = string();
    word.ifPresent(said -> require(words.contains(said)));
    return word;
  }

  /** The next value, a whole number that every client can hold. */
  Optional<Long> integer(long min) {
    return number()
        .map(number -> {
          require(
              number.compareTo(BigDecimal.valueOf(min)) >= 0 && number.compareTo(MAX_INTEGER) <= 0);
          require(number.stripTrailingZeros().scale() <= 0);
          return number.longValue();
        });
  }

  /** The next value, a number. */
  Optional<BigDecimal> number() {
    return switch (next()) {
      case VALUE_NUMBER -> Optional.of(new BigDecimal(parser.getString()));
      case VALUE_NULL -> Optional.empty();
      default -> throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
    };
  }

  /** The next value, a boolean. */
  boolean flag(boolean ifAbsent) {
    return switch (next()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> ifAbsent;
      default -> throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
    };
  }

  /** The next value, the id of a block. */
  Optional<BlockId> block() {
    return string().map(JsonCursor::toBlock);
  }

  /** The next value, an array of block ids. */
  Set<BlockId> blocks(int max) {
    return strings(max, JsonCursor::toBlock);
  }

  /** The next value, an array of strings that each mean something. */
  <T> Set<T> strings(int max, Function<String, T> meaning) {
    Set<T> meant = new LinkedHashSet<>();
    Event event = next();
    if (event == Event.VALUE_NULL) {
      return meant;
    }
    require(event == Event.START_ARRAY);
    while ((event = next()) != Event.END_ARRAY) {
      require(event == Event.VALUE_STRING);
      meant.add(meaning.apply(parser.getString()));
      requireAtMost(max, meant.size());
    }
    return meant;
  }

  /** The text must end here. */
  void end() {
    require(!parser.hasNext());
  }

  @Override
  public void close() {
    parser.close();
  }

  private int depth() {
    return enclosing + open.size();
  }

  private void enter(Set<String> keys) {
    open.push(keys);
    require(depth() <= maxDepth);
  }

  private void meetKey() {
    key = parser.getString();
    Set<String> keys = open.getFirst();
    require(keys.add(key) && keys.size() <= MAX_KEYS);
  }

  /**
   * Refuses what only reads as infinity, or takes others long to compute: the texts of the events
   * go on to other clients.
   */
  private static void checkNumber(String number) {
    require(number.length() <= MAX_NUMBER_LENGTH);
    int exponent = Math.max(number.indexOf('e'), number.indexOf('E'));
    if (exponent >= 0) {
      boolean signed = !Character.isDigit(number.charAt(exponent + 1));
      int digits = number.length() - exponent - (signed ? 2 : 1);
      require(digits <= MAX_EXPONENT_DIGITS && Double.isFinite(Double.parseDouble(number)));
    }
  }

  static BlockId toBlock(String id) {
    require(BlockId.isValid(id));
    return new BlockId(id);
  }
}
