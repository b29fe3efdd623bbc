package dev.docket.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

  @Test
  void acceptsOptionBeforePositionalArgument() {
    Arguments arguments = Arguments.of(List.of("--data", "d", "dir"));
    assertThat(arguments.first()).contains("dir");
    assertThat(arguments.option("data")).contains("d");
    assertThat(arguments.option("other")).isEmpty();
  }

  @Test
  void rejectsOptionWithoutValue() {
    assertThatThrownBy(() -> Arguments.of(List.of("--data"))).hasMessageContaining("--data");
  }

  @Test
  void rejectsUnknownOption() {
    assertThatThrownBy(() -> Arguments.of(List.of("--dta", "d")).allow(1, "data"))
        .hasMessageContaining("--dta");
  }

  @Test
  void rejectsTooManyArguments() {
    assertThatThrownBy(() -> Arguments.of(List.of("a", "b")).allow(1)).hasMessageContaining("a b");
  }
}
