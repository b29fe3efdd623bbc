package dev.docket.worker;

import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportItem.NewResult;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The context of a handler in a worker. */
final class RunContext implements TaskContext {

  private final RunHeartbeat heartbeat;
  private final Consumer<String> serverLog;
  private final BooleanSupplier cancelled;
  private final Clock clock;
  private final List<NewResult> results = new ArrayList<>();

  RunContext(
      RunHeartbeat heartbeat, Consumer<String> serverLog, BooleanSupplier cancelled, Clock clock) {
    this.heartbeat = heartbeat;
    this.serverLog = serverLog;
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
  public void log(String line) {
    serverLog.accept(PlainText.of(line));
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
