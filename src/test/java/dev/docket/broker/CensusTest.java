package dev.docket.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CensusTest {

  @ParameterizedTest
  @CsvSource({
    "Video.ASR, Video.ASR, true",
    "*.ASR, Video.ASR, true",
    "#.ASR, Video.ASR, true",
    "#.ASR, ASR, true",
    "#, Video.ASR, true",
    "#.#, Video.ASR, true",
    "Video.#, Video.ASR, true",
    "Video.#, Video, true",
    "*.*, Video.ASR, true",
    "*, Video.ASR, false",
    "*.ASR, ASR, false",
    "*.ASR, Video.OCR, false",
    "Sound.ASR, Video.ASR, false",
    "Video.ASR.#, Video.ASR, true",
    "Video.ASR.*, Video.ASR, false",
    "'', Video.ASR, false",
  })
  void bindingMatchesRoutingKeysAsATopicExchangeDoes(String pattern, String key, boolean matches) {
    assertThat(new Census.Binding("x", pattern).matches(key)).isEqualTo(matches);
  }

  @Test
  void queueReceivesWhatAnyOfItsBindingsMatches() {
    Census.Queue queue =
        new Census.Queue(
            "q",
            0,
            0,
            1,
            List.of(new Census.Binding("x", "*.OCR"), new Census.Binding("x", "#.ASR")),
            true,
            List.of());
    assertThat(queue.receives("Video.ASR")).isTrue();
    assertThat(queue.receives("Video.NER")).isFalse();
  }

  @Test
  void withoutASourceTheErrorNamesTheSetting() {
    assertThatThrownBy(Census.NONE::queues).hasMessageContaining("broker.management");
  }
}
