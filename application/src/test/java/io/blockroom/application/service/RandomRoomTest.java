package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A class that does anything at any time, on two servers whose storage, coordination and broadcast
 * fail at random: nobody is ever told what contradicts what they were told, every request is
 * answered once, and at rest every picture is that of the room.
 */
class RandomRoomTest {
  private static final int SEEDS = 2200;
  private static final int STEPS = 60;
  private static final RoomId ROOM = new RoomId("maze");
  private static final List<BlockId> BLOCKS =
      List.of(new BlockId("a"), new BlockId("b:{*}"), new BlockId("끝"));

  @Test
  void whatever_happens_nobody_is_misled_for_long() {
    long first = new Random().nextLong();
    for (long seed = first; seed < first + SEEDS; seed++) {
      play(seed);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void the_same_seed_plays_the_same_story(long seed) {
    assertThat(play(seed)).isEqualTo(play(seed));
  }

  private static List<String> play(long seed) {
    Story story = new Story(seed);
    try {
      for (int i = 0; i < STEPS; i++) {
        story.step();
      }
      story.rest();
      return story.told;
    } catch (AssertionError | RuntimeException broken) {
      throw new AssertionError("seed " + seed + ": " + String.join("; ", story.told), broken);
    }
  }

  private static final class Client {
    final School.Server server;
    final Picture picture;
    final Seat seat;
    int asked;
    int answered;
    boolean isRefusedASeat;

    Client(School.Server server, Seat seat, Picture picture) {
      this.server = server;
      this.seat = seat;
      this.picture = picture;
    }

    /** Closed by the server: it said so, or answered so. */
    boolean mustLeave() {
      return picture.isLost || isRefusedASeat;
    }
  }

  private static final class Story {
    final List<String> told = new ArrayList<>();
    private final Random random;
    private final boolean losesChanges;
    private final School school = new School(new RoomDirectory.RoomDefaults(true, 5));
    private final List<School.Server> servers = List.of(school.server(), school.server());
    private final List<Client> clients = new ArrayList<>();
    private final List<Client> gone = new ArrayList<>();

    private final Set<Integer> applied = new HashSet<>();
    private int lastStored;
    private School.@Nullable Server storedBy;
    private int edits;

    Story(long seed) {
      random = new Random(seed);
      losesChanges = random.nextInt(3) == 0;
    }

    void step() {
      int what = random.nextInt(100);
      School.Server server = servers.get(random.nextInt(servers.size()));
      if (what < 14) {
        join(server);
      } else if (what < 20) {
        someone().ifPresent(this::leave);
      } else if (what < 42) {
        someone().ifPresent(this::lock);
      } else if (what < 62) {
        someone().ifPresent(this::commit);
      } else if (what < 70) {
        someone().ifPresent(this::letGo);
      } else if (what < 74) {
        note("hold back", server);
        server.coordination.holdBackChanges();
      } else if (what < 80) {
        note("deliver", server);
        server.coordination.deliverChanges();
      } else if (what < 82 && losesChanges) {
        note("lose a change", server);
        clients.forEach(each -> each.picture.mayMiss());
        server.coordination.loseChanges(1);
      } else if (what < 83) {
        note("cut off", server);
        server.coordination.cutOff();
      } else if (what < 86) {
        note("reconnect", server);
        server.coordination.reconnect();
      } else if (what < 87) {
        note("storage away", server);
        school.loseStorage();
      } else if (what < 89) {
        note("storage back", server);
        school.restoreStorage();
      } else if (what < 90) {
        note("seats end", server);
        server.coordination.endSeats(ROOM);
      } else if (what < 92) {
        note("lose the next answer of the storage", server);
        school.loseNextStorageAnswer();
      } else if (what < 93) {
        note("cut off behind the next storing", server);
        school.afterNextStoring(server.coordination::cutOff);
      } else if (what < 95) {
        note("join behind the next storing", server);
        school.afterNextStoring(() -> join(server));
      } else if (what < 97) {
        someone()
            .ifPresent(client -> {
              note("show", client);
              client.server.feeds.show(client.seat);
            });
      } else {
        note("tend", server);
        server.feeds.tend();
        server.presence.tend();
      }
      sendAway();
    }

    /** All faults end; what must follow follows; then everything must be right. */
    void rest() {
      school.restoreStorage();
      school.afterNextStoring(() -> {});
      servers.forEach(server -> {
        server.coordination.loseChanges(0);
        server.coordination.reconnect();
        server.coordination.deliverChanges();
      });
      settle();
      requireTruth("at rest");
      someone().ifPresent(this::commit);
      settle();
      requireTruth("after one more commit");
      clients.forEach(Story::requireAnswers);
      gone.forEach(Story::requireAnswers);
    }

    private void settle() {
      for (int i = 0; i < 2; i++) {
        servers.forEach(School.Server::tend);
        sendAway();
      }
      servers.forEach(School.Server::tend);
    }

    private void requireTruth(String when) {
      RoomView room = servers.getFirst().coordination.look(ROOM);
      Optional<String> stored =
          school.workspaces.newest(ROOM).map(WorkspaceSnapshot::workspace).map(WorkspaceXml::text);
      assertThat(ids(room)).as(when).isEqualTo(idsOf(clients));
      for (Client client : clients) {
        Set<ClientId> others = ids(room);
        others.remove(client.seat.clientId());
        assertThat(client.picture.others).as(when).isEqualTo(others);
        assertThat(client.picture.owners).as(when).isEqualTo(room.locks());
        if (!mayBeUnaware(client)) {
          assertThat(client.picture.workspace).as(when).isEqualTo(stored);
        }
      }
    }

    private static void requireAnswers(Client client) {
      assertThat(client.answered).as("answers").isEqualTo(client.asked);
    }

    private void join(School.Server server) {
      Picture picture = new Picture();
      if (losesChanges) {
        picture.mayMiss();
      }
      note("join", server);
      try {
        if (server.presence.join(new JoinRoom.Command("maze", "", picture))
            instanceof JoinRoom.Outcome.Joined joined) {
          told.add("-> " + joined.seat().clientId());
          clients.add(new Client(server, joined.seat(), picture));
          assertThat(picture.isWelcomed).as("state behind the join").isTrue();
        }
      } catch (StorageUnavailable | CoordinationUnavailable away) {
        told.add("-> refused");
      }
    }

    private void leave(Client client) {
      note("leave", client);
      clients.remove(client);
      gone.add(client);
      client.server.presence.leave(client.seat);
    }

    private void sendAway() {
      clients.stream().filter(Client::mustLeave).toList().forEach(this::leave);
    }

    private void lock(Client client) {
      BlockId block = block();
      List<BlockId> others = random.nextBoolean() ? List.of(block()) : List.of();
      note("lock " + block + others, client);
      client.asked++;
      try {
        client.server.locks.acquire(
            client.seat,
            LockRequest.of(block, others),
            outcome -> {
              client.answered++;
              client.isRefusedASeat |= outcome instanceof AcquireBlockLock.Outcome.SeatLost;
            });
      } catch (CoordinationUnavailable away) {
        client.answered++;
      }
    }

    private void commit(Client client) {
      String xml = "<xml>" + ++edits + "</xml>";
      EditEvents events = new EditEvents("[{}]", Set.of(block()), false);
      offer(
          client,
          new Commit(
              client.seat.clientId(),
              block(),
              events,
              Optional.of(new WorkspaceXml(xml)),
              Set.of()));
    }

    private void letGo(Client client) {
      BlockId block = block();
      offer(
          client,
          new Commit(
              client.seat.clientId(), block, EditEvents.NONE, Optional.empty(), Set.of(block)));
    }

    private void offer(Client client, Commit commit) {
      note("commit " + commit.block() + commit.workspace(), client);
      client.asked++;
      int edit = edits;
      Optional<WorkspaceXml> before = storedWorkspace();
      client.server.commits.commit(
          client.seat,
          commit,
          outcome -> {
            client.answered++;
            client.isRefusedASeat |= outcome instanceof CommitEdit.Outcome.SeatLost;
            told.add(client.seat.clientId() + " <- " + outcome.getClass().getSimpleName());
            if (outcome instanceof CommitEdit.Outcome.Applied && commit.isDurable()) {
              applied.add(edit);
            }
          });
      if (!storedWorkspace().equals(before)) {
        lastStored = edit;
        storedBy = client.server;
      }
    }

    /** Those on another server learn of a stored commit that was not announced by the next one. */
    private boolean mayBeUnaware(Client client) {
      return lastStored != 0 && client.server != storedBy && !applied.contains(lastStored);
    }

    private Optional<WorkspaceXml> storedWorkspace() {
      try {
        return school.workspaces.newest(ROOM).map(WorkspaceSnapshot::workspace);
      } catch (StorageUnavailable away) {
        return Optional.empty();
      }
    }

    private Optional<Client> someone() {
      return clients.isEmpty()
          ? Optional.empty()
          : Optional.of(clients.get(random.nextInt(clients.size())));
    }

    private BlockId block() {
      return BLOCKS.get(random.nextInt(BLOCKS.size()));
    }

    private void note(String what, Client client) {
      told.add(client.seat.clientId() + " " + what);
    }

    private void note(String what, School.Server server) {
      told.add("server " + servers.indexOf(server) + ": " + what);
    }

    private static Set<ClientId> ids(RoomView room) {
      return room.participants().stream()
          .map(Participant::clientId)
          .collect(Collectors.toCollection(HashSet::new));
    }

    private static Set<ClientId> idsOf(List<Client> clients) {
      return clients.stream().map(each -> each.seat.clientId()).collect(Collectors.toSet());
    }
  }
}
