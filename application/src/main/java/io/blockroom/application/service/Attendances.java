package io.blockroom.application.service;

import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.ResumeTokens;
import io.blockroom.application.port.out.ResumeTokens.Claim;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The seats that this server holds for its clients: who speaks for each of them now, and by which
 * token somebody may take it over after a broken connection.
 */
public final class Attendances {
  /** Tokens outlive the longest stay, for nobody knows when a connection will break. */
  private static final Duration TOKEN_LIFE = Duration.ofHours(24);

  private final ResumeTokens tokens;
  private final InstantSource clock;
  private final MonotonicClock elapsed;
  private final Duration grace;
  private final Map<Seat, Attendance> attendances = new ConcurrentHashMap<>();

  /**
   * @param grace how long the seat of a broken connection is kept
   */
  public Attendances(
      ResumeTokens tokens, InstantSource clock, MonotonicClock elapsed, Duration grace) {
    this.tokens = tokens;
    this.clock = clock;
    this.elapsed = elapsed;
    this.grace = grace;
  }

  /**
   * @param serial counts the tokens of the seat
   * @param confirmed the newest of them under which its holder has spoken; the first until then
   * @param brokenSince when its connection broke; null while it stands
   */
  private record Attendance(
      RoomFollower follower, long serial, long confirmed, @Nullable Duration brokenSince) {
    static final long FIRST = 1;

    Attendance spokenUnder() {
      return new Attendance(follower, serial, serial, brokenSince);
    }

    Attendance brokenAt(Duration now) {
      return new Attendance(follower, serial, confirmed, now);
    }

    Attendance takenOverBy(RoomFollower successor) {
      return new Attendance(successor, serial + 1, confirmed, null);
    }

    // Identity is meant: two connections are two followers.
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(RoomFollower somebody) {
      return follower == somebody;
    }

    /** A token is good until its holder has spoken under a newer one, however many there are. */
    boolean accepts(long other) {
      return confirmed <= other && other <= serial;
    }
  }

  void begin(Seat seat, RoomFollower follower) {
    attendances.put(seat, new Attendance(follower, Attendance.FIRST, Attendance.FIRST, null));
  }

  /** Whether the seat is held here. */
  boolean isHeld(Seat seat) {
    return attendances.containsKey(seat);
  }

  /** Gives the seat to another follower if the token's serial is good; false if not. */
  boolean takeOver(Seat seat, long serial, RoomFollower successor) {
    AtomicBoolean isTaken = new AtomicBoolean();
    attendances.computeIfPresent(
        seat,
        (same, attendance) -> {
          isTaken.set(attendance.accepts(serial));
          return isTaken.get() ? attendance.takenOverBy(successor) : attendance;
        });
    return isTaken.get();
  }

  void confirm(Seat seat, RoomFollower follower) {
    attendances.computeIfPresent(
        seat,
        (same, attendance) -> attendance.isOf(follower) ? attendance.spokenUnder() : attendance);
  }

  /** Ends the attendance; false if another follower has the seat, or nobody. */
  boolean end(Seat seat, RoomFollower follower) {
    AtomicBoolean isEnded = new AtomicBoolean();
    attendances.computeIfPresent(
        seat,
        (same, attendance) -> {
          isEnded.set(attendance.isOf(follower));
          return isEnded.get() ? null : attendance;
        });
    return isEnded.get();
  }

  /** Keeps the seat for the time of grace; false if another follower has the seat, or nobody. */
  boolean breakOff(Seat seat, RoomFollower follower) {
    AtomicBoolean isKept = new AtomicBoolean();
    attendances.computeIfPresent(
        seat,
        (same, attendance) -> {
          isKept.set(attendance.isOf(follower));
          return isKept.get() ? attendance.brokenAt(elapsed.now()) : attendance;
        });
    return isKept.get();
  }

  /** Ends and names the attendances whose time of grace is over. */
  List<Seat> takeOverdue() {
    Duration now = elapsed.now();
    return attendances.entrySet().stream()
        .filter(each -> isOverdue(each.getValue(), now))
        .filter(each -> attendances.remove(each.getKey(), each.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private boolean isOverdue(Attendance attendance, Duration now) {
    Duration since = attendance.brokenSince();
    return since != null && now.minus(since).compareTo(grace) >= 0;
  }

  /** The newest token of a seat, if its follower can make use of one. */
  Optional<String> token(Seat seat) {
    return Optional.ofNullable(attendances.get(seat))
        .filter(attendance -> attendance.follower().canResume())
        .map(attendance ->
            tokens.issue(
                new Claim(
                    seat.room(),
                    seat.clientId(),
                    attendance.serial(),
                    clock.instant().plus(TOKEN_LIFE))));
  }

  /** What a token claims about a seat in that room, if it is genuine and has not expired. */
  Optional<Claim> verify(String token) {
    return tokens.verify(token).filter(claim -> clock.instant().isBefore(claim.expiresAt()));
  }
}
