package dev.docket.worker.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TestTaskTest {

  @Test
  void passesConfiguredValuesToHandler() {
    TestRun run =
        TestTask.ofKey("ASR")
            .id("t7")
            .attempt(3)
            .priority(9)
            .arg("language", null)
            .target(TargetType.SOUND, "http://localhost/a.mp3")
            .targetId("a")
            .targetExtra("title", "A")
            .timeout(Duration.ofHours(1))
            .run(
                (task, context) -> {
                  assertThat(task.args()).containsEntry("language", null);
                  var target = task.document().target();
                  return Outcome.success(
                      "%s %d %d %s %s %s %s %s"
                          .formatted(
                              task.id(),
                              task.attempt(),
                              task.priority(),
                              target.type(),
                              target.url(),
                              target.id(),
                              target.extra(),
                              task.timeout().orElseThrow()));
                });
    assertThat(run.message()).isEqualTo("t7 3 9 SOUND http://localhost/a.mp3 a {title=A} PT1H");
  }

  @Test
  void recordsReportsOfHandler() {
    TestRun run =
        TestTask.ofKey("ASR")
            .run(
                (task, context) -> {
                  context.stage("loading");
                  context.progress(40, "half way");
                  context.progress(140);
                  context.log("a line");
                  return Outcome.success("done");
                });
    assertThat(run.said())
        .containsExactly(
            new TestRun.Said(null, "loading", null),
            new TestRun.Said(40, "loading", "half way"),
            new TestRun.Said(100, "loading", "half way"));
    assertThat(run.log()).containsExactly("a line");
  }

  @Test
  void usesConfiguredClock() {
    Instant moment = Instant.parse("1999-12-31T23:59:59Z");
    TestRun run =
        TestTask.ofKey("ASR")
            .clock(Clock.fixed(moment, ZoneOffset.UTC))
            .run((task, context) -> Outcome.success(context.clock().instant().toString()));
    assertThat(run.message()).isEqualTo(moment.toString());
  }

  @Test
  void cancelInterruptsHandler() {
    TestRun run =
        TestTask.ofKey("ASR")
            .cancelAt(50)
            .run(
                (task, context) -> {
                  for (int percent = 0; percent <= 100; percent += 10) {
                    context.progress(percent);
                    context.checkpoint();
                  }
                  return Outcome.success("done");
                });
    assertThat(run.state()).isEqualTo(499);
    assertThat(run.said()).last().isEqualTo(new TestRun.Said(50, null, null));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
