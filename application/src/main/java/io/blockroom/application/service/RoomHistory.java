package io.blockroom.application.service;

import io.blockroom.application.port.in.ExportRoom;
import io.blockroom.application.port.in.ImportRoom;
import io.blockroom.application.port.in.ListSnapshots;
import io.blockroom.application.port.in.ReadCommits;
import io.blockroom.application.port.in.ReadSnapshot;
import io.blockroom.application.port.in.RestoreRoom;
import io.blockroom.application.port.out.CommitLog;
import io.blockroom.application.port.out.CommitLog.Excerpt;
import io.blockroom.application.port.out.RoomArchive;
import io.blockroom.application.port.out.RoomArchive.Header;
import io.blockroom.application.port.out.RoomArchive.RestoreOutcome;
import io.blockroom.application.port.out.Workspaces;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was done in a room, looked at and dealt with as a whole. */
public final class RoomHistory
    implements ReadCommits, ListSnapshots, ReadSnapshot, RestoreRoom, ExportRoom, ImportRoom {
  /**
   * UTF-16 units of events behind which a page ends: one commit may have a million, and a page is
   * held in memory.
   */
  private static final int LONG_PAGE = 1 << 22;

  /** Commits that are read at once, for the same reason. */
  private static final int STEP = 20;

  private final RoomDirectory directory;
  private final CommitLog log;
  private final Workspaces workspaces;
  private final RoomArchive archive;
  private final Identities identities;

  public RoomHistory(
      RoomDirectory directory,
      CommitLog log,
      Workspaces workspaces,
      RoomArchive archive,
      Identities identities) {
    this.directory = directory;
    this.log = log;
    this.workspaces = workspaces;
    this.archive = archive;
    this.identities = identities;
  }

  @Override
  public ReadCommits.Outcome read(RoomId room, SequenceNumber from, SequenceNumber to, int limit) {
    long wanted = Math.min(limit, to.value() - from.value() + 1);
    Excerpt first = step(room, from.value() - 1, wanted);
    if (first.epoch().isEmpty()) {
      return new ReadCommits.Outcome.NoSuchRoom();
    }
    if (!first.isComplete()) {
      return new ReadCommits.Outcome.Forgotten();
    }
    List<LoggedCommit> commits = new ArrayList<>(first.commits());
    Excerpt part = first;
    while (!part.commits().isEmpty() && commits.size() < wanted && length(commits) < LONG_PAGE) {
      part = step(room, commits.getLast().seq().value(), wanted - commits.size());
      if (!part.epoch().equals(first.epoch())) {
        break; // what follows belongs to another history
      }
      commits.addAll(part.commits());
    }
    long next = from.value() + commits.size();
    return new ReadCommits.Outcome.Found(
        first.epoch().get(),
        first.last(),
        commits,
        Optional.of(new SequenceNumber(next))
            .filter(seq -> to.includes(seq) && first.last().includes(seq)));
  }

  @Override
  public Optional<Page> list(RoomId room, SequenceNumber below, int limit) {
    return directory.find(room).map(found -> page(workspaces.list(room, below, limit + 1), limit));
  }

  @Override
  public ReadSnapshot.Outcome read(RoomId room, SequenceNumber seq) {
    if (directory.find(room).isEmpty()) {
      return new ReadSnapshot.Outcome.NoSuchRoom();
    }
    return workspaces
        .find(room, seq)
        .<ReadSnapshot.Outcome>map(ReadSnapshot.Outcome.Found::new)
        .orElseGet(ReadSnapshot.Outcome.NoSuchSeq::new);
  }

  @Override
  public RestoreRoom.Outcome restore(RoomId room, SequenceNumber to) {
    return switch (archive.restore(room, to, identities.newEpoch())) {
      case RestoreOutcome.Restored restored -> {
        directory.tell(room, new RoomEvent.HistoryReplaced(restored.epoch(), restored.last()));
        yield new RestoreRoom.Outcome.Restored(restored.epoch(), restored.last());
      }
      case RestoreOutcome.NoSuchSeq none -> new RestoreRoom.Outcome.NoSuchSeq();
      case RestoreOutcome.NoSuchRoom none -> new RestoreRoom.Outcome.NoSuchRoom();
    };
  }

  @Override
  public boolean export(RoomId room, Reader reader) {
    return archive.export(
        room,
        header -> reader.begin(header.room(), header.last(), header.snapshots()),
        reader::next);
  }

  @Override
  public ImportRoom.Outcome bringIn(Command command) {
    Header header = new Header(command.room(), command.last(), command.snapshots());
    try {
      return archive.bringIn(header, command.commits(), identities.newEpoch())
          ? new ImportRoom.Outcome.BroughtIn(command.room())
          : new ImportRoom.Outcome.RoomExists();
    } catch (IllegalArgumentException doNotFitTogether) {
      return new ImportRoom.Outcome.Unsound();
    }
  }

  private Excerpt step(RoomId room, long after, long wanted) {
    return log.read(room, new SequenceNumber(after), (int) Math.min(STEP, wanted));
  }

  private static long length(List<LoggedCommit> commits) {
    return commits.stream().mapToLong(commit -> commit.events().length()).sum();
  }

  private static Page page(List<Workspaces.Entry> found, int limit) {
    return new Page(
        found.stream()
            .limit(limit)
            .map(entry -> new Kept(entry.seq(), entry.hasXml(), entry.hasState(), entry.at()))
            .toList(),
        found.size() <= limit);
  }
}
