package dev.docket.elastic.record;

import dev.docket.joblog.LogChunk;
import dev.docket.joblog.LogEnd;
import dev.docket.joblog.LogId;
import dev.docket.joblog.LogLine;
import dev.docket.joblog.Received;
import dev.docket.task.RunRef;
import dev.docket.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a chunk of a log.
 *
 * @param chunk the number of the chunk
 * @param lines null if they were not read
 * @param totalLines the number of lines up to the end of the chunk
 * @param totalBytes the size of the lines up to the end of the chunk
 */
record LogRecord(
    TaskId taskId,
    int attempt,
    String run,
    int chunk,
    @Nullable List<LogLine> lines,
    long totalLines,
    long totalBytes,
    Received received,
    boolean truncated,
    Instant createdAt) {

  LogRecord {
    Objects.requireNonNull(taskId, "task_id");
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(received, "received");
    Objects.requireNonNull(createdAt, "created_at");
  }

  static LogRecord of(LogChunk chunk) {
    LogEnd end = chunk.end();
    return new LogRecord(
        chunk.log().task(),
        chunk.log().run().attempt(),
        chunk.log().run().token(),
        chunk.number(),
        chunk.lines(),
        end.lines(),
        end.bytes(),
        end.received(),
        end.truncated(),
        chunk.createdAt());
  }

  LogChunk logChunk() {
    return new LogChunk(
        new LogId(taskId, new RunRef(attempt, run)),
        lines == null ? List.of() : lines,
        new LogEnd(chunk + 1, totalLines, totalBytes, received, truncated),
        createdAt);
  }
}
