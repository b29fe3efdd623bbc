package dev.docket.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StackTraceTest {

  @Test
  void namesExceptionItsCauseAndTheLinesOfBoth() {
    String trace =
        StackTrace.of(new IllegalStateException("no model", new IllegalArgumentException("cause")));
    assertThat(trace)
        .startsWith("java.lang.IllegalStateException: no model")
        .contains("Caused by: java.lang.IllegalArgumentException: cause")
        .contains("StackTraceTest.java:");
  }

  @Test
  void cutsMessagesAndCausesOfAnySize() {
    Exception chain = new IllegalStateException("x".repeat(1_000));
    for (int i = 0; i < 1_000; i++) {
      chain = new IllegalStateException("x".repeat(1_000), chain);
    }
    assertThat(StackTrace.of(chain)).hasSize(StackTrace.MAX_LENGTH);
    assertThat(StackTrace.of(new Error("x".repeat(100_000)))).hasSize(StackTrace.MAX_LENGTH);
  }
}
