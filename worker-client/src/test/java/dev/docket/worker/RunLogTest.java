package dev.docket.worker;

import static dev.docket.worker.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.wire.ReportItem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class RunLogTest {

  private final FakeDocket docket = new FakeDocket();
  private final ServerClient client = new ServerClient(docket.address(), null, "tester");
  private final Reporter reporter = new Reporter(client, Samples.shortTimeouts(), "tester");
  private final RunItems items = new RunItems("tester", Samples.run("t1"), "claim");
  private final RunLog log = newLog(new LogMemory());
  private final long start = System.nanoTime();

  private RunLog newLog(LogMemory memory) {
    return new RunLog(
        items,
        reporter,
        memory,
        WorkerTimeouts.defaults(),
        Clock.fixed(Instant.parse("2026-03-01T12:00:00.123456Z"), ZoneOffset.UTC));
  }

  @AfterEach
  void close() {
    reporter.close();
    client.close();
    docket.close();
  }

  private List<ReportItem.Log> received() {
    return docket.received(ReportItem.Log.class);
  }

  private List<String> messages() {
    List<String> messages = new ArrayList<>();
    received().forEach(item -> item.lines().forEach(line -> messages.add(line.message())));
    return messages;
  }

  private void tickLater() {
    log.tick(start + Duration.ofMinutes(1).toNanos());
  }

  private void sendEnd() {
    log.end();
    reporter.send(items.end(Outcome.success("done"), null), () -> true, response -> {});
  }

  @Test
  void sendsLinesWithTimeAndLevelOnceAnInterval() {
    reporter.start();
    log.add(Level.WARN, "first\nsecond");
    log.tick(start);
    tickLater();
    await().until(() -> received().size() == 1);

    assertThat(received().get(0).first()).isZero();
    assertThat(received().get(0).claimId()).isEqualTo("claim");
    assertThat(received().get(0).lines())
        .containsExactly(
            new ReportItem.LogLine("2026-03-01T12:00:00.123Z", "WARN", "first"),
            new ReportItem.LogLine("2026-03-01T12:00:00.123Z", "WARN", "second"));
  }

  @Test
  void sendsRemainingLinesBeforeTheEndOfTheRun() {
    for (int i = 0; i < 2 * RunLog.ITEM_LINES + 1; i++) {
      log.add(Level.INFO, "line " + i);
    }
    sendEnd();
    reporter.start();
    await().until(() -> docket.ends().size() == 1);

    assertThat(received()).extracting(ReportItem.Log::first).containsExactly(0L, 500L, 1000L);
    assertThat(docket.calls().stream().flatMap(List::stream).map(ReportItem::getClass))
        .last()
        .isEqualTo(ReportItem.Complete.class);
  }

  @Test
  void endThatMeetsResponseIsSentAfterAllLines() {
    reporter.start();
    String line = "x".repeat(RunLog.MAX_LINE_LENGTH);
    int lines = 2 * RunLog.ITEM_CHARS / RunLog.MAX_LINE_LENGTH;
    for (int round = 1; round <= 20; round++) {
      LogMemory memory = new LogMemory();
      RunLog each = newLog(memory);
      for (int i = 0; i < lines; i++) {
        each.add(Level.INFO, line);
      }
      while (memory.take(line.length())) {
        // The response to the first item will free some.
      }
      each.tick(start + Duration.ofMinutes(1).toNanos());
      while (!memory.take(line.length())) {
        Thread.onSpinWait();
      }
      each.end();
      reporter.send(items.end(Outcome.success("done"), null), () -> true, response -> {});
      reporterIdle();
    }
    assertThat(
            docket.calls().stream()
                .flatMap(List::stream)
                .map(item -> item.getClass().getSimpleName()))
        .containsExactlyElementsOf(
            Stream.generate(() -> List.of("Log", "Log", "Complete"))
                .limit(20)
                .flatMap(List::stream)
                .toList());
  }

  @Test
  void repeatsLinesUntilTheServerTakesThemAndDoesNotDelayTheEnd() {
    AtomicInteger calls = new AtomicInteger();
    docket.respondTo(
        ReportItem.Log.class,
        item -> calls.incrementAndGet() < 4 ? FakeDocket.rejected(503) : FakeDocket.accepted());
    log.add(Level.INFO, "line");
    sendEnd();
    reporter.start();
    await().until(() -> received().size() == 4);

    assertThat(received()).extracting(ReportItem.Log::first).containsOnly(0L);
    assertThat(docket.calls().get(0)).hasSize(2);
    assertThat(docket.ends()).hasSize(1);
  }

  @Test
  void fullBufferDropsOldestLinesAndSaysSo() {
    for (int i = 0; i < RunLog.MAX_LINES + 7; i++) {
      log.add(Level.INFO, "line " + i);
    }
    sendEnd();
    reporter.start();
    await().until(() -> docket.ends().size() == 1);

    assertThat(messages())
        .hasSize(RunLog.MAX_LINES + 1)
        .startsWith("[dropped lines: 7; they came faster than the server took them]", "line 7")
        .endsWith("line " + (RunLog.MAX_LINES + 6));
  }

  @Test
  void bufferIsBoundedInSize() {
    for (int i = 0; i < 1_000; i++) {
      log.add(Level.INFO, "x".repeat(8_000));
    }
    sendEnd();
    reporter.start();
    await().until(() -> docket.ends().size() == 1);

    assertThat(messages()).hasSize(1 + RunLog.MAX_CHARS / 8_000);
    assertThat(received()).hasSizeLessThan(20);
  }

  @Test
  void serverThatKeepsNoLogsGetsNoFurtherLines() {
    docket.respondTo(ReportItem.Log.class, item -> FakeDocket.rejected(400));
    reporter.start();
    log.add(Level.INFO, "rejected");
    tickLater();
    await()
        .until(
            () -> {
              log.add(Level.INFO, "probe");
              return received().size() >= 1 && messages().contains("rejected");
            });
    reporterIdle();
    int before = received().size();
    log.add(Level.INFO, "more");
    sendEnd();
    await().until(() -> docket.ends().size() == 1);

    assertThat(received()).hasSize(before);
  }

  private void reporterIdle() {
    await().until(() -> reporter.flush(Duration.ofSeconds(10)));
  }

  @Test
  void cutsLongTextsAndReplacesHalvesOfSurrogatePairs() {
    reporter.start();
    log.add(Level.INFO, "y".repeat(RunLog.MAX_LINE_LENGTH + 1));
    log.add(Level.INFO, "日本語\ud800 🎞️");
    log.add(Level.INFO, null);
    log.add(Level.INFO, "\n".repeat(RunLog.MAX_TEXT_LENGTH + 10));
    sendEnd();
    await().until(() -> docket.ends().size() == 1);

    assertThat(messages())
        .hasSizeLessThanOrEqualTo(RunLog.MAX_LINES + 1)
        .endsWith(" … [cut by the worker]");
  }

  @Test
  void ignoresLinesAfterTheEnd() {
    reporter.start();
    sendEnd();
    log.add(Level.INFO, "late");
    log.end();
    tickLater();
    await().until(() -> docket.ends().size() == 1);

    assertThat(received()).isEmpty();
  }
}
