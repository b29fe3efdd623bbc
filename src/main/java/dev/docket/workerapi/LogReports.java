package dev.docket.workerapi;

import dev.docket.concurrent.Stages;
import dev.docket.http.InvalidRequest;
import dev.docket.http.ServerBusy;
import dev.docket.joblog.Appended;
import dev.docket.joblog.LogId;
import dev.docket.joblog.LogLevel;
import dev.docket.joblog.NewLines;
import dev.docket.joblog.TaskLogs;
import dev.docket.task.RunRef;
import dev.docket.task.TaskId;
import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Appends what workers report for the logs of their runs. */
final class LogReports {

  static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final TaskLogs logs;

  LogReports(TaskLogs logs) {
    this.logs = logs;
  }

  /**
   * Appends the lines of an item. If lines are dropped the response says so, and is still 200: the
   * worker does not send them again.
   *
   * @param onBegun called when the run has been checked and the lines wait for the store
   * @throws dev.docket.http.Problem if the lines are invalid or exceed a limit
   */
  CompletionStage<ReportResponse> append(TaskId task, ReportItem.Log item, Runnable onBegun) {
    LogId log = new LogId(task, new RunRef(item.attempt(), item.run()));
    TaskLogs.Append append = logs.append(log, item.claimId(), lines(item));
    return append
        .begun()
        .whenComplete((begun, failure) -> onBegun.run())
        .thenCompose(begun -> withinTimeout(append.appended()))
        .thenApply(
            appended ->
                appended.dropped() == 0
                    ? ReportResponses.ok()
                    : ReportResponses.ok(
                        "the log of the run is full; dropped lines: " + appended.dropped()));
  }

  /** The other items of the report wait for this response. The append itself goes on. */
  private static CompletionStage<Appended> withinTimeout(CompletionStage<Appended> append) {
    return append
        .toCompletableFuture()
        .copy()
        .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              Throwable cause = Stages.cause(failure);
              if (cause instanceof TimeoutException) {
                throw new ServerBusy("the lines are not stored yet; send them again");
              }
              throw cause instanceof RuntimeException known
                  ? known
                  : new CompletionException(cause);
            });
  }

  /**
   * The lines of an item.
   *
   * @throws InvalidRequest that names the invalid field
   */
  static NewLines lines(ReportItem.Log item) {
    @Nullable List<ReportItem.LogLine> lines = item.lines();
    @Nullable String message = item.message();
    if (lines == null && message != null) {
      return new NewLines(
          item.first(), List.of(new NewLines.Entry(null, level("/level", item.level()), message)));
    }
    List<NewLines.Entry> entries = new ArrayList<>();
    if (lines != null) {
      for (int i = 0; i < lines.size(); i++) {
        entries.add(entry("/lines/" + i, lines.get(i)));
      }
    }
    return new NewLines(item.first(), entries);
  }

  /** The reader of the report requires neither the line nor its message. */
  private static NewLines.Entry entry(String pointer, ReportItem.@Nullable LogLine line) {
    @Nullable String message = line == null ? null : line.message();
    if (line == null || message == null) {
      throw InvalidRequest.field(pointer + "/message", "is required");
    }
    return new NewLines.Entry(
        time(pointer + "/at", line.at()), level(pointer + "/level", line.level()), message);
  }

  private static LogLevel level(String pointer, @Nullable String text) {
    try {
      return text == null ? LogLevel.INFO : LogLevel.fromString(text);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.field(pointer, String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Instant time(String pointer, @Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw InvalidRequest.field(pointer, "must be a time such as 2026-03-01T12:00:00.123Z");
    }
  }
}
