package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.Messages.chainOfJson;
import static io.blockroom.adapters.websocket.codec.Messages.chainOfXml;
import static io.blockroom.adapters.websocket.codec.Messages.commit;
import static io.blockroom.adapters.websocket.codec.Messages.commitOf;
import static io.blockroom.adapters.websocket.codec.Messages.commitWith;
import static io.blockroom.adapters.websocket.codec.Messages.message;
import static io.blockroom.adapters.websocket.codec.Messages.parsed;
import static io.blockroom.adapters.websocket.codec.Messages.quoted;
import static io.blockroom.adapters.websocket.codec.Messages.read;
import static io.blockroom.adapters.websocket.codec.Messages.readV1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.blockroom.adapters.websocket.codec.ClientMessage.LockAcquire;
import io.blockroom.adapters.websocket.codec.Reading.Malformed;
import io.blockroom.adapters.websocket.codec.Reading.Understood;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.BlockLocked;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Messages that chance makes; each test reports its seed. */
class RandomMessagesTest {
  private static final ClientId ADA = new ClientId("ada");
  private static final String BLOCKLY_ALPHABET =
      "!#$%()*+,-./:;=?@[]^_`{|}~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final List<String> ODD_PIECES =
      List.of(
          "\\",
          "\"",
          "'",
          "/",
          "\\n",
          "\\u0041",
          "😀",
          "👩‍👩‍👧",
          "가",
          "\u1100\u1161",
          "é",
          "e\u0301",
          "\u202e",
          "שלום",
          "\u2028",
          "\uFEFF",
          "\u00a0",
          " ",
          "__proto__",
          "constructor",
          "*",
          "?",
          "{",
          "}",
          "[",
          "]",
          ":",
          "<",
          "&",
          "\uFFFD");

  private final MessageWriter writer = new MessageWriter(ServerMessages.LIMITS);

  @Test
  void A06_20000_ids_come_back_unchanged_and_none_meet(TestReporter report) {
    Random random = seeded(report);
    Set<BlockId> sent = new HashSet<>();
    Set<BlockId> seen = new HashSet<>();
    while (sent.size() < 20_000) {
      BlockId block = new BlockId(randomId(random));
      if (!sent.add(block)) {
        continue;
      }
      String id = quoted(block.value());

      Reading asked = read(message("LOCK_ACQUIRE", "{\"blockId\":" + id + "}"));
      EditEvents events =
          commit(commitOf("[{\"blockId\":" + id + ",\"ids\":[" + id + "]}]")).events();
      JsonObject told = payload(told(new BlockLocked(block, ADA, new FencingToken(1))));
      JsonObject applied =
          payload(
              told(
                  new CommitApplied(
                      SequenceNumber.NONE,
                      ADA,
                      block,
                      events.json(),
                      Instant.EPOCH,
                      Optional.empty(),
                      Optional.empty())));

      assertThat(asked).isInstanceOf(Understood.class);
      if (asked instanceof Understood(LockAcquire(var request, var _), var _)) {
        assertThat(request.asked()).isEqualTo(block);
        seen.add(request.asked());
      }
      assertThat(events.touched()).containsExactly(block);
      assertThat(told.getString("blockId")).isEqualTo(block.value());
      assertThat(applied.getString("blockId")).isEqualTo(block.value());
      assertThat(applied.getJsonArray("events").getJsonObject(0).getString("blockId"))
          .isEqualTo(block.value());
    }
    assertThat(seen).isEqualTo(sent);
  }

  @Test
  void A03_20000_mutilated_messages_are_understood_or_malformed(TestReporter report) {
    Random random = seeded(report);
    List<String> valid =
        List.of(
            message("HEARTBEAT", "{\"a\":[1.5e3,null,true,{\"b\":\"\\ud83d\\ude00\"}]}"),
            message("LOCK_ACQUIRE", "{\"blockId\":\"b1\",\"blockIds\":[\"b2\",\"가😀\"]}"),
            message("LOCK_ACQUIRE", "{\"blockId\":\"b1\",\"mode\":\"queue\",\"maxWaitMs\":15000}"),
            message("LOCK_CANCEL", "{\"blockId\":\"b1\"}"),
            message("LOCK_HANDOVER", "{\"blockId\":\"b1\",\"to\":\"c-7\"}"),
            message(
                "PRESENCE",
                "{\"status\":\"idle\",\"selection\":[\"b1\"],\"cursor\":{\"x\":-1.5e3,\"y\":7}}"),
            commitOf(chainOfJson(5)),
            "{\"payload\":{\"blockId\":\"b1\",\"events\":[{\"ids\":[\"x\"]}]},\"t\":\"COMMIT\"}",
            "{\"id\":\"r1\",\"t\":\"SNAPSHOT\",\"payload\":{\"seq\":3,"
                + "\"format\":\"blockly-json\",\"state\":{\"blocks\":{\"blocks\":[]}}}}",
            "{\"t\":\"RESUME\",\"payload\":{\"lastSeq\":3,\"pending\":[\"c\"]},\"id\":\"r1\"}",
            commitWith(chainOfXml(5)),
            commitWith("<?xml version=\"1.0\"?><!-- x --><xml a=\"&lt;\">가<![CDATA[x]]></xml>"));

    for (int i = 0; i < 20_000; i++) {
      String text = valid.get(random.nextInt(valid.size()));
      String mutilated = random.nextBoolean() ? changedBytes(text, random) : changed(text, random);

      assertThatCode(
              () -> {
                assertThat(read(mutilated)).isNotNull();
                assertThat(readV1(mutilated)).isNotNull();
              })
          .as(mutilated)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void what_is_read_can_be_written_and_parsed(TestReporter report) {
    Random random = seeded(report);
    int understood = 0;
    for (int i = 0; i < 5_000; i++) {
      String text = changed(commitOf(chainOfJson(3)), random);
      if (read(text) instanceof Understood(ClientMessage.CommitOffer commit, var _)) {
        understood++;
        JsonObject applied =
            payload(
                told(
                    new CommitApplied(
                        SequenceNumber.NONE,
                        ADA,
                        commit.block(),
                        commit.events().json(),
                        Instant.EPOCH,
                        commit.id(),
                        commit.workspace())));

        JsonObject sent = parsed(text).getJsonObject("payload");
        assertThat(applied.getString("blockId")).isEqualTo(sent.getString("blockId"));
        if (sent.get("events") != null) {
          assertThat(applied.get("events")).isEqualTo(sent.get("events"));
        }
      }
    }
    assertThat(understood).isPositive();
  }

  @Test
  void many_threads_read_with_one_reader() throws ExecutionException, InterruptedException {
    MessageReader reader = new MessageReader();
    List<String> texts =
        List.of(
            message("HEARTBEAT", "{}"),
            message("LOCK_ACQUIRE", "{\"blockId\":\"b1\",\"blockIds\":[\"b2\"]}"),
            commitOf(chainOfJson(200)),
            commitWith(chainOfXml(200)),
            commitWith("<xml><script/></xml>"),
            commitWith("<xml>"),
            message("COMMIT", "{\"blockId\":\"b1\",\"workspaceXml\":\"<xml>"));
    List<Reading> expected = texts.stream().map(Messages::read).toList();

    Callable<Void> readAll =
        () -> {
          for (int round = 0; round < 200; round++) {
            assertThat(texts.stream().map(text -> reader.read(text, Audience.SEED)).toList())
                .isEqualTo(expected);
          }
          return null;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> results = new ArrayList<>();
      for (int thread = 0; thread < 16; thread++) {
        results.add(threads.submit(readAll));
      }
      for (Future<Void> result : results) {
        result.get();
      }
    }
    assertThat(expected.subList(0, 4)).allMatch(reading -> reading instanceof Understood);
    assertThat(expected.subList(4, 7)).allMatch(reading -> reading instanceof Malformed);
  }

  private static Random seeded(TestReporter report) {
    long seed = new Random().nextLong();
    report.publishEntry("seed", Long.toString(seed));
    return new Random(seed);
  }

  private static String randomId(Random random) {
    StringBuilder id = new StringBuilder();
    int length = random.nextInt(8) == 0 ? BlockId.MAX_LENGTH : 1 + random.nextInt(30);
    while (id.length() < length) {
      String piece =
          random.nextInt(3) > 0
              ? String.valueOf(BLOCKLY_ALPHABET.charAt(random.nextInt(BLOCKLY_ALPHABET.length())))
              : ODD_PIECES.get(random.nextInt(ODD_PIECES.size()));
      if (id.length() + piece.length() > BlockId.MAX_LENGTH) {
        break;
      }
      id.append(piece);
    }
    return id.toString();
  }

  /** What comes out when bytes on the wire are changed and decoded all the same. */
  private static String changedBytes(String text, Random random) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Characters dropped, doubled, swapped in or cut off. */
  private static String changed(String text, Random random) {
    StringBuilder changed = new StringBuilder(text);
    for (int i = 1 + random.nextInt(3); i > 0 && !changed.isEmpty(); i--) {
      int place = random.nextInt(changed.length());
      switch (random.nextInt(5)) {
        case 0 -> changed.deleteCharAt(place);
        case 1 -> changed.insert(place, changed.charAt(place));
        case 2 ->
            changed.setCharAt(place, "\"\\{}[],:0e-<>&tn\ud800\u0000x".charAt(random.nextInt(19)));
        case 3 -> changed.setCharAt(place, (char) random.nextInt(0x10000));
        default -> {
          int end = Math.min(changed.length(), place + random.nextInt(20));
          changed.insert(place, changed.substring(place, end));
        }
      }
    }
    return random.nextInt(20) == 0
        ? changed.substring(0, random.nextInt(changed.length() + 1))
        : changed.toString();
  }

  private byte[] told(RoomEvent event) {
    return writer.event(event, Audience.SEED).orElseThrow();
  }

  private static JsonObject payload(byte[] message) {
    return parsed(new String(message, StandardCharsets.UTF_8)).getJsonObject("payload");
  }
}
