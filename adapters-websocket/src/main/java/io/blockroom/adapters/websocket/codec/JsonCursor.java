package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.require;
import static io.blockroom.adapters.websocket.codec.MalformedMessage.requireAtMost;

import io.blockroom.domain.block.BlockId;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Walks through one JSON text, value by value, and bounds what it meets. A {@code null} is read as
 * if the field were not there; any other value of the wrong type ends the reading.
 *
 * <p>Methods throw {@link MalformedMessage}, or whatever the parser throws at broken text.
 */
final class JsonCursor implements AutoCloseable {
  /** Objects and arrays that may enclose each other outside the events of a commit. */
  static final int MAX_DEPTH = 16;

  /**
   * The same within the array of events: a chain of blocks nests two deep with each block, and
   * chains of a thousand are real.
   */
  static final int MAX_EVENT_DEPTH = 4096;

  /** Characters of a number; a double needs 25. */
  static final int MAX_NUMBER_LENGTH = 64;

  private static final int MAX_EXPONENT_DIGITS = 3;

  /** Keys of one object. */
  static final int MAX_KEYS = 10_000;

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

  /** Passes over the next value and returns its text; it may nest as deep as events. */
  String skipText() {
    int max = maxDepth;
    maxDepth = MAX_DEPTH + MAX_EVENT_DEPTH;
    Event event = next();
    require(event == Event.START_OBJECT);
    int start = offset() - 1;
    skipFrom(event);
    maxDepth = max;
    return text.substring(start, offset());
  }

  /** Lets what follows nest as deep as events may, counted from here. */
  void allowEvents() {
    maxDepth = depth() + MAX_EVENT_DEPTH;
  }

  /** Lets what follows nest as deep as a message may. */
  void allowEventsNoMore() {
    maxDepth = MAX_DEPTH;
  }

  /** Passes over the rest of the value that the given step began. */
  void skipFrom(Event event) {
    if (event == Event.START_OBJECT || event == Event.START_ARRAY) {
      int outside = open.size() - 1;
      while (open.size() > outside) {
        next();
      }
    }
  }

  /** The place in the text right behind the last step. */
  int offset() {
    return Math.toIntExact(parser.getLocation().getStreamOffset());
  }

  /** The text between two places. */
  String textBetween(int start, int end) {
    return text.substring(start, end);
  }

  /** The next value, a string. */
  Optional<String> string() {
    return switch (next()) {
      case VALUE_STRING -> Optional.of(parser.getString());
      case VALUE_NULL -> Optional.empty();
      default -> throw new MalformedMessage(Fault.BAD_MESSAGE);
    };
  }

  /** The next value, a boolean. */
  boolean flag(boolean ifAbsent) {
    return switch (next()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> ifAbsent;
      default -> throw new MalformedMessage(Fault.BAD_MESSAGE);
    };
  }

  /** The next value, the id of a block. */
  Optional<BlockId> block() {
    return string().map(JsonCursor::toBlock);
  }

  /** The next value, an array of block ids. */
  Set<BlockId> blocks(int max) {
    Set<BlockId> blocks = new LinkedHashSet<>();
    addBlocks(blocks, max);
    return blocks;
  }

  /** Adds the next value, an array of block ids, to those that are known. */
  void addBlocks(Set<BlockId> known, int max) {
    Event event = next();
    if (event == Event.VALUE_NULL) {
      return;
    }
    require(event == Event.START_ARRAY);
    while ((event = next()) != Event.END_ARRAY) {
      require(event == Event.VALUE_STRING);
      known.add(toBlock(parser.getString()));
      requireAtMost(max, known.size());
    }
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
