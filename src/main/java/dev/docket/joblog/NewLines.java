package dev.docket.joblog;

import dev.docket.http.InvalidRequest;
import dev.docket.http.PayloadTooLarge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries to append, each of one line or several.
 *
 * @param first the number of the first entry among all that the worker sends for the run, from 0;
 *     the server recognizes a repetition by it. Null if the sender does not count
 */
public record NewLines(@Nullable Long first, List<Entry> entries) {

  /**
   * Text to append.
   *
   * @param at when it was written; null for now
   * @param text one line or several
   */
  public record Entry(@Nullable Instant at, LogLevel level, String text) {}

  public NewLines {
    entries = List.copyOf(entries);
  }

  /** Text without a number. */
  public static NewLines of(LogLevel level, String text) {
    return new NewLines(null, List.of(new Entry(null, level, text)));
  }

  /**
   * Splits the entries into lines, without those that were appended before.
   *
   * @param received the numbered entries that were appended before
   */
  List<LogLine> lines(Received received, LogLimits limits, Instant now) {
    List<LogLine> lines = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (first != null && received.contains(first + i)) {
        continue;
      }
      Entry entry = entries.get(i);
      Instant at = entry.at() == null ? now : entry.at();
      for (String message : LogText.lines(entry.text(), limits.lineLength())) {
        lines.add(new LogLine(at, entry.level(), message));
      }
    }
    return lines;
  }

  /** The numbered entries that have been received with these. */
  Received receivedAfter(Received before) {
    return first == null ? before : before.with(first, first + entries.size());
  }

  /** The number of lines, and their size in bytes. */
  record Size(int lines, long bytes) {}

  /** The size of the lines, once they are split and cut. */
  Size size(LogLimits limits) {
    List<LogLine> lines = lines(Received.NONE, limits, Instant.EPOCH);
    return new Size(lines.size(), lines.stream().mapToLong(LogLine::bytes).sum());
  }

  /**
   * Checks the limits of an append, and returns its size.
   *
   * @throws InvalidRequest if there is nothing to append
   * @throws PayloadTooLarge if there is too much; the message names the limit
   */
  Size requireWithin(LogLimits limits) {
    if (entries.isEmpty()) {
      throw InvalidRequest.field("/lines", "must have at least 1 item");
    }
    Size size = size(limits);
    if (size.lines() > limits.appendLines()) {
      throw new PayloadTooLarge(
          "one append must have at most %d lines (was %d); send them in several"
              .formatted(limits.appendLines(), size.lines()));
    }
    if (size.bytes() > limits.appendBytes()) {
      throw new PayloadTooLarge(
          "the lines of one append must have at most %d bytes (were %d); send them in several"
              .formatted(limits.appendBytes(), size.bytes()));
    }
    return size;
  }
}
