package dev.docket.workerapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.wire.ReportItem;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class EarlierLogsTest {

  private final EarlierLogs earlier = new EarlierLogs();
  private final ReportItem.Log log =
      new ReportItem.Log("w", "t", 1, "run", "claim", null, null, null, "line");

  private CompletionStage<String> process(ReportItem.OfTask item) {
    earlier.expect(item);
    return earlier.before(item, () -> CompletableFuture.completedStage("processed"));
  }

  private static ReportItem.Complete end(String run) {
    return new ReportItem.Complete("w", "t", 1, run, "claim", 200, null, null, null);
  }

  @Test
  void endWaitsForTheCheckOfItsRun() {
    earlier.expect(log);
    CompletionStage<String> end = process(end("run"));
    CompletionStage<String> giveBack =
        process(new ReportItem.GiveBack("w", "t", 1, "run", "claim", null));
    assertThat(end.toCompletableFuture()).isNotDone();
    assertThat(giveBack.toCompletableFuture()).isNotDone();

    earlier.checked(log);
    earlier.checked(log);

    assertThat(end.toCompletableFuture()).isCompletedWithValue("processed");
    assertThat(giveBack.toCompletableFuture()).isCompletedWithValue("processed");
  }

  @Test
  void nothingElseWaits() {
    assertThat(process(end("run")).toCompletableFuture()).isDone();
    earlier.expect(log);
    assertThat(process(end("other")).toCompletableFuture()).isDone();
    assertThat(process(new ReportItem.Heartbeat("w", "t", 1, "run", "claim")).toCompletableFuture())
        .isDone();
  }
}
