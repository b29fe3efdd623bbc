package dev.docket.joblog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogScanTest {

  private static final LogId FIRST = LogSamples.log("task", 1);
  private static final LogId THIRD = LogSamples.log("task", 3);

  private final MemoryLogStore store = new MemoryLogStore();

  private LogScan scan(LogCursor after, LogId... logs) {
    return new LogScan(store, List.of(logs), after, LogLevel.TRACE);
  }

  private void append(LogId log, int from, int end) {
    for (int i = from; i < end; i++) {
      store.create(LogSamples.chunk(log, i, LogSamples.NOW));
    }
  }

  private static List<String> rest(LogScan scan) {
    List<String> found = new ArrayList<>();
    List<FoundLine> next = scan.next();
    while (!next.isEmpty()) {
      next.forEach(line -> found.add(line.cursor() + " " + line.line().message()));
      next = scan.next();
    }
    return found;
  }

  @Test
  void readsLogsInOrder() {
    append(FIRST, 0, 2);
    append(THIRD, 0, 1);
    assertThat(rest(scan(null, FIRST, THIRD)))
        .containsExactly("1.0.0 line 0", "1.1.0 line 1", "3.0.0 line 0");
  }

  @Test
  void continuesAfterCursorAlsoOfRunThatIsNotRead() {
    append(FIRST, 0, 20);
    append(THIRD, 0, 1);
    assertThat(rest(scan(new LogCursor(1, 18, 0), FIRST, THIRD)))
        .containsExactly("1.19.0 line 19", "3.0.0 line 0");
    assertThat(rest(scan(new LogCursor(2, 7, 0), FIRST, THIRD))).containsExactly("3.0.0 line 0");
    assertThat(rest(scan(new LogCursor(3, 0, 0), FIRST, THIRD))).isEmpty();
    assertThat(rest(scan(new LogCursor(9, 0, 0), FIRST, THIRD))).isEmpty();
  }

  @Test
  void findsLinesThatAreAppendedAtTheEnd() {
    append(FIRST, 0, 8);
    LogScan scan = scan(null, FIRST);
    assertThat(rest(scan)).hasSize(8);
    assertThat(rest(scan)).isEmpty();
    append(FIRST, 8, 17);
    assertThat(rest(scan)).hasSize(9).startsWith("1.8.0 line 8").endsWith("1.16.0 line 16");
  }

  @Test
  void readsFewLargeChunksAndManySmallOnesAtOnce() {
    String half = "x".repeat(512 * 1024);
    for (int i = 0; i < 10; i++) {
      store.create(
          new LogChunk(
              FIRST,
              List.of(new LogLine(LogSamples.NOW, LogLevel.INFO, half)),
              new LogEnd(i + 1, i + 1, 1, Received.NONE, false),
              LogSamples.NOW));
    }
    append(FIRST, 10, 100);

    LogScan scan = scan(null, FIRST);
    List<Integer> sizes = new ArrayList<>();
    List<String> cursors = new ArrayList<>();
    for (List<FoundLine> next = scan.next(); !next.isEmpty(); next = scan.next()) {
      sizes.add(next.size());
      next.forEach(line -> cursors.add(line.cursor().toString()));
    }

    assertThat(cursors).isEqualTo(IntStream.range(0, 100).mapToObj(i -> "1." + i + ".0").toList());
    assertThat(sizes.subList(1, sizes.size() - 1).stream().limit(5)).allMatch(size -> size <= 2);
    assertThat(sizes).contains(16);
  }

  @Test
  void skipsLinesBelowTheLevel() {
    append(FIRST, 0, 100);
    store.create(
        new LogChunk(
            FIRST,
            List.of(
                new LogLine(LogSamples.NOW, LogLevel.INFO, "quiet"),
                new LogLine(LogSamples.NOW, LogLevel.ERROR, "loud")),
            new LogEnd(101, 102, 1, Received.NONE, true),
            LogSamples.NOW));
    LogScan scan = new LogScan(store, List.of(FIRST), null, LogLevel.WARN);
    assertThat(scan.next())
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.number()).isEqualTo(102);
              assertThat(line.cursor()).hasToString("1.100.1");
            });
    assertThat(scan.truncated()).isTrue();
  }

  @Test
  void cursorsAreReadBack() {
    LogCursor cursor = new LogCursor(12, 3, 456);
    assertThat(LogCursor.fromString(cursor.toString())).isEqualTo(cursor);
    for (String invalid : List.of("", "1", "1.2", "1.2.3.4", "a.b.c", "-1.0.0", "9999999999.0.0")) {
      assertThatThrownBy(() -> LogCursor.fromString(invalid))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
