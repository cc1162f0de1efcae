package io.blockroom.domain.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.BreakIterator;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A07 nicknames")
class NicknameTest {

  @ParameterizedTest
  @CsvSource(
      value = {
        "Mina                      | Mina",
        "'  Mina   Kim '           | Mina Kim",
        "민아                       | 민아",
        "'\u1106\u1175\u11AB\u110B\u1161' | 민아",
        "<b>Mina</b>               | <b>Mina</b>",
        "'a\u202Eb\u2066c\u200Fd'  | abcd",
        "'a\u0000\u0007\u001Bb'    | ab",
        "'a\nb\tc'                 | a b c",
        "'\u200B\uFEFFx'           | x",
        "'e\u0301'                 | é",
        "'👩\u200D👩\u200D👧'        | '👩\u200D👩\u200D👧'",
      },
      delimiter = '|')
  void is_made_fit_to_be_seen(String raw, String shown) {
    assertThat(Nickname.of(raw)).contains(new Nickname(shown));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "\u0000", "\u202E\u200B", "\u0301\u0301", "\uD800"})
  void of_nothing_visible_is_none(String raw) {
    assertThat(Nickname.of(raw)).isEmpty();
  }

  @Test
  void keeps_at_most_four_marks_on_a_base() {
    String zalgo = "a" + "\u0316".repeat(50) + "b";

    assertThat(Nickname.of(zalgo)).contains(new Nickname("a" + "\u0316".repeat(4) + "b"));
  }

  @Test
  void keeps_at_most_32_graphemes_even_of_a_megabyte() {
    assertThat(Nickname.of("각".repeat(500_000)).orElseThrow().value()).isEqualTo("각".repeat(32));
    assertThat(Nickname.of("👍🏽".repeat(40)).orElseThrow().value()).isEqualTo("👍🏽".repeat(32));
  }

  @Test
  void of_a_guest_is_user_and_four_digits() {
    assertThat(Nickname.ofGuest(7).value()).isEqualTo("User0007");
    assertThat(Nickname.ofGuest(-1).value()).matches("User\\d{4}");
  }

  @Test
  void that_is_not_clean_is_refused() {
    assertThatThrownBy(() -> new Nickname("a\u202Eb")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Nickname("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void of_any_text_at_all_holds_the_rules_or_is_none() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int n = 0; n < 20_000; n++) {
      String raw =
          random
              .ints(random.nextInt(60), 0, 0x3200)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      Optional<Nickname> nickname = Nickname.of(raw);
      nickname.ifPresent(name -> {
        assertThat(Normalizer.isNormalized(name.value(), Normalizer.Form.NFC))
            .as("seed %d, %s", seed, raw)
            .isTrue();
        assertThat(graphemes(name.value())).as("seed %d, %s", seed, raw).isBetween(1, 32);
      });
    }
  }

  private static int graphemes(String text) {
    BreakIterator graphemes = BreakIterator.getCharacterInstance(Locale.ROOT);
    graphemes.setText(text);
    int count = 0;
    while (graphemes.next() != BreakIterator.DONE) {
      count++;
    }
    return count;
  }
}
