package dev.docket.joblog;

import dev.docket.task.RunRef;
import dev.docket.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Values for the tests of logs. */
public final class LogSamples {

  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");
  static final LogLimits LIMITS = new LogLimits(100, 10, 1_000, 50, 2_000);

  private LogSamples() {}

  public static LogId log(String task, int attempt) {
    return new LogId(new TaskId(task), new RunRef(attempt, "run-" + attempt));
  }

  public static LogChunk chunk(LogId log, int number, Instant createdAt) {
    return new LogChunk(
        log,
        List.of(new LogLine(NOW, LogLevel.INFO, "line " + number)),
        new LogEnd(number + 1, number + 1, 7L * (number + 1), Received.NONE, false),
        createdAt);
  }

  /** Lines without a number. */
  static NewLines lines(String... texts) {
    return new NewLines(null, entries(texts));
  }

  /** Lines of a worker that counts them. */
  static NewLines numbered(long first, String... texts) {
    return new NewLines(first, entries(texts));
  }

  /** Lines with the numbers of a range as their text. */
  static NewLines range(int first, int end) {
    return numbered(
        first, IntStream.range(first, end).mapToObj(String::valueOf).toArray(String[]::new));
  }

  private static List<NewLines.Entry> entries(String... texts) {
    return java.util.Arrays.stream(texts)
        .map(text -> new NewLines.Entry(NOW, LogLevel.INFO, text))
        .toList();
  }

  /** The messages of all lines, each chunk in brackets. */
  static String text(List<LogChunk> chunks) {
    return chunks.stream()
        .map(
            chunk ->
                chunk.lines().stream()
                    .map(LogLine::message)
                    .collect(Collectors.joining(",", "[", "]")))
        .collect(Collectors.joining());
  }
}
