package dev.docket.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Utf8CheckTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "\0", "опись", "\ufeffa", "\ud83d\udcfc"})
  void acceptsTextHoweverItArrives(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(Utf8Check.isValid(bytes, 0, bytes.length)).isTrue();

    Utf8Check oneByOne = new Utf8Check();
    for (int i = 0; i < bytes.length; i++) {
      assertThat(oneByOne.accept(bytes, i, 1)).isTrue();
    }
    assertThat(oneByOne.isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ff", "61ff62", "c080", "e08080", "eda080", "f7bfbfbf", "f4908080", "e282", "80"})
  void rejectsInvalidBytesHoweverTheyArrive(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThat(Utf8Check.isValid(bytes, 0, bytes.length)).isFalse();

    Utf8Check oneByOne = new Utf8Check();
    boolean accepted = true;
    for (int i = 0; i < bytes.length && accepted; i++) {
      accepted = oneByOne.accept(bytes, i, 1);
    }
    assertThat(accepted && oneByOne.isComplete()).isFalse();
  }

  @Test
  void acceptsLongText() {
    byte[] bytes = ("a" + "\ud800\udf48".repeat(5_000)).getBytes(StandardCharsets.UTF_8);
    assertThat(Utf8Check.isValid(bytes, 0, bytes.length)).isTrue();
    assertThat(Utf8Check.isValid(bytes, 0, bytes.length - 1)).isFalse();
  }

  @Test
  void checksOnlyTheSection() {
    byte[] bytes = {(byte) 0xff, 'a', (byte) 0xff};
    assertThat(Utf8Check.isValid(bytes, 1, 1)).isTrue();
  }
}
