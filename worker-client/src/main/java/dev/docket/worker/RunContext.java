package dev.docket.worker;

import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportItem.NewResult;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** The context of a handler in a worker. */
final class RunContext implements TaskContext {

  private final RunHeartbeat heartbeat;
  private final RunLog log;
  private final BooleanSupplier cancelled;
  private final Clock clock;
  private final List<NewResult> results = new ArrayList<>();

  RunContext(RunHeartbeat heartbeat, RunLog log, BooleanSupplier cancelled, Clock clock) {
    this.heartbeat = heartbeat;
    this.log = log;
    this.cancelled = cancelled;
    this.clock = clock;
  }

  @Override
  public void progress(int percent, @Nullable String message) {
    heartbeat.progress(clamp(percent), null, PlainText.of(message));
  }

  @Override
  public void progress(int percent) {
    heartbeat.progress(clamp(percent), null, null);
  }

  private static int clamp(int percent) {
    return Math.max(0, Math.min(100, percent));
  }

  @Override
  public void stage(String stage) {
    heartbeat.progress(null, PlainText.of(stage), null);
  }

  @Override
  public void result(Object payload) {
    add(new NewResult(WireJson.tree(payload), null));
  }

  @Override
  public void result(Object payload, Generator generator) {
    add(new NewResult(WireJson.tree(payload), generator.wire()));
  }

  private void add(NewResult result) {
    synchronized (results) {
      results.add(result);
    }
  }

  @Override
  public List<ReportItem.NewResult> results() {
    synchronized (results) {
      return List.copyOf(results);
    }
  }

  @Override
  public void log(Level level, String text) {
    log.add(level, text);
  }

  @Override
  public boolean cancelled() {
    return cancelled.getAsBoolean();
  }

  @Override
  public Clock clock() {
    return clock;
  }
}
