package dev.docket.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.worker.testkit.TestRun;
import dev.docket.worker.testkit.TestTask;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandlerCallTest {

  private static TestRun run(TaskHandler handler) {
    return TestTask.ofKey("ASR").run(handler);
  }

  @Test
  void exceptionBecomes500WithClassAndMessage() {
    TestRun run =
        run(
            (task, context) -> {
              throw new IllegalStateException("no model");
            });
    assertThat(run.state()).isEqualTo(500);
    assertThat(run.message()).isEqualTo("java.lang.IllegalStateException: no model");
    assertThat(run.log())
        .singleElement()
        .asString()
        .startsWith("java.lang.IllegalStateException: no model")
        .contains("HandlerCallTest.java:");
  }

  @Test
  void errorBecomes500() {
    TestRun run =
        run(
            (task, context) -> {
              throw new OutOfMemoryError("Java heap space");
            });
    assertThat(run.state()).isEqualTo(500);
    assertThat(run.message()).contains("OutOfMemoryError", "Java heap space");
  }

  @Test
  void unrequestedInterruptBecomes500() {
    TestRun run =
        run(
            (task, context) -> {
              throw new InterruptedException("not requested");
            });
    assertThat(run.state()).isEqualTo(500);
  }

  @Test
  void nullBecomes500() {
    TestRun run = run((task, context) -> null);
    assertThat(run.state()).isEqualTo(500);
    assertThat(run.message()).contains("null");
  }

  @Test
  void resultsOfContextPrecedeResultsOfOutcome() {
    TestRun run =
        run(
            (task, context) -> {
              context.result(1);
              context.result(2, Generator.software("asr", "Recogniser"));
              return Outcome.success("done").result(3);
            });
    assertThat(run.payloads()).extracting(payload -> payload.asInt()).containsExactly(1, 2, 3);
    assertThat(run.results().get(1).generator())
        .isEqualTo(Map.of("id", "asr", "type", "Software", "name", "Recogniser"));
  }

  @Test
  void dropsResultsOfFailure() {
    TestRun run =
        run(
            (task, context) -> {
              context.result(1);
              return Outcome.notFound("gone");
            });
    assertThat(run.state()).isEqualTo(404);
    assertThat(run.results()).isEmpty();
  }

  @Test
  void limitsNumberOfResults() {
    assertThat(run((task, context) -> many(100, "x")).state()).isEqualTo(200);
    TestRun run = run((task, context) -> many(101, "x"));
    assertThat(run.state()).isEqualTo(500);
    assertThat(run.message()).contains("101 results", "100");
  }

  @Test
  void leavesLimitOfSizeToServer() {
    String mebibyte = "x".repeat(1024 * 1024);
    assertThat(run((task, context) -> many(20, mebibyte)).state()).isEqualTo(200);
  }

  private static Outcome.Success many(int results, String payload) {
    Outcome.Success success = Outcome.success("many");
    for (int i = 0; i < results; i++) {
      success = success.result(payload);
    }
    return success;
  }

  @Test
  void unwritableResultBecomes500() {
    TestRun run = run((task, context) -> Outcome.success("deep").result(Samples.deep(1_100)));
    assertThat(run.state()).isEqualTo(500);
    assertThat(run.message()).contains("result 1 cannot be written as JSON");

    TestRun unwritable = run((task, context) -> Outcome.success("odd").result(new Object()));
    assertThat(unwritable.state()).isEqualTo(500);
    assertThat(unwritable.message()).contains("java.lang.Object");
  }

  @Test
  void cancelledRunBecomes499UnlessSuccessful() {
    List<TaskHandler> handlers =
        List.of(
            (task, context) -> {
              context.progress(50);
              context.checkpoint();
              return Outcome.success("not reached");
            },
            (task, context) -> {
              context.progress(50);
              Thread.sleep(60_000);
              return Outcome.success("not reached");
            },
            (task, context) -> {
              context.progress(50);
              return context.cancelled() ? Outcome.error("half") : Outcome.success("all");
            },
            (task, context) -> {
              context.progress(50);
              return Outcome.giveBack("later");
            },
            (task, context) -> {
              context.progress(50);
              throw new IllegalStateException("because of the interrupt");
            });
    assertThat(handlers)
        .extracting(handler -> TestTask.ofKey("ASR").cancelAt(50).run(handler).state())
        .containsOnly(499);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void successAfterCancelStaysSuccess() {
    TestRun run =
        TestTask.ofKey("ASR").cancelAt(0).run((task, context) -> Outcome.success("in time"));
    assertThat(run.state()).isEqualTo(200);
  }
}
