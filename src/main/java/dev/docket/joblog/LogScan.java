package dev.docket.joblog;

import dev.docket.concurrent.Stages;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of logs in order, a few chunks at a time. At the end it can be asked again, for
 * lines that were appended meanwhile to the last log. Blocks; not thread-safe.
 */
final class LogScan {

  /** The number of chunks of one read; it follows their size, so that a read has about 1 MiB. */
  private static final int MAX_CHUNKS = 32;

  private static final long FEW_BYTES = 256L << 10;
  private static final long MANY_BYTES = 1L << 20;

  private final LogStore store;
  private final List<LogId> logs;
  private final LogLevel minLevel;
  private int index;
  private int chunk;
  private int line;
  private int chunksOfRead = 4;
  private boolean truncated;

  /**
   * @param logs in order of attempts
   * @param after the line before the first one to read; null for the beginning
   */
  LogScan(LogStore store, List<LogId> logs, @Nullable LogCursor after, LogLevel minLevel) {
    this.store = store;
    this.logs = logs;
    this.minLevel = minLevel;
    if (after != null) {
      while (index < logs.size() && logs.get(index).attempt() < after.attempt()) {
        index++;
      }
      if (index < logs.size() && logs.get(index).attempt() == after.attempt()) {
        chunk = after.chunk();
        line = after.line() + 1;
      }
    }
  }

  /** The next lines; empty only at the end. */
  List<FoundLine> next() {
    List<FoundLine> found = new ArrayList<>();
    while (found.isEmpty() && index < logs.size()) {
      LogId log = logs.get(index);
      List<LogChunk> chunks =
          Stages.join(
              store.find(log, IntStream.range(chunk, chunk + chunksOfRead).boxed().toList()));
      boolean atEnd = chunks.size() < chunksOfRead;
      for (LogChunk read : chunks) {
        if (read.number() != chunk) {
          break;
        }
        add(read, found);
        truncated |= read.end().truncated();
        chunk++;
        line = 0;
      }
      adapt(chunks);
      if (atEnd) {
        if (index == logs.size() - 1) {
          return found;
        }
        index++;
        chunk = 0;
        line = 0;
      }
    }
    return found;
  }

  private void adapt(List<LogChunk> read) {
    long bytes = read.stream().mapToLong(LogChunk::bytes).sum();
    if (bytes > MANY_BYTES) {
      chunksOfRead = Math.max(1, chunksOfRead / 2);
    } else if (bytes < FEW_BYTES) {
      chunksOfRead = Math.min(MAX_CHUNKS, chunksOfRead * 2);
    }
  }

  private void add(LogChunk read, List<FoundLine> found) {
    List<LogLine> lines = read.lines();
    for (int i = line; i < lines.size(); i++) {
      if (lines.get(i).level().compareTo(minLevel) >= 0) {
        found.add(
            new FoundLine(
                new LogCursor(read.log().attempt(), read.number(), i),
                read.firstLine() + i,
                lines.get(i)));
      }
    }
  }

  /** Whether one of the logs read so far is full. */
  boolean truncated() {
    return truncated;
  }
}
