package io.blockroom.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.blockroom.application.port.out.CommitLog.AppendOutcome;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Appended;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Duplicate;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What the contracts of the ports of a storage have in common. */
public interface StorageContract {
  RoomId MAZE = new RoomId("maze");
  RoomId MUSIC = new RoomId("music");
  RoomId NOWHERE = new RoomId("nowhere");
  ClientId ADA = new ClientId("ada");
  ClientId BOB = new ClientId("bob");
  BlockId INTRO = new BlockId("intro");
  BlockId LOOP = new BlockId("loop");
  Instant MORNING = Instant.parse("2026-11-22T08:40:00.123456Z");

  /** A storage that was empty when the test began. */
  Storage storage();

  /** A storage that is there but does not answer. */
  Storage lostStorage();

  /** Opens {@link #MAZE} and {@link #MUSIC}. */
  default void openRooms() {
    List.of(MAZE, MUSIC).forEach(id -> storage().rooms().open(Room.opened(id, 10, MORNING)));
  }

  /** Offers commits to {@link #MAZE} at once. */
  default List<AppendOutcome> append(Edit... edits) {
    return storage().log().append(MAZE, Stream.of(edits).map(Edit::proposal).toList());
  }

  /** Offers as many commits to {@link #MAZE} at once. */
  default void appendTimes(int count, Edit edit) {
    append(Stream.generate(() -> edit).limit(count).toArray(Edit[]::new));
  }

  /** What the log of {@link #MAZE} has. */
  default List<LoggedCommit> log() {
    return storage().log().read(MAZE, SequenceNumber.NONE, Integer.MAX_VALUE).commits();
  }

  /** What somebody who reads XML only sees of {@link #MAZE}. */
  default WorkspaceView view() {
    return storage().workspaces().view(MAZE, WorkspaceForm.XML).orElseThrow();
  }

  default void assertUnavailable(Runnable... calls) {
    assertTimeout(
        Duration.ofSeconds(5),
        () ->
            assertThat(AtOnce.call(calls.length, n -> catchThrowable(calls[n]::run)))
                .allSatisfy(thrown -> assertThat(thrown).isInstanceOf(StorageUnavailable.class)));
  }

  /** The number of a commit that stands. */
  static SequenceNumber seq(AppendOutcome outcome) {
    return switch (outcome) {
      case Appended appended -> appended.seq();
      case Duplicate duplicate -> duplicate.seq();
      case AppendOutcome.Mismatch _,
          AppendOutcome.Fenced _,
          AppendOutcome.NotHeld _,
          AppendOutcome.Frozen _,
          AppendOutcome.NoSuchRoom _ ->
          throw new AssertionError(outcome.toString());
    };
  }

  static SequenceNumber seq(long value) {
    return new SequenceNumber(value);
  }

  static List<SequenceNumber> numbers(long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(SequenceNumber::new).toList();
  }
}
