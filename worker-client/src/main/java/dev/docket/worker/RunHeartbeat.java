package dev.docket.worker;

import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportResponse;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the heartbeats and progress of one run. It reports once each third of the lease, from the
 * claim until the server has accepted or rejected the end of the run. A progress report replaces a
 * heartbeat. The first report after the handler has started says so; it is sent after a short
 * delay, so that a short run needs none. A heartbeat is due at once for a run that a poll granted:
 * it tells the server that the run has arrived, before a handler can end the process. Only one
 * report is in flight at a time; meanwhile only the latest progress is kept. Thread-safe.
 */
final class RunHeartbeat {

  private static final long RETRY_DELAY_NANOS = Duration.ofSeconds(1).toNanos();

  private final RunItems items;
  private final Reporter reporter;
  private final WorkerTimeouts timeouts;
  private final long intervalNanos;
  private final Consumer<ReportResponse> listener;

  private final long leasedAt = System.nanoTime();

  private boolean running;
  private long startedAt;
  private long lastReportAt;
  private long nextReportAt;
  private int inFlight;
  private boolean startAccepted;
  private boolean progressPending;
  private @Nullable Integer percent;
  private @Nullable String stage;
  private @Nullable String message;

  /**
   * @param listener receives every response that is a decision, on the reporter's thread
   */
  RunHeartbeat(
      RunItems items,
      Lease lease,
      Reporter reporter,
      WorkerTimeouts timeouts,
      Consumer<ReportResponse> listener) {
    this.items = items;
    this.reporter = reporter;
    this.timeouts = timeouts;
    this.intervalNanos = lease.heartbeatInterval().toNanos();
    this.listener = listener;
    this.lastReportAt = leasedAt;
    this.nextReportAt = lease.provisional() ? lastReportAt : lastReportAt + intervalNanos;
  }

  /** The handler has started. */
  synchronized void handlerStarted() {
    running = true;
    startedAt = System.nanoTime();
    nextReportAt = Math.min(nextReportAt, startedAt + timeouts.firstReportDelay().toNanos());
  }

  /** The handler and the upload of its results have ended. From here only heartbeats are sent. */
  synchronized void handlerEnded() {
    running = false;
  }

  /** Updates the progress. A null argument keeps the previous value. */
  synchronized void progress(
      @Nullable Integer newPercent, @Nullable String newStage, @Nullable String newMessage) {
    percent = newPercent == null ? percent : newPercent;
    stage = newStage == null ? stage : newStage;
    message = newMessage == null ? message : newMessage;
    progressPending = true;
  }

  /** Sends the report that is due, if any. */
  void tick(long now) {
    ReportItem start = null;
    ReportItem item = null;
    synchronized (this) {
      if (inFlight > 0 || (now - nextReportAt < 0 && !progressDue(now))) {
        return;
      }
      lastReportAt = now;
      nextReportAt = now + intervalNanos;
      if (running && !startAccepted) {
        start = items.started(Duration.ofNanos(startedAt - leasedAt));
      }
      if (running && progressPending) {
        progressPending = false;
        item = items.progress(percent, stage, message);
      } else if (start == null) {
        item = items.heartbeat();
      }
      inFlight = (start == null ? 0 : 1) + (item == null ? 0 : 1);
    }
    if (start != null) {
      send(start);
    }
    if (item != null) {
      send(item);
    }
  }

  private boolean progressDue(long now) {
    return running
        && progressPending
        && now - startedAt >= timeouts.firstReportDelay().toNanos()
        && now - lastReportAt >= timeouts.progressInterval().toNanos();
  }

  private void send(ReportItem item) {
    reporter.sendOnce(item, response -> onResponse(item, response));
  }

  private void onResponse(ReportItem item, @Nullable ReportResponse response) {
    boolean decided = response != null && !response.undecided();
    synchronized (this) {
      inFlight--;
      if (!decided) {
        nextReportAt = Math.min(nextReportAt, System.nanoTime() + RETRY_DELAY_NANOS);
        progressPending |= item instanceof ReportItem.Progress;
      } else if (item instanceof ReportItem.Started) {
        startAccepted |= response != null && response.accepted();
      }
    }
    if (decided && response != null) {
      listener.accept(response);
    }
  }
}
