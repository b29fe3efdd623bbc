package dev.docket.dialect.dane.importing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines of progress, by a clock that the test sets. */
final class ImportProgressTest {

  private final List<String> lines = new ArrayList<>();
  private long now;
  private final ImportProgress progress = new ImportProgress(10_000, lines::add, () -> now);

  private void add(int documents, int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
    progress.add(documents);
  }

  @Test
  void reportsRateAndRemainingTimeEveryTwoSeconds() {
    add(40, 1);
    add(60, 1);
    add(100, 1);
    add(200, 1);

    assertThat(lines)
        .containsExactly(
            "100 of 10,000 documents, 50/s, 3 min 18 s left",
            "400 of 10,000 documents, 100/s, 1 min 36 s left");
  }

  @Test
  void reportsTheEndAtOnce() {
    add(10_000, 1);

    assertThat(lines).containsExactly("10,000 of 10,000 documents, 10,000/s, 0 min 00 s left");
  }
}
