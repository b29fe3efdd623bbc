package dev.docket.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.bench.Options.Part;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class OptionsTest {

  @Test
  void measuresQuicklyWhereNothingIsSaid() {
    Options options = Options.of();
    assertThat(options.full()).isFalse();
    assertThat(options.parts())
        .hasSize(Part.values().length - 2)
        .doesNotContain(Part.SERVERS, Part.BACKLOG);
    assertThat(Options.of("full").parts()).containsExactlyInAnyOrder(Part.values());
    assertThat(options.out()).isEqualTo(Path.of("bench.json"));
  }

  @Test
  void measuresWhatIsSaid() {
    Options options = Options.of("full", "--only", "life,growth", "--out", "f.json");
    assertThat(options.full()).isTrue();
    assertThat(options.parts()).containsExactlyInAnyOrder(Part.LIFE, Part.GROWTH);
    assertThat(options.out()).isEqualTo(Path.of("f.json"));
  }

  @Test
  void saysWhatThereIs() {
    assertThatThrownBy(() -> Options.of("--only", "lives"))
        .hasMessage(
            "there is no part lives; there are [limits, standing, register, life, latency, servers,"
                + " backlog, growth]");
    assertThatThrownBy(() -> Options.of("fast")).hasMessage("what is fast?");
    assertThatThrownBy(() -> Options.of("--out")).hasMessage("--out needs a value");
  }

  @Test
  void figuresHaveTheMedianOfAll() {
    assertThat(figure(3, 1, 2).median()).isEqualTo(2);
    assertThat(figure(4, 1, 2, 3).median()).isEqualTo(2.5);
    assertThat(figure(3, 1, 2).least()).isEqualTo(1);
    assertThat(figure(3, 1, 2).most()).isEqualTo(3);
  }

  private static Measurement figure(double... values) {
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
