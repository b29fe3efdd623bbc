package dev.docket.joblog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a log stores of several appends at its end: a pure function of the end and the appends.
 *
 * @param lines the lines of the next chunk
 * @param end the end of the log with that chunk
 * @param dropped for each append, how many of its lines are dropped because the log is full
 */
record ChunkDraft(List<LogLine> lines, LogEnd end, List<Integer> dropped) {

  static ChunkDraft of(LogEnd before, List<NewLines> appends, LogLimits limits, Instant now) {
    List<LogLine> kept = new ArrayList<>();
    List<Integer> dropped = new ArrayList<>();
    long bytes = before.bytes();
    Received received = before.received();
    boolean truncated = before.truncated();
    for (NewLines append : appends) {
      int lost = 0;
      for (LogLine line : append.lines(received, limits, now)) {
        boolean fits =
            before.lines() + kept.size() < limits.runLines()
                && bytes + line.bytes() <= limits.runBytes();
        if (!truncated && fits) {
          kept.add(line);
          bytes += line.bytes();
        } else {
          if (!truncated) {
            kept.add(new LogLine(now, LogLevel.WARN, fullMessage(limits)));
          }
          truncated = true;
          lost++;
        }
      }
      received = append.receivedAfter(received);
      dropped.add(lost);
    }
    return new ChunkDraft(
        kept,
        new LogEnd(before.chunks() + 1, before.lines() + kept.size(), bytes, received, truncated),
        dropped);
  }

  private static String fullMessage(LogLimits limits) {
    return "[the log of this run is full (at most %d lines and %d bytes); further lines are dropped]"
        .formatted(limits.runLines(), limits.runBytes());
  }

  /** Whether nothing has to be stored: all lines were stored before, or all are dropped. */
  boolean isEmpty() {
    return lines.isEmpty();
  }
}
