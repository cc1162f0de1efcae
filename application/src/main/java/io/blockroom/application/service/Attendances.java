package io.blockroom.application.service;

import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.ResumeTokens;
import io.blockroom.application.port.out.ResumeTokens.Claim;
import io.blockroom.domain.presence.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The seats that this server holds for its clients: who speaks for each of them now, and what the
 * clock says of them.
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
   * @param serial of the newest token of the seat
   * @param isConfirmed whether its holder has spoken under it
   * @param actedAt when they did something last
   * @param grantedAt when they were granted a lock last
   * @param brokenSince when their connection broke; null while it stands
   * @param isDoubtful whether the seat may have been taken over here, and nobody knows
   */
  private record Attendance(
      RoomFollower follower,
      long serial,
      boolean isConfirmed,
      Duration actedAt,
      Duration grantedAt,
      @Nullable Duration brokenSince,
      boolean isDoubtful) {
    Attendance confirmed() {
      return new Attendance(follower, serial, true, actedAt, grantedAt, brokenSince, isDoubtful);
    }

    Attendance acted(Duration now) {
      return new Attendance(follower, serial, isConfirmed, now, now, brokenSince, isDoubtful);
    }

    Attendance granted(Duration now) {
      return new Attendance(follower, serial, isConfirmed, actedAt, now, brokenSince, isDoubtful);
    }

    Attendance broken(Duration now) {
      return new Attendance(follower, serial, isConfirmed, actedAt, grantedAt, now, isDoubtful);
    }

    Attendance doubted() {
      return new Attendance(follower, serial, isConfirmed, actedAt, grantedAt, brokenSince, true);
    }

    /** Idle since then, as far as locks go: whoever is granted one has not had time to use it. */
    Duration idleSince() {
      return actedAt.compareTo(grantedAt) > 0 ? actedAt : grantedAt;
    }

    // Identity is meant: two connections are two followers.
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(RoomFollower somebody) {
      return follower == somebody;
    }
  }

  /** From now on the follower speaks for the seat, which has just been taken or taken over. */
  void begin(Seat seat, RoomFollower follower, long serial) {
    boolean isFirst = serial == 1;
    Duration now = elapsed.now();
    attendances.put(seat, new Attendance(follower, serial, isFirst, now, now, null, false));
  }

  /**
   * Notes that the seat may have been taken over here, and nobody knows. If nobody speaks for it it
   * is treated like that of a broken connection.
   */
  void suspect(Seat seat, RoomFollower follower) {
    Duration now = elapsed.now();
    attendances.compute(
        seat,
        (same, present) ->
            present == null
                ? new Attendance(follower, 0, true, now, now, now, true)
                : present.doubted());
  }

  /** The serial under which the follower speaks, if that was not confirmed yet. */
  OptionalLong unconfirmed(Seat seat, RoomFollower follower) {
    Attendance attendance = attendances.get(seat);
    return attendance == null || !attendance.isOf(follower) || attendance.isConfirmed()
        ? OptionalLong.empty()
        : OptionalLong.of(attendance.serial());
  }

  void confirmed(Seat seat, RoomFollower follower) {
    attendances.computeIfPresent(
        seat,
        (same, attendance) -> attendance.isOf(follower) ? attendance.confirmed() : attendance);
  }

  /** Notes that the seat's holder did something. */
  void acted(Seat seat) {
    attendances.computeIfPresent(seat, (same, attendance) -> attendance.acted(elapsed.now()));
  }

  /** Notes that the seat's holder was granted a lock. */
  void granted(Seat seat) {
    attendances.computeIfPresent(seat, (same, attendance) -> attendance.granted(elapsed.now()));
  }

  /** Ends the attendance; false if another follower has the seat, or nobody. */
  boolean end(Seat seat, RoomFollower follower) {
    return endIf(seat, attendance -> attendance.isOf(follower));
  }

  /**
   * Ends the attendance of whoever spoke under a lower serial; false if there is none. If the seat
   * may have been taken over here it stays for the time of grace: its holder may ask again.
   */
  boolean endBefore(Seat seat, long serial) {
    attendances.computeIfPresent(
        seat,
        (same, attendance) ->
            attendance.serial() < serial
                    && attendance.isDoubtful()
                    && attendance.brokenSince() == null
                ? attendance.broken(elapsed.now())
                : attendance);
    return endIf(seat, attendance -> attendance.serial() < serial && !attendance.isDoubtful());
  }

  /** Ends the attendance if its time of grace is over. */
  boolean endOverdue(Seat seat) {
    return endIf(seat, attendance -> isOverdue(attendance, elapsed.now()));
  }

  private boolean endIf(Seat seat, Predicate<Attendance> condition) {
    AtomicBoolean isEnded = new AtomicBoolean();
    attendances.computeIfPresent(
        seat,
        (same, attendance) -> {
          isEnded.set(condition.test(attendance));
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
          return isKept.get() ? attendance.broken(elapsed.now()) : attendance;
        });
    return isKept.get();
  }

  /** The seats whose time of grace is over. */
  List<Seat> overdue() {
    Duration now = elapsed.now();
    return seatsOf(attendance -> isOverdue(attendance, now));
  }

  /** The seats whose holders have done nothing, and were granted nothing, for that long. */
  List<Seat> idleFor(Duration time) {
    return attendances.keySet().stream().filter(seat -> isIdle(seat, time)).toList();
  }

  /** Whether the holder has done nothing, and was granted nothing, for that long. */
  boolean isIdle(Seat seat, Duration time) {
    Attendance attendance = attendances.get(seat);
    return attendance != null && elapsed.now().minus(attendance.idleSince()).compareTo(time) >= 0;
  }

  /** How present the holder of a seat is, going by what is known here. */
  Status statusOf(Seat seat, Duration idleAfter) {
    Attendance attendance = attendances.get(seat);
    if (attendance == null || attendance.brokenSince() != null) {
      return Status.AWAY;
    }
    boolean isIdle = elapsed.now().minus(attendance.actedAt()).compareTo(idleAfter) >= 0;
    return isIdle ? Status.IDLE : Status.ACTIVE;
  }

  /** Whether the seat was taken here, and not taken over. */
  boolean isFirstStay(Seat seat) {
    Attendance attendance = attendances.get(seat);
    return attendance != null && attendance.serial() == 1;
  }

  /** All of them. */
  Set<Seat> seats() {
    return Set.copyOf(attendances.keySet());
  }

  /** How long the seat of a broken connection is kept. */
  Duration grace() {
    return grace;
  }

  private List<Seat> seatsOf(Predicate<Attendance> condition) {
    return attendances.entrySet().stream()
        .filter(each -> condition.test(each.getValue()))
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
