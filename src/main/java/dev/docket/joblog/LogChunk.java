package dev.docket.joblog;

import java.time.Instant;
import java.util.List;

/**
 * Consecutive lines of a log, stored together. The chunks of a log are numbered from 0 without
 * gaps.
 *
 * @param end the end of the log with this chunk
 * @param createdAt when the server stored it
 */
public record LogChunk(LogId log, List<LogLine> lines, LogEnd end, Instant createdAt) {

  public LogChunk {
    lines = List.copyOf(lines);
  }

  /** The number of the chunk. */
  public int number() {
    return end.chunks() - 1;
  }

  /** The size of its lines. */
  long bytes() {
    return lines.stream().mapToLong(LogLine::bytes).sum();
  }

  /** The number of its first line in the log, from 1. */
  long firstLine() {
    return end.lines() - lines.size() + 1;
  }
}
