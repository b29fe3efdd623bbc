package dev.docket.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A short run of {@code scripts/chaos}. It starts its own backends. */
final class ChaosIT {

  @Test
  void keepsInvariantsUnderFaults() throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    Settings settings = Settings.of("0.6", "4");
    boolean passed;
    try (PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
      passed = Chaos.run(settings, out);
    }
    assertThat(passed).as(output.toString(StandardCharsets.UTF_8)).isTrue();
  }
}
