package dev.docket.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.task.machine.RunTiming;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TaskMetricsTest {

  private final MetricsFixture fixture = new MetricsFixture();

  @Test
  void countsTransitionsByKeyAndState() {
    TaskId succeeded = fixture.create("ASR");
    fixture.confirm(succeeded);
    fixture.claim(succeeded);
    fixture.heartbeat(succeeded);
    fixture.heartbeat(succeeded);
    fixture.complete(succeeded);
    TaskId withoutQueue = fixture.create("OCR");
    fixture.unroutable(withoutQueue);
    TaskId retried = fixture.create("ASR");
    fixture.claim(retried);
    fixture.fail(retried, TaskState.ERROR_PROXY);

    PrometheusScrape scrape = fixture.scrape();
    assertThat(scrape.all("docket_tasks_submitted_total"))
        .isEqualTo(Map.of("{key=\"ASR\"}", 2.0, "{key=\"OCR\"}", 1.0));
    assertThat(scrape.all("docket_task_moves_total"))
        .isEqualTo(
            Map.of(
                "{key=\"ASR\",state=\"201\"}", 3.0,
                "{key=\"ASR\",state=\"202\"}", 1.0,
                "{key=\"ASR\",state=\"102\"}", 2.0,
                "{key=\"ASR\",state=\"200\"}", 1.0,
                "{key=\"OCR\",state=\"201\"}", 1.0,
                "{key=\"OCR\",state=\"422\"}", 1.0));
  }

  @Test
  void countsNewRunInSameState() {
    TaskId id = fixture.create("ASR");
    fixture.execute(id, new Command.ForceRetry("ann"));
    assertThat(fixture.scrape().value("docket_task_moves_total{key=\"ASR\",state=\"201\"}"))
        .isEqualTo(2);
  }

  @Test
  void measuresWaitUntilClaimAndRunByResultingState() {
    TaskId id = fixture.create("ASR");
    fixture.confirm(id);
    fixture.after(Duration.ofSeconds(90)).claim(id);
    fixture.after(Duration.ofSeconds(7)).fail(id, TaskState.ERROR_PROXY);
    fixture.after(Duration.ofMinutes(1)).execute(id, new Command.Publish());
    fixture.after(Duration.ofSeconds(2)).claim(id);
    fixture.after(Duration.ofHours(2)).complete(id);

    PrometheusScrape scrape = fixture.scrape();
    assertThat(scrape.all("docket_task_wait_seconds_count")).containsOnlyKeys("{key=\"ASR\"}");
    assertThat(scrape.value("docket_task_wait_seconds_count{key=\"ASR\"}")).isEqualTo(2);
    assertThat(scrape.value("docket_task_wait_seconds_bucket{key=\"ASR\",le=\"60.0\"}"))
        .isEqualTo(1);
    assertThat(scrape.value("docket_task_wait_seconds_bucket{key=\"ASR\",le=\"300.0\"}"))
        .isEqualTo(2);
    assertThat(scrape.all("docket_task_run_seconds_sum"))
        .as("a failure that is retried leads to 201")
        .isEqualTo(
            Map.of("{key=\"ASR\",state=\"201\"}", 7.0, "{key=\"ASR\",state=\"200\"}", 7200.0));
  }

  @Test
  void countsTimeInTheWorkersBufferAsWait() {
    TaskId id = fixture.create("ASR");
    fixture.confirm(id);
    fixture.after(Duration.ofSeconds(90)).claim(id);
    fixture.after(Duration.ofSeconds(10));
    Task task = fixture.task(id);
    fixture.execute(
        id,
        new Command.Complete(
            new Reporter(task.run().ref(), "claim", "w"),
            new RunEnd(null, null, new RunTiming(6_000L, 3_000L)),
            List.of(),
            null));

    PrometheusScrape scrape = fixture.scrape();
    assertThat(scrape.value("docket_task_wait_seconds_sum{key=\"ASR\"}")).isEqualTo(96);
    assertThat(scrape.value("docket_task_run_seconds_sum{key=\"ASR\",state=\"200\"}")).isEqualTo(3);
  }

  @Test
  void measuresOnlyWaitIfNoStartIsReported() {
    fixture.ackMode = Policy.AckMode.ACKNOWLEDGES_LATE;
    TaskId id = fixture.create("ASR");
    fixture.confirm(id);
    fixture.after(Duration.ofSeconds(30)).complete(id);

    PrometheusScrape scrape = fixture.scrape();
    assertThat(scrape.value("docket_task_wait_seconds_sum{key=\"ASR\"}")).isEqualTo(30);
    assertThat(scrape.all("docket_task_run_seconds_count")).isEmpty();
  }

  @Test
  void doesNotMeasureWaitOfCancelledTask() {
    TaskId id = fixture.create("ASR");
    fixture.confirm(id);
    fixture.execute(id, new Command.Cancel("ann"));
    assertThat(fixture.scrape().all("docket_task_wait_seconds_count")).isEmpty();
  }

  @Test
  void countsRefusalsByCommandAndReason() {
    TaskId id = fixture.create("ASR");
    fixture.heartbeat(id);
    fixture.claim(id);
    fixture.complete(id);
    fixture.execute(id, new Command.Cancel("ann"));
    fixture.execute(id, new Command.Cancel("ann"));

    assertThat(fixture.scrape().all("docket_task_refusals_total"))
        .isEqualTo(
            Map.of(
                "{command=\"heartbeat\",reason=\"illegal\"}", 1.0,
                "{command=\"cancel\",reason=\"illegal\"}", 2.0));
  }

  @Test
  void limitsLabelsButCountsAllKeys() {
    int all = KeyLabels.MAX_KEYS + 200;
    for (int i = 0; i < all; i++) {
      TaskId id = fixture.create("K" + i);
      fixture.claim(id);
      fixture.complete(id);
    }
    PrometheusScrape scrape = fixture.scrape();
    Map<String, Double> submitted = scrape.all("docket_tasks_submitted_total");
    assertThat(submitted).hasSize(KeyLabels.MAX_KEYS + 1).containsEntry("{key=\"_other\"}", 200.0);
    assertThat(submitted.values().stream().mapToDouble(v -> v).sum()).isEqualTo(all);
    assertThat(scrape.all("docket_task_moves_total")).hasSize(3 * (KeyLabels.MAX_KEYS + 1));
    assertThat(scrape.all("docket_task_wait_seconds_count")).hasSize(KeyLabels.MAX_KEYS + 1);
  }

  @Test
  void samplesContainNoTaskIdOrToken() {
    TaskId id = fixture.create("ASR");
    fixture.claim(id);
    fixture.complete(id);
    fixture.complete(id);
    assertThat(fixture.scrape().samples())
        .noneMatch(sample -> sample.contains(id.value()))
        .noneMatch(sample -> sample.contains(fixture.task(id).run().token()));
  }
}
