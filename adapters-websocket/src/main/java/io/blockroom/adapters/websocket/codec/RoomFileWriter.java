package io.blockroom.adapters.websocket.codec;

import io.blockroom.application.port.in.ExportRoom;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a room as one JSON file while it is told: nothing of it is kept. The epoch is not in it,
 * for wherever it is read a new one begins. {@link RoomFileReader} reads it.
 */
public final class RoomFileWriter implements ExportRoom.Reader {
  static final String FORMAT = "blockroom-room";
  static final int VERSION = 1;

  private final Supplier<OutputStream> destination;
  private @Nullable OutputStream file;
  private boolean isFirst = true;

  /**
   * @param destination asked when there is a room to be written; closed when the room is whole
   */
  public RoomFileWriter(Supplier<OutputStream> destination) {
    this.destination = destination;
  }

  @Override
  public void begin(Room room, SequenceNumber last, List<WorkspaceSnapshot> snapshots) {
    file = destination.get();
    JsonText head = new JsonText(512);
    head.open('{').field("format").string(FORMAT).field("version").number(VERSION);
    RoomFields.write(head.field("room"), room);
    head.field("seq").number(last.value()).field("snapshots");
    write(head.toUtf8());
    write("[");
    for (WorkspaceSnapshot snapshot : snapshots) {
      element(AnswerWriter.snapshot(snapshot));
    }
    write("],\"commits\":[");
    isFirst = true;
  }

  @Override
  public void next(LoggedCommit commit) {
    element(
        StateWriter.commit(new JsonText(192 + commit.events().length()).open('{'), commit)
            .close('}')
            .toUtf8());
  }

  /** All has been told. */
  public void end() {
    write("]}");
    act(OutputStream::close);
  }

  private void element(byte[] json) {
    if (!isFirst) {
      write(",");
    }
    isFirst = false;
    write(json);
  }

  private void write(String json) {
    write(json.getBytes(StandardCharsets.UTF_8));
  }

  private void write(byte[] json) {
    act(stream -> stream.write(json));
  }

  private void act(Action action) {
    if (file == null) {
      throw new IllegalStateException("nothing was begun");
    }
    try {
      action.on(file);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private interface Action {
    void on(OutputStream stream) throws IOException;
  }
}
