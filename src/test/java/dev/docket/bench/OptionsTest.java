package dev.docket.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.bench.Options.Part;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class OptionsTest {

  @Test
  void measuresQuicklyByDefault() {
    Options options = Options.of();
    assertThat(options.full()).isFalse();
    assertThat(options.parts())
        .hasSize(Part.values().length - 3)
        .doesNotContain(Part.SERVERS, Part.BACKLOG, Part.CONCURRENCY);
    assertThat(Options.of("full").parts()).containsExactlyInAnyOrder(Part.values());
    assertThat(options.out()).isEqualTo(Path.of("bench.json"));
  }

  @Test
  void readsOptions() {
    Options options = Options.of("full", "--only", "life,growth", "--out", "f.json");
    assertThat(options.full()).isTrue();
    assertThat(options.parts()).containsExactlyInAnyOrder(Part.LIFE, Part.GROWTH);
    assertThat(options.out()).isEqualTo(Path.of("f.json"));
  }

  @Test
  void rejectsInvalidArguments() {
    assertThatThrownBy(() -> Options.of("--only", "lives"))
        .hasMessage(
            "unknown part lives; the parts are [limits, standing, register, life, latency, servers,"
                + " backlog, concurrency, growth]");
    assertThatThrownBy(() -> Options.of("fast"))
        .hasMessage("unexpected argument fast; see scripts/bench --help for the options");
    assertThatThrownBy(() -> Options.of("--out")).hasMessage("option --out requires a value");
  }

  @Test
  void computesMedianMinAndMax() {
    assertThat(measurement(3, 1, 2).median()).isEqualTo(2);
    assertThat(measurement(4, 1, 2, 3).median()).isEqualTo(2.5);
    assertThat(measurement(3, 1, 2).min()).isEqualTo(1);
    assertThat(measurement(3, 1, 2).max()).isEqualTo(3);
  }

  private static Measurement measurement(double... values) {
    return new Measurement(
        "life",
        "1,000",
        "tasks/s",
        java.util.Arrays.stream(values).boxed().toList(),
        "",
        3,
        "",
        "");
  }
}
