package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is broadcast arrives as it was, and nothing that is not a broadcast stops the others. */
class BroadcastTest extends OnRealRedis {
  private static final String ODD = "\u0000\r\n\t:1:\"\\%s*{}<글>🙂e\u0301\u202e\uFFFD\uFEFF";

  @Test
  void the_largest_workspace_and_odd_text_arrive_as_they_were() {
    seat(there, BOB);
    seat(here, ADA);
    String workspace = (ODD + "글".repeat(WorkspaceXml.MAX_LENGTH)).substring(0, 512 * 1024);
    CommitApplied commit =
        new CommitApplied(
            new SequenceNumber(Long.MAX_VALUE),
            ADA.clientId(),
            END,
            ODD,
            Instant.parse("2026-11-22T18:40:00.123456Z"),
            Optional.of(new CommitId("1:x' %s 글🙂")),
            Optional.of(new WorkspaceXml(workspace)));

    announce(here, commit);

    there.heard().awaitAtEnd(ROOM, SOON, commit);
    here.heard().awaitAtEnd(ROOM, SOON, commit);
  }

  @Test
  void an_odd_nickname_arrives_as_it_was() {
    Participant odd = TwoServers.participant("odd-1", "2:x' %s\\n 글 👩‍👩‍👧 \"<b>\"");
    seat(there, BOB);

    assertThat(seat(here, odd).participants()).containsExactlyInAnyOrder(BOB, odd);

    there.heard().awaitAtEnd(ROOM, SOON, TwoServers.joined(odd));
  }

  @Test
  void a_broken_message_does_not_silence_the_channel() {
    seat(here, ADA);

    redis.ask("PUBLISH blockroom:events:here rubbish");
    redis.ask("PUBLISH blockroom:events:here \"\"");
    redis.ask("PUBLISH blockroom:events:here \"1:a1:1X1:a\"");
    LockOutcome.Granted granted = lock(here, ADA, INTRO);

    here.heard()
        .awaitExactly(ROOM, SOON, TwoServers.joined(ADA), TwoServers.locked(INTRO, granted));
  }
}
