package dev.docket.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

  @Test
  void optionsStandAnywhere() {
    Arguments arguments = Arguments.of(List.of("--data", "d", "dir"));
    assertThat(arguments.first()).contains("dir");
    assertThat(arguments.option("data")).contains("d");
    assertThat(arguments.option("other")).isEmpty();
  }

  @Test
  void optionNeedsAValue() {
    assertThatThrownBy(() -> Arguments.of(List.of("--data"))).hasMessageContaining("--data");
  }

  @Test
  void unknownOptionIsRefusedByName() {
    assertThatThrownBy(() -> Arguments.of(List.of("--dta", "d")).allow(1, "data"))
        .hasMessageContaining("--dta");
  }

  @Test
  void tooManyAreRefused() {
    assertThatThrownBy(() -> Arguments.of(List.of("a", "b")).allow(1)).hasMessageContaining("a b");
  }
}
