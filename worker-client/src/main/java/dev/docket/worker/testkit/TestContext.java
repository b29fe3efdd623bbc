package dev.docket.worker.testkit;

import dev.docket.wire.ReportItem.NewResult;
import dev.docket.worker.Generator;
import dev.docket.worker.Outcome;
import dev.docket.worker.TaskContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what a handler says, and cancels it when it was asked to. */
final class TestContext implements TaskContext {

  private final Clock clock;
  private final @Nullable Integer cancelAt;
  private final List<TestRun.Said> said = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
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
    cancelIfDue(0);
  }

  /** Takes away an interrupt that the handler has not noticed. */
  synchronized void end() {
    handler = null;
    if (cancelled) {
      Thread.interrupted();
    }
  }

  synchronized List<TestRun.Said> said() {
    return List.copyOf(said);
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public synchronized void progress(int now, @Nullable String text) {
    message = text;
    progress(now);
  }

  @Override
  public synchronized void progress(int now) {
    percent = Math.max(0, Math.min(100, now));
    said.add(new TestRun.Said(percent, stage, message));
    cancelIfDue(percent);
  }

  private void cancelIfDue(int now) {
    if (cancelAt != null && now >= cancelAt && !cancelled) {
      cancelled = true;
      if (handler != null) {
        handler.interrupt();
      }
    }
  }

  @Override
  public synchronized void stage(String now) {
    stage = now;
    said.add(new TestRun.Said(percent, stage, message));
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
  public synchronized void log(String line) {
    lines.add(line);
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
