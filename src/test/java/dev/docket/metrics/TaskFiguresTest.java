package dev.docket.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Policy;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TaskFiguresTest {

  private final Shop shop = new Shop();

  @Test
  void movesAreCountedExactlyByKeyAndState() {
    TaskId good = shop.create("ASR");
    shop.confirm(good);
    shop.claim(good);
    shop.heartbeat(good);
    shop.heartbeat(good);
    shop.complete(good);
    TaskId lonely = shop.create("OCR");
    shop.unroutable(lonely);
    TaskId again = shop.create("ASR");
    shop.claim(again);
    shop.fail(again, TaskState.ERROR_PROXY);

    Scrape scrape = shop.scrape();
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
  void aNewRunInTheSameStateIsAMove() {
    TaskId id = shop.create("ASR");
    shop.tell(id, new Command.ForceRetry("ann"));
    assertThat(shop.scrape().value("docket_task_moves_total{key=\"ASR\",state=\"201\"}"))
        .isEqualTo(2);
  }

  @Test
  void theWaitIsFromTheBrokerToTheClaimAndTheRunFromThereByItsEnd() {
    TaskId id = shop.create("ASR");
    shop.confirm(id);
    shop.after(Duration.ofSeconds(90)).claim(id);
    shop.after(Duration.ofSeconds(7)).fail(id, TaskState.ERROR_PROXY);
    shop.after(Duration.ofMinutes(1)).tell(id, new Command.Publish());
    shop.after(Duration.ofSeconds(2)).claim(id);
    shop.after(Duration.ofHours(2)).complete(id);

    Scrape scrape = shop.scrape();
    assertThat(scrape.all("docket_task_wait_seconds_count")).containsOnlyKeys("{key=\"ASR\"}");
    assertThat(scrape.value("docket_task_wait_seconds_count{key=\"ASR\"}")).isEqualTo(2);
    assertThat(scrape.value("docket_task_wait_seconds_bucket{key=\"ASR\",le=\"60.0\"}"))
        .isEqualTo(1);
    assertThat(scrape.value("docket_task_wait_seconds_bucket{key=\"ASR\",le=\"300.0\"}"))
        .isEqualTo(2);
    assertThat(scrape.all("docket_task_run_seconds_sum"))
        .as("a failure that is tried again leads to 201")
        .isEqualTo(
            Map.of("{key=\"ASR\",state=\"201\"}", 7.0, "{key=\"ASR\",state=\"200\"}", 7200.0));
  }

  @Test
  void aWorkerThatNeverSaysThatItBeginsHasAWaitAndNoRun() {
    shop.way = Policy.Way.ACKNOWLEDGES_LATE;
    TaskId id = shop.create("ASR");
    shop.confirm(id);
    shop.after(Duration.ofSeconds(30)).complete(id);

    Scrape scrape = shop.scrape();
    assertThat(scrape.value("docket_task_wait_seconds_sum{key=\"ASR\"}")).isEqualTo(30);
    assertThat(scrape.all("docket_task_run_seconds_count")).isEmpty();
  }

  @Test
  void whoCancelsWhatWaitsIsNoWorker() {
    TaskId id = shop.create("ASR");
    shop.confirm(id);
    shop.tell(id, new Command.Cancel("ann"));
    assertThat(shop.scrape().all("docket_task_wait_seconds_count")).isEmpty();
  }

  @Test
  void refusalsAreCountedByCommandAndReason() {
    TaskId id = shop.create("ASR");
    shop.heartbeat(id);
    shop.claim(id);
    shop.complete(id);
    shop.tell(id, new Command.Cancel("ann"));
    shop.tell(id, new Command.Cancel("ann"));

    assertThat(shop.scrape().all("docket_task_refusals_total"))
        .isEqualTo(
            Map.of(
                "{command=\"heartbeat\",reason=\"illegal\"}", 1.0,
                "{command=\"cancel\",reason=\"illegal\"}", 2.0));
  }

  @Test
  void manyKeysHaveABoundedNumberOfLabelsAndAreAllCounted() {
    int all = KeyLabels.MOST + 200;
    for (int i = 0; i < all; i++) {
      shop.claim(shop.create("K" + i));
    }
    Scrape scrape = shop.scrape();
    Map<String, Double> submitted = scrape.all("docket_tasks_submitted_total");
    assertThat(submitted).hasSize(KeyLabels.MOST + 1).containsEntry("{key=\"_other\"}", 200.0);
    assertThat(submitted.values().stream().mapToDouble(v -> v).sum()).isEqualTo(all);
    assertThat(scrape.all("docket_task_moves_total")).hasSize(2 * (KeyLabels.MOST + 1));
    assertThat(scrape.all("docket_task_wait_seconds_count")).hasSize(KeyLabels.MOST + 1);
  }

  @Test
  void noSampleNamesATask() {
    TaskId id = shop.create("ASR");
    shop.claim(id);
    shop.complete(id);
    shop.complete(id);
    assertThat(shop.scrape().samples())
        .noneMatch(sample -> sample.contains(id.value()))
        .noneMatch(sample -> sample.contains(shop.task(id).run()));
  }
}
