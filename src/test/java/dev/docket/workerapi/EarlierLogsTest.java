package dev.docket.workerapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.wire.ReportItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class EarlierLogsTest {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final EarlierLogs earlier = new EarlierLogs();
  private final List<String> processed = Collections.synchronizedList(new ArrayList<>());

  private static ReportItem.Log log() {
    return new ReportItem.Log("w", "t", 1, "run", "claim", null, null, null, "line");
  }

  private static ReportItem.Complete end(String run) {
    return new ReportItem.Complete("w", "t", 1, run, "claim", 200, null, null, null);
  }

  private CompletableFuture<String> process(EarlierLogs.Turn turn, String name) {
    return turn.await(
            () -> {
              processed.add(name);
              turn.pass();
              return CompletableFuture.completedStage(name);
            })
        .toCompletableFuture();
  }

  private CompletableFuture<String> process(ReportItem item) {
    return process(earlier.next(item), "item");
  }

  @Test
  void endWaitsForTheLogItemsOfItsRun() {
    EarlierLogs.Turn first = earlier.next(log());
    EarlierLogs.Turn second = earlier.next(log());
    CompletableFuture<String> end = process(end("run"));
    CompletableFuture<String> giveBack =
        process(new ReportItem.GiveBack("w", "t", 1, "run", "claim", null));

    second.pass();
    assertThat(end).isNotDone();
    assertThat(giveBack).isNotDone();
    first.pass();
    first.pass();

    assertThat(end).succeedsWithin(LIMIT).isEqualTo("item");
    assertThat(giveBack).succeedsWithin(LIMIT).isEqualTo("item");
  }

  @Test
  void logItemsOfRunBeginInTheirOrder() {
    EarlierLogs.Turn first = earlier.next(log());
    EarlierLogs.Turn second = earlier.next(log());
    EarlierLogs.Turn third = earlier.next(log());
    process(third, "third");
    CompletableFuture<String> last = process(earlier.next(log()), "fourth");
    process(second, "second");
    assertThat(processed).isEmpty();

    process(first, "first");

    assertThat(last).succeedsWithin(LIMIT);
    assertThat(processed).containsExactly("first", "second", "third", "fourth");
  }

  @Test
  void fullReportOfOneRunIsProcessed() {
    EarlierLogs.Turn first = earlier.next(log());
    for (int i = 2; i < ReportItem.MAX_ITEMS; i++) {
      process(log());
    }
    CompletableFuture<String> end = process(end("run"));
    first.pass();
    assertThat(end).succeedsWithin(LIMIT);
  }

  @Test
  void nothingElseWaits() {
    assertThat(process(end("run"))).isDone();
    earlier.next(log());
    assertThat(process(end("other"))).isDone();
    assertThat(process(new ReportItem.Heartbeat("w", "t", 1, "run", "claim"))).isDone();
  }
}
