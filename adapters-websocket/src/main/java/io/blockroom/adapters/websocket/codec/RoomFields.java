package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.MalformedMessage.require;

import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import jakarta.json.stream.JsonParser.Event;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** What a room looks like as JSON, in requests, answers and files. */
final class RoomFields {
  private static final Instant TOO_LATE = Instant.parse("9999-01-01T00:00:00Z");

  private RoomFields() {}

  static RoomId id(String text) {
    return RoomId.of(text).orElseThrow(() -> new MalformedMessage(ErrorCode.BAD_MESSAGE));
  }

  /** A title is for display: it may be any text, but text. */
  static String title(String text) {
    require(text.length() <= Room.MAX_TITLE_LENGTH);
    require(
        text.codePoints()
            .noneMatch(
                c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE));
    return text;
  }

  static int maxUsers(long number) {
    require(number >= 1 && number <= Room.MAX_USERS);
    return (int) number;
  }

  static LockPolicy lockPolicy(String word) {
    for (LockPolicy policy : LockPolicy.values()) {
      if (policy.name().toLowerCase(Locale.ROOT).equals(word)) {
        return policy;
      }
    }
    throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
  }

  static JsonText write(JsonText json, Room room) {
    return json.open('{')
        .field("roomId")
        .string(room.id().value())
        .field("title")
        .string(room.title())
        .field("maxUsers")
        .number(room.maxUsers())
        .field("lockPolicy")
        .word(room.lockPolicy())
        .field("frozen")
        .flag(room.isFrozen())
        .field("closed")
        .flag(room.isClosed())
        .field("createdAt")
        .string(room.createdAt().toString())
        .close('}');
  }

  /** The room of the object that is the next value; no field may be missing or unknown. */
  static Room read(JsonCursor cursor) {
    Optional<RoomId> id = Optional.empty();
    Optional<String> title = Optional.empty();
    Optional<Integer> maxUsers = Optional.empty();
    Optional<LockPolicy> lockPolicy = Optional.empty();
    Optional<Boolean> isFrozen = Optional.empty();
    Optional<Boolean> isClosed = Optional.empty();
    Optional<Instant> createdAt = Optional.empty();
    cursor.enterObject();
    while (cursor.next() != Event.END_OBJECT) {
      switch (cursor.key()) {
        case "roomId" -> id = cursor.string().map(RoomFields::id);
        case "title" -> title = cursor.string().map(RoomFields::title);
        case "maxUsers" -> maxUsers = cursor.integer(1).map(RoomFields::maxUsers);
        case "lockPolicy" -> lockPolicy = cursor.string().map(RoomFields::lockPolicy);
        case "frozen" -> isFrozen = Optional.of(flag(cursor));
        case "closed" -> isClosed = Optional.of(flag(cursor));
        case "createdAt" -> createdAt = cursor.string().map(RoomFields::instant);
        default -> throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
      }
    }
    return new Room(
        required(id),
        required(title),
        required(maxUsers),
        required(lockPolicy),
        required(isFrozen),
        required(isClosed),
        required(createdAt));
  }

  /** A moment that every storage can keep, to the microsecond. */
  static Instant instant(String text) {
    try {
      Instant moment = Instant.parse(text).truncatedTo(ChronoUnit.MICROS);
      require(!moment.isBefore(Instant.EPOCH) && moment.isBefore(TOO_LATE));
      return moment;
    } catch (DateTimeParseException noMoment) {
      throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
    }
  }

  static <T> T required(Optional<T> field) {
    return field.orElseThrow(() -> new MalformedMessage(ErrorCode.BAD_MESSAGE));
  }

  private static boolean flag(JsonCursor cursor) {
    return switch (cursor.next()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
    };
  }
}
