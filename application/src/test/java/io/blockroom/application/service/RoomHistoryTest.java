package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.fake.InMemoryCoordination;
import io.blockroom.application.fake.InMemoryStorage;
import io.blockroom.application.port.in.ExportRoom;
import io.blockroom.application.port.in.ImportRoom;
import io.blockroom.application.port.in.ListSnapshots;
import io.blockroom.application.port.in.ReadCommits;
import io.blockroom.application.port.in.ReadSnapshot;
import io.blockroom.application.port.in.RestoreRoom;
import io.blockroom.application.port.out.ChangesHeard;
import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A room's history is read, wound back, taken out and brought in. */
class RoomHistoryTest {
  private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
  private static final RoomId MAZE = new RoomId("maze");
  private static final RoomId NOWHERE = new RoomId("nowhere");
  private static final WorkspaceXml EARLY = new WorkspaceXml("<xml><block type=\"early\"/></xml>");
  private static final WorkspaceXml LATE = new WorkspaceXml("<xml><block type=\"late\"/></xml>");

  private final InMemoryStorage storage = new InMemoryStorage(() -> NOW, () -> new Epoch("first"));
  private final InMemoryCoordination coordination = new InMemoryCoordination();
  private final ChangesHeard heard = new ChangesHeard();
  private final RoomDirectory directory =
      new RoomDirectory(storage, coordination, coordination, new RoomDefaults(true, 7), () -> NOW);
  private final RoomHistory history =
      new RoomHistory(directory, storage, storage, storage, new CountedIdentities());

  @BeforeEach
  void listen() {
    coordination.listen(heard);
  }

  @Test
  void commits_are_read_by_their_numbers_both_included() {
    bringInMaze(100, "[{}]");

    assertThat(history.read(MAZE, seq(3), seq(7), 500))
        .isInstanceOfSatisfying(
            ReadCommits.Outcome.Found.class,
            found -> {
              assertThat(found.epoch()).isEqualTo(new Epoch("epoch-1"));
              assertThat(found.last()).isEqualTo(seq(100));
              assertThat(numbers(found.commits())).containsExactly(3L, 4L, 5L, 6L, 7L);
              assertThat(found.next()).isEmpty();
            });
  }

  @Test
  void a_page_of_commits_says_where_the_next_one_begins() {
    bringInMaze(100, "[{}]");

    List<Long> read = new ArrayList<>();
    Optional<SequenceNumber> next = Optional.of(seq(1));
    while (next.isPresent()) {
      ReadCommits.Outcome.Found page = found(history.read(MAZE, next.get(), seq(90), 35));
      read.addAll(numbers(page.commits()));
      next = page.next();
    }

    assertThat(read).isEqualTo(LongStream.rangeClosed(1, 90).boxed().toList());
  }

  @Test
  void a_page_of_long_commits_ends_early() {
    bringInMaze(60, "[{\"x\":\"" + "x".repeat(200_000) + "\"}]");

    ReadCommits.Outcome.Found page = found(history.read(MAZE, seq(1), seq(60), 500));

    assertThat(page.commits()).hasSize(40);
    assertThat(page.next()).contains(seq(41));
  }

  @Test
  void behind_the_last_commit_there_is_nothing() {
    bringInMaze(3, "[{}]");

    ReadCommits.Outcome.Found page = found(history.read(MAZE, seq(4), seq(Long.MAX_VALUE), 500));

    assertThat(page.commits()).isEmpty();
    assertThat(page.next()).isEmpty();
  }

  @Test
  void commits_that_were_forgotten_cannot_be_read() {
    bringInMaze(3, "[{}]", WorkspaceSnapshot.of(seq(2), LATE));
    storage.compact(NOW.plusSeconds(1), 100);

    assertThat(history.read(MAZE, seq(1), seq(3), 500))
        .isEqualTo(new ReadCommits.Outcome.Forgotten());
    assertThat(numbers(found(history.read(MAZE, seq(3), seq(3), 500)).commits()))
        .containsExactly(3L);
  }

  @Test
  void a_room_that_does_not_exist_has_no_history() {
    assertThat(history.read(NOWHERE, seq(1), seq(1), 1))
        .isEqualTo(new ReadCommits.Outcome.NoSuchRoom());
    assertThat(history.list(NOWHERE, seq(1), 1)).isEmpty();
    assertThat(history.read(NOWHERE, seq(1))).isEqualTo(new ReadSnapshot.Outcome.NoSuchRoom());
    assertThat(history.restore(NOWHERE, seq(1))).isEqualTo(new RestoreRoom.Outcome.NoSuchRoom());
    assertThat(history.export(NOWHERE, new Taken())).isFalse();
  }

  @Test
  void snapshots_are_listed_the_newest_first() {
    bringInMaze(
        300,
        "[{}]",
        WorkspaceSnapshot.of(seq(99), EARLY),
        WorkspaceSnapshot.of(seq(199), EARLY),
        WorkspaceSnapshot.of(seq(250), LATE));

    ListSnapshots.Page page = history.list(MAZE, seq(Long.MAX_VALUE), 2).orElseThrow();

    assertThat(page.snapshots()).extracting(kept -> kept.seq().value()).containsExactly(250L, 199L);
    assertThat(page.isLast()).isFalse();
    assertThat(history.list(MAZE, seq(199), 2).orElseThrow().isLast()).isTrue();
  }

  @Test
  void a_snapshot_that_is_kept_can_be_read() {
    bringInMaze(3, "[{}]", WorkspaceSnapshot.of(seq(2), LATE));

    assertThat(history.read(MAZE, seq(2)))
        .isEqualTo(new ReadSnapshot.Outcome.Found(WorkspaceSnapshot.of(seq(2), LATE)));
    assertThat(history.read(MAZE, seq(1))).isEqualTo(new ReadSnapshot.Outcome.NoSuchSeq());
  }

  @Test
  void winding_back_goes_on_under_a_new_epoch_and_is_told() {
    bringInMaze(120, "[{}]", WorkspaceSnapshot.of(seq(99), EARLY), snapshot(120, LATE));
    coordination.take(MAZE, somebody(), 7);

    RestoreRoom.Outcome outcome = history.restore(MAZE, seq(99));

    Epoch epoch = new Epoch("epoch-2");
    assertThat(outcome).isEqualTo(new RestoreRoom.Outcome.Restored(epoch, seq(121)));
    assertThat(heard.eventsOf(MAZE)).endsWith(new RoomEvent.HistoryReplaced(epoch, seq(121)));
    assertThat(storage.view(MAZE, WorkspaceForm.XML))
        .hasValueSatisfying(view -> {
          assertThat(view.snapshot()).contains(snapshot(121, EARLY));
          assertThat(view.tail()).isEmpty();
        });
    assertThat(numbers(found(history.read(MAZE, seq(100), seq(120), 500)).commits())).hasSize(21);
  }

  @Test
  void winding_back_to_a_number_that_is_ahead_changes_nothing() {
    bringInMaze(3, "[{}]");

    assertThat(history.restore(MAZE, seq(4))).isEqualTo(new RestoreRoom.Outcome.NoSuchSeq());
    assertThat(found(history.read(MAZE, seq(1), seq(9), 9)).epoch())
        .isEqualTo(new Epoch("epoch-1"));
  }

  @Test
  void a_workspace_that_is_wound_back_stays_so_even_if_nobody_can_be_told() {
    bringInMaze(3, "[{}]");
    coordination.cutOff();

    assertThat(history.restore(MAZE, seq(2))).isInstanceOf(RestoreRoom.Outcome.Restored.class);
  }

  @Test
  void what_is_taken_out_can_be_brought_in_and_taken_out_again() {
    bringInMaze(5, "[{}]", WorkspaceSnapshot.of(seq(2), EARLY), snapshot(4, LATE));
    Taken first = new Taken();
    assertThat(history.export(MAZE, first)).isTrue();
    directory.delete(MAZE);

    ImportRoom.Outcome outcome =
        history.bringIn(
            new ImportRoom.Command(
                first.room.orElseThrow(), first.last, first.snapshots, supplied(first.commits)));

    assertThat(outcome).isEqualTo(new ImportRoom.Outcome.BroughtIn(Room.opened(MAZE, 10, NOW)));
    Taken second = new Taken();
    history.export(MAZE, second);
    assertThat(second).usingRecursiveComparison().isEqualTo(first);
  }

  @Test
  void bringing_a_room_in_does_not_replace_one_that_exists() {
    bringInMaze(5, "[{}]");

    assertThat(
            history.bringIn(
                new ImportRoom.Command(
                    Room.opened(MAZE, 3, NOW), seq(0), List.of(), Optional::empty)))
        .isEqualTo(new ImportRoom.Outcome.RoomExists());
    assertThat(directory.find(MAZE).map(Room::maxUsers)).contains(10);
  }

  @Test
  void a_room_whose_numbers_do_not_fit_together_is_not_brought_in() {
    ImportRoom.Command command =
        new ImportRoom.Command(
            Room.opened(MAZE, 3, NOW), seq(5), List.of(), supplied(commits(4, "[{}]")));

    assertThat(history.bringIn(command)).isEqualTo(new ImportRoom.Outcome.Unsound());
    assertThat(directory.find(MAZE)).isEmpty();
  }

  @Test
  void a_reader_that_breaks_ends_the_import_and_nothing_is_changed() {
    Supplier<Optional<LoggedCommit>> breaking =
        () -> {
          throw new IllegalStateException("broken by the test");
        };

    assertThatThrownBy(() ->
            history.bringIn(
                new ImportRoom.Command(Room.opened(MAZE, 3, NOW), seq(5), List.of(), breaking)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("broken by the test");
    assertThat(directory.find(MAZE)).isEmpty();
  }

  private void bringInMaze(int commits, String events, WorkspaceSnapshot... snapshots) {
    assertThat(
            history.bringIn(
                new ImportRoom.Command(
                    Room.opened(MAZE, 10, NOW),
                    seq(commits),
                    List.of(snapshots),
                    supplied(commits(commits, events)))))
        .isInstanceOf(ImportRoom.Outcome.BroughtIn.class);
  }

  private static ReadCommits.Outcome.Found found(ReadCommits.Outcome outcome) {
    assertThat(outcome).isInstanceOf(ReadCommits.Outcome.Found.class);
    return (ReadCommits.Outcome.Found) outcome;
  }

  private static List<Long> numbers(List<LoggedCommit> commits) {
    return commits.stream().map(commit -> commit.seq().value()).toList();
  }

  private static List<LoggedCommit> commits(int count, String events) {
    return LongStream.rangeClosed(1, count)
        .mapToObj(number ->
            new LoggedCommit(
                seq(number),
                new ClientId("ada"),
                new BlockId("b" + number),
                events,
                NOW.minus(Duration.ofMinutes(count - number)),
                Optional.empty()))
        .toList();
  }

  private static Supplier<Optional<LoggedCommit>> supplied(List<LoggedCommit> commits) {
    Iterator<LoggedCommit> each = commits.iterator();
    return () -> each.hasNext() ? Optional.of(each.next()) : Optional.empty();
  }

  private static WorkspaceSnapshot snapshot(long number, WorkspaceXml xml) {
    return WorkspaceSnapshot.of(seq(number), xml);
  }

  private static SequenceNumber seq(long number) {
    return new SequenceNumber(number);
  }

  private static Participant somebody() {
    return new Participant(
        new ClientId("ada"), Nickname.of("Ada").orElseThrow(), Color.ofPalette(1));
  }

  /** What was told of a room. */
  private static final class Taken implements ExportRoom.Reader {
    private Optional<Room> room = Optional.empty();
    private SequenceNumber last = SequenceNumber.NONE;
    private List<WorkspaceSnapshot> snapshots = List.of();
    private final List<LoggedCommit> commits = new ArrayList<>();

    @Override
    public void begin(Room told, SequenceNumber number, List<WorkspaceSnapshot> kept) {
      room = Optional.of(told);
      last = number;
      snapshots = kept;
    }

    @Override
    public void next(LoggedCommit commit) {
      commits.add(commit);
    }
  }

  /** Epochs in the order of asking. */
  private static final class CountedIdentities implements Identities {
    private int epochs;

    @Override
    public ClientId newClientId() {
      return new ClientId("nobody");
    }

    @Override
    public Ticket newTicket() {
      return new Ticket(UUID.randomUUID().toString());
    }

    @Override
    public Epoch newEpoch() {
      return new Epoch("epoch-" + ++epochs);
    }

    @Override
    public int draw() {
      return 0;
    }
  }
}
