package dev.docket.joblog;

import static dev.docket.joblog.LogSamples.LIMITS;
import static dev.docket.joblog.LogSamples.lines;
import static dev.docket.joblog.LogSamples.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.http.InvalidRequest;
import dev.docket.http.PayloadTooLarge;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NewLinesTest {

  @Test
  void countsLinesAndBytesAfterSplittingAndCutting() {
    assertThat(lines("é\nb", "c").requireWithin(LIMITS)).isEqualTo(new NewLines.Size(3, 3 + 2 + 2));
    assertThat(lines("x".repeat(10_000)).requireWithin(LIMITS).bytes()).isLessThan(200);
  }

  @Test
  void rejectsTooManyLinesAndNamesTheLimit() {
    assertThatThrownBy(() -> range(0, 11).requireWithin(LIMITS))
        .isInstanceOf(PayloadTooLarge.class)
        .hasMessage("one append must have at most 10 lines (was 11); send them in several");
    assertThatThrownBy(() -> lines("\n".repeat(11)).requireWithin(LIMITS))
        .isInstanceOf(PayloadTooLarge.class);
  }

  @Test
  void rejectsTooManyBytesAndNamesTheLimit() {
    String[] wide = new String[10];
    java.util.Arrays.fill(wide, "日".repeat(50));
    assertThatThrownBy(() -> lines(wide).requireWithin(LIMITS))
        .isInstanceOf(PayloadTooLarge.class)
        .hasMessage(
            "the lines of one append must have at most 1000 bytes (were 1510); send them in"
                + " several");
  }

  @Test
  void rejectsNothing() {
    assertThatThrownBy(() -> new NewLines(null, List.of()).requireWithin(LIMITS))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("/lines: must have at least 1 item");
  }

  @Test
  void readsLevelsOfOtherLanguages() {
    assertThat(LogLevel.fromString("warning")).isEqualTo(LogLevel.WARN);
    assertThat(LogLevel.fromString("Critical")).isEqualTo(LogLevel.ERROR);
    assertThatThrownBy(() -> LogLevel.fromString("loud"))
        .hasMessage("must be one of TRACE, DEBUG, INFO, WARN, ERROR");
  }
}
