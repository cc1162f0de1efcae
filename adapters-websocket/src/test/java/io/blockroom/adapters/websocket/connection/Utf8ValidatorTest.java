package io.blockroom.adapters.websocket.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8ValidatorTest {

  @Test
  void it_agrees_with_the_decoder_of_java_on_all_pairs_of_bytes_and_however_they_are_cut() {
    for (int pair = 0; pair < 0x10000; pair++) {
      byte[] bytes = {'a', (byte) (pair >> 8), (byte) pair, 'z'};
      for (int cut = 0; cut <= bytes.length; cut++) {
        assertThat(isValid(bytes, cut)).isEqualTo(javaAccepts(bytes));
      }
    }
  }

  @Test
  void it_agrees_with_the_decoder_of_java_on_damaged_text() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int c = random.nextInt(30); c >= 0; c--) {
        int point = random.nextInt(4) == 0 ? random.nextInt(0x110000) : random.nextInt(0x80);
        text.appendCodePoint(Character.isSurrogate((char) point) && point < 0x10000 ? 'x' : point);
      }
      byte[] bytes = text.toString().getBytes(UTF_8);
      if (random.nextBoolean()) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }

      assertThat(isValid(bytes, random.nextInt(bytes.length + 1)))
          .as("seed %d: %s", seed, HexFormat.of().formatHex(bytes))
          .isEqualTo(javaAccepts(bytes));
    }
  }

  private static boolean isValid(byte[] bytes, int cut) {
    Utf8Validator validator = new Utf8Validator();
    return validator.accepts(bytes, 0, cut)
        && validator.accepts(bytes, cut, bytes.length)
        && validator.isBetweenCharacters();
  }

  private static boolean javaAccepts(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).hasArray();
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
