package dev.docket.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A short run of {@code scripts/chaos}, on backends of its own. */
final class ChaosIT {

  @Test
  void promisesAreKeptWhileThingsBreak() throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Settings settings = Settings.of("0.6", "4");
    boolean kept;
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      kept = Chaos.run(settings, out);
    }
    assertThat(kept).as(said.toString(StandardCharsets.UTF_8)).isTrue();
  }
}
