package dev.docket.worker.testkit;

import dev.docket.wire.ReportItem.NewResult;
import dev.docket.worker.Generator;
import dev.docket.worker.Outcome;
import dev.docket.worker.TaskContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Records the calls of a handler, and cancels the run at a configured percentage. */
final class TestContext implements TaskContext {

  private final Clock clock;
  private final @Nullable Integer cancelAt;
  private final List<TestRun.Said> reports = new ArrayList<>();
  private final List<String> logLines = new ArrayList<>();
  private final List<NewResult> results = new ArrayList<>();
  private @Nullable Thread handler;
  private boolean cancelled;
  private @Nullable Integer percent;
  private @Nullable String stage;
  private @Nullable String message;

  TestContext(Clock clock, @Nullable Integer cancelAt) {
    this.clock = clock;
    this.cancelAt = cancelAt;
  }

  synchronized void begin() {
    handler = Thread.currentThread();
    cancelIfReached(0);
  }

  /** Clears an interrupt that the handler has not consumed. */
  synchronized void end() {
    handler = null;
    if (cancelled) {
      Thread.interrupted();
    }
  }

  synchronized List<TestRun.Said> reports() {
    return List.copyOf(reports);
  }

  synchronized List<String> logLines() {
    return List.copyOf(logLines);
  }

  @Override
  public synchronized void progress(int newPercent, @Nullable String newMessage) {
    message = newMessage;
    progress(newPercent);
  }

  @Override
  public synchronized void progress(int newPercent) {
    percent = Math.max(0, Math.min(100, newPercent));
    reports.add(new TestRun.Said(percent, stage, message));
    cancelIfReached(percent);
  }

  private void cancelIfReached(int reachedPercent) {
    if (cancelAt != null && reachedPercent >= cancelAt && !cancelled) {
      cancelled = true;
      if (handler != null) {
        handler.interrupt();
      }
    }
  }

  @Override
  public synchronized void stage(String newStage) {
    stage = newStage;
    reports.add(new TestRun.Said(percent, stage, message));
  }

  @Override
  public synchronized void result(Object payload) {
    results.addAll(Outcome.success("").result(payload).results());
  }

  @Override
  public synchronized void result(Object payload, Generator generator) {
    results.addAll(Outcome.success("").result(payload, generator).results());
  }

  @Override
  public synchronized List<NewResult> results() {
    return List.copyOf(results);
  }

  @Override
  public synchronized void log(Level level, String text) {
    logLines.add(text);
  }

  @Override
  public synchronized boolean cancelled() {
    return cancelled;
  }

  @Override
  public Clock clock() {
    return clock;
  }
}
