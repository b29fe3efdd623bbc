package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RateTest {

  @Test
  void readsWhatItWrites() {
    assertThat(Rate.parse("90/m")).isEqualTo(new Rate(90, "m")).hasToString("90/m");
    assertThat(Rate.parse("1/s").period()).isEqualTo(Duration.ofSeconds(1));
    assertThat(Rate.parse("1000000/d").period()).isEqualTo(Duration.ofDays(1));
    assertThat(Rate.parse("5/h").period()).isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "10/",
        "/s",
        "0/s",
        "-1/s",
        "1000001/s",
        "1.5/s",
        "1/w",
        "1 / s",
        "99999999999/s"
      })
  void rejectsOtherTexts(String text) {
    assertThatThrownBy(() -> Rate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 1 to 1000000 and a period s, m, h or d");
  }
}
