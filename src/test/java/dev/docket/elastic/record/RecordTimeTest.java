package dev.docket.elastic.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordTimeTest {

  @Property
  void keepsMillisecondsOfEveryTime(
      @ForAll @LongRange(min = -70_000_000_000L, max = 260_000_000_000L) long second,
      @ForAll @LongRange(min = 0, max = 999_999_999) long nano) {
    Instant time = Instant.ofEpochSecond(second, nano);
    String text = RecordTime.text(time);
    assertThat(RecordTime.parse(text)).isEqualTo(time.truncatedTo(ChronoUnit.MILLIS));
    assertThat(text).endsWith("Z").contains(".");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-01T12:00:00Z,2026-03-01T12:00:00.000Z",
    "2026-03-01T23:59:59.999999999Z,2026-03-01T23:59:59.999Z",
    "1969-12-31T23:59:59.999Z,1969-12-31T23:59:59.999Z",
    "0000-01-01T00:00:00Z,0000-01-01T00:00:00.000Z",
    "2024-02-29T00:00:00.001Z,2024-02-29T00:00:00.001Z",
    "+12026-01-01T00:00:00Z,+12026-01-01T00:00:00.000Z",
    "-0001-01-01T00:00:00Z,-0001-01-01T00:00:00.000Z"
  })
  void writesExactlyMilliseconds(String time, String text) {
    assertThat(RecordTime.text(Instant.parse(time))).isEqualTo(text);
    assertThat(RecordTime.parse(time)).isEqualTo(Instant.parse(time));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2026-02-30T12:00:00.000Z",
        "2026-13-01T12:00:00.000Z",
        "2026-03-01T25:00:00.000Z",
        "2026-03-01T12:60:00.000Z",
        "2026-03-01T12:00:61.000Z",
        "2026-03-01 12:00:00.000Z",
        "2026-03-01T12:00:00.00aZ"
      })
  void rejectsInvalidTime(String text) {
    assertThatThrownBy(() -> RecordTime.parse(text)).isInstanceOf(DateTimeException.class);
  }
}
