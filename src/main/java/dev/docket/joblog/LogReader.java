package dev.docket.joblog;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.concurrent.Stages;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Places;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the logs of tasks. All methods block. */
public final class LogReader {

  /** The number of logs that are written to clients at the same time. */
  private static final int MAX_DOWNLOADS = 16;

  /** The number of clients that follow a log; each has a thread. */
  private static final int MAX_FOLLOWERS = 100;

  /** The size of the lines after which a page ends before its limit. */
  static final long MAX_PAGE_BYTES = 4L << 20;

  private final LogStore store;
  private final TaskService tasks;
  private final ObjectMapper mapper;
  private final Places downloads = new Places("downloads of logs", MAX_DOWNLOADS);
  private final Places followers = new Places("followers of logs", MAX_FOLLOWERS);

  public LogReader(LogStore store, TaskService tasks, ObjectMapper mapper) {
    this.store = store;
    this.tasks = tasks;
    this.mapper = mapper;
  }

  LogPage page(TaskId id, LogQuery query, int limit) {
    Task task = task(id);
    LogScan scan = scan(task, query);
    List<FoundLine> page = new ArrayList<>();
    long bytes = 0;
    boolean full = false;
    List<FoundLine> next = scan.next();
    while (!full && !next.isEmpty()) {
      for (FoundLine line : next) {
        bytes += line.line().bytes();
        full = page.size() == limit || (!page.isEmpty() && bytes > MAX_PAGE_BYTES);
        if (full) {
          break;
        }
        page.add(line);
      }
      next = full ? next : scan.next();
    }
    LogCursor last = page.isEmpty() ? query.after() : page.get(page.size() - 1).cursor();
    return new LogPage(
        id,
        task.run().attempt(),
        page.stream().map(FoundLine::view).toList(),
        last == null ? null : last.toString(),
        full,
        scan.truncated());
  }

  /** Writes the selected lines. */
  interface Download {
    void write(OutputStream out) throws IOException;
  }

  /** All lines as plain text. The task is read at once, and the lines when they are written. */
  Download text(TaskId id, LogQuery query, Principal caller) {
    LogScan scan = scan(task(id), query);
    return out ->
        write(
            scan, caller, line -> out.write((line.text() + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  /** All lines as NDJSON. The task is read at once, and the lines when they are written. */
  Download ndjson(TaskId id, LogQuery query, Principal caller) {
    LogScan scan = scan(task(id), query);
    return out ->
        write(
            scan,
            caller,
            line -> {
              out.write(mapper.writeValueAsBytes(line.view()));
              out.write('\n');
            });
  }

  private interface LineSink {
    void write(FoundLine line) throws IOException;
  }

  private void write(LogScan scan, Principal caller, LineSink sink) throws IOException {
    Places.Place place = downloads.take(caller);
    try (place) {
      List<FoundLine> lines = scan.next();
      while (!lines.isEmpty()) {
        for (FoundLine line : lines) {
          sink.write(line);
        }
        lines = scan.next();
      }
    }
  }

  /** Opens a stream of the selected lines and of those that follow. */
  LogFollower follow(TaskId id, LogQuery query, Principal caller) {
    List<LogId> logs = logs(task(id), query);
    return new LogFollower(this, id, query, logs, mapper, followers.take(caller));
  }

  Task task(TaskId id) {
    return Stages.join(tasks.get(id));
  }

  private LogScan scan(Task task, LogQuery query) {
    return scan(logs(task, query), query);
  }

  LogScan scan(List<LogId> logs, LogQuery query) {
    return new LogScan(store, logs, query.after(), query.minLevel());
  }

  /**
   * The selected logs in order of attempts. That of the current run needs no search, so its latest
   * lines are always found.
   */
  List<LogId> logs(Task task, LogQuery query) {
    LogId current = LogId.of(task);
    @Nullable Integer attempt = query.attempt();
    boolean onlyCurrent = attempt == null ? !query.all() : attempt == current.attempt();
    if (onlyCurrent) {
      return List.of(current);
    }
    if (attempt != null && attempt > current.attempt()) {
      throw InvalidRequest.field(
          "attempt", "must be between 1 and %d (was %d)".formatted(current.attempt(), attempt));
    }
    Stream<LogId> earlier =
        store.ofTask(task.id()).stream().filter(log -> log.attempt() < current.attempt());
    return attempt == null
        ? Stream.concat(earlier, Stream.of(current)).toList()
        : earlier.filter(log -> log.attempt() == attempt).toList();
  }
}
