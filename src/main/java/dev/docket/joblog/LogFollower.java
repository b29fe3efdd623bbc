package dev.docket.joblog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.events.FrameSource;
import dev.docket.events.ServerSentEvents;
import dev.docket.http.Places;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the logs of a task: supplies an event {@code line} for each line, and {@code end} when
 * the run has ended and all lines were supplied. Reads the next chunk by its number again and
 * again, so it finds the lines of all servers. While the store is unreachable, it waits.
 */
final class LogFollower implements FrameSource {

  private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

  /** How long after the end of a run its last lines may arrive. */
  private static final Duration LATE_LINES = Duration.ofSeconds(1);

  /** The data of an event {@code end}: the task's state then, null if the task was deleted. */
  record End(@Nullable Integer attempt, @Nullable Integer state, boolean truncated) {}

  private final LogReader reader;
  private final TaskId task;
  private final LogQuery query;
  private final ObjectMapper mapper;
  private final Places.Place place;
  private List<LogId> logs;
  private LogScan scan;
  private @Nullable Long runEndedAt;
  private boolean ended;

  /** Guarded by this. */
  private boolean closed;

  LogFollower(
      LogReader reader,
      TaskId task,
      LogQuery query,
      List<LogId> logs,
      ObjectMapper mapper,
      Places.Place place) {
    this.reader = reader;
    this.task = task;
    this.query = query;
    this.logs = logs;
    this.mapper = mapper;
    this.place = place;
    this.scan = reader.scan(logs, query);
  }

  /** Called by one thread at a time. */
  @Override
  public Optional<byte[]> next(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!ended && awaitPoll(Duration.ZERO)) {
      Optional<byte[]> frame = poll();
      if (frame.isPresent()) {
        return frame;
      }
      if (deadline - System.nanoTime() <= 0) {
        return Optional.of(ServerSentEvents.KEEP_ALIVE);
      }
      if (!awaitPoll(POLL_INTERVAL)) {
        break;
      }
    }
    return Optional.empty();
  }

  private Optional<byte[]> poll() {
    try {
      List<FoundLine> lines = scan.next();
      return lines.isEmpty() ? Optional.ofNullable(onIdle(reader.task(task))) : frame(lines);
    } catch (TaskNotFound deleted) {
      return Optional.of(end(null));
    } catch (StoreUnavailable e) {
      LOG.debug("Waiting for the store to follow the log of task {}", task, e);
      return Optional.empty();
    }
  }

  /** There are no lines now. Returns the last frame if there will be no more. */
  private byte @Nullable [] onIdle(Task current) {
    LogId last = logs.isEmpty() ? null : logs.get(logs.size() - 1);
    boolean superseded = last == null || !current.isCurrentRun(last.run());
    if (!superseded && !current.state().isFinished()) {
      runEndedAt = null;
      return null;
    }
    long now = System.nanoTime();
    if (runEndedAt == null) {
      runEndedAt = now;
    }
    if (now - runEndedAt < LATE_LINES.toNanos()) {
      return null;
    }
    if (superseded && query.all()) {
      continueWithLaterRuns(current, last);
      return null;
    }
    return end(current);
  }

  private void continueWithLaterRuns(Task current, @Nullable LogId last) {
    int attempt = last == null ? 0 : last.attempt();
    logs = reader.logs(current, query).stream().filter(log -> log.attempt() > attempt).toList();
    scan = reader.scan(logs, query);
    runEndedAt = null;
  }

  private byte[] end(@Nullable Task current) {
    ended = true;
    return ServerSentEvents.event(
        "",
        "end",
        json(
            new End(
                current == null ? null : current.run().attempt(),
                current == null ? null : current.state().number(),
                scan.truncated())));
  }

  private Optional<byte[]> frame(List<FoundLine> lines) {
    ByteArrayOutputStream events = new ByteArrayOutputStream();
    for (FoundLine line : lines) {
      events.writeBytes(
          ServerSentEvents.event(line.cursor().toString(), "line", json(line.view())));
    }
    return Optional.of(events.toByteArray());
  }

  private String json(Object data) {
    try {
      return mapper.writeValueAsString(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot serialize an event", e);
    }
  }

  /** Waits until the next poll; false if the stream was closed. */
  private synchronized boolean awaitPoll(Duration delay) throws InterruptedException {
    long end = System.nanoTime() + delay.toNanos();
    long remaining = delay.toNanos();
    while (!closed && remaining > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, remaining);
      remaining = end - System.nanoTime();
    }
    return !closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    place.close();
    notifyAll();
  }
}
