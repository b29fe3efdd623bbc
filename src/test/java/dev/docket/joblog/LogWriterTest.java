package dev.docket.joblog;

import static dev.docket.joblog.LogSamples.LIMITS;
import static dev.docket.joblog.LogSamples.lines;
import static dev.docket.joblog.LogSamples.numbered;
import static dev.docket.joblog.LogSamples.range;
import static dev.docket.joblog.LogSamples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.concurrent.Stages;
import dev.docket.store.StoreUnavailable;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two writers stand for two servers that share a store. */
final class LogWriterTest {

  private static final LogId LOG = LogSamples.log("task", 1);

  private final MemoryLogStore store = new MemoryLogStore();
  private final LogWriter a = writer(LIMITS);
  private final LogWriter b = writer(LIMITS);

  private LogWriter writer(LogLimits limits) {
    return new LogWriter(store, LOG, limits, Clock.fixed(LogSamples.NOW, ZoneOffset.UTC));
  }

  private static int append(LogWriter writer, NewLines lines) {
    return Stages.join(writer.append(lines, lines.size(LIMITS))).dropped();
  }

  @Test
  void serversContinueEachOthersChunks() {
    append(a, lines("1"));
    append(b, lines("2"));
    append(b, lines("3"));
    append(a, lines("4", "5"));

    assertThat(text(store.all())).isEqualTo("[1][2][3][4,5]");
    assertThat(store.all().get(3).end()).isEqualTo(new LogEnd(4, 5, 10, Received.NONE, false));
    assertThat(store.all().get(3).firstLine()).isEqualTo(4);
  }

  @Test
  void repeatedAppendAfterLostResponseIsStoredOnce() {
    store.loseResponses(true);
    assertThatThrownBy(() -> append(a, range(0, 3))).isInstanceOf(StoreUnavailable.class);
    store.loseResponses(false);

    append(b, range(0, 3));
    append(a, range(0, 3));
    append(a, range(0, 5));

    assertThat(text(store.all())).isEqualTo("[0,1,2][3,4]");
  }

  @Test
  void appendsThatOvertakeEachOtherAreAllStored() {
    append(a, range(0, 2));
    append(a, range(4, 6));
    append(b, range(2, 4));
    append(b, range(4, 6));

    assertThat(text(store.all())).isEqualTo("[0,1][4,5][2,3]");
  }

  @Test
  void unnumberedLinesBetweenNumberedOnesDoNotCount() {
    append(a, numbered(0, "w0"));
    append(b, lines("person"));
    append(a, numbered(1, "w1"));

    assertThat(text(store.all())).isEqualTo("[w0][person][w1]");
  }

  @Test
  void failedAppendDoesNotStopLaterOnes() {
    store.down(true);
    assertThatThrownBy(() -> append(a, range(0, 1))).isInstanceOf(StoreUnavailable.class);
    store.down(false);
    append(a, range(0, 1));
    assertThat(text(store.all())).isEqualTo("[0]");
  }

  @Test
  void dropsAndCountsLinesBeyondTheLinesOfRun() {
    for (int i = 0; i < 5; i++) {
      append(a, range(10 * i, 10 * i + 10));
    }
    assertThat(append(b, range(50, 53))).isEqualTo(3);
    assertThat(append(a, range(53, 55))).isEqualTo(2);
    assertThat(append(a, lines("more"))).isEqualTo(1);

    assertThat(store.all()).hasSize(6);
    LogChunk last = store.all().get(5);
    assertThat(last.end().truncated()).isTrue();
    assertThat(last.lines())
        .singleElement()
        .satisfies(line -> assertThat(line.message()).contains("is full", "50 lines"));
  }

  @Test
  void dropsLinesBeyondTheBytesOfRun() {
    String text = "é".repeat(49);
    for (int i = 0; i < 20; i++) {
      assertThat(append(i % 2 == 0 ? a : b, lines(text))).isZero();
    }
    assertThat(append(a, lines(text, "", text))).isEqualTo(2 + 1 - 1 + 1);
    assertThat(store.all().get(19).end().bytes()).isEqualTo(20 * 99);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 15, 16, 17, 49, 50})
  void findsEndOfLogOfAnyLength(int chunks) {
    for (int i = 0; i < chunks; i++) {
      store.create(LogSamples.chunk(LOG, i, LogSamples.NOW));
    }
    assertThat(Stages.join(LastChunk.find(store, LOG, LIMITS)).chunks()).isEqualTo(chunks);
  }

  @Test
  void findsEndOfLogThatIsLongerThanTheLimit() {
    for (int i = 0; i < 1_000; i++) {
      store.create(LogSamples.chunk(LOG, i, LogSamples.NOW));
    }
    assertThat(Stages.join(LastChunk.find(store, LOG, LIMITS)).chunks()).isEqualTo(1_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void everyLineIsStoredExactlyOnceWhateverIsRepeated(int seed) {
    LogLimits wide = new LogLimits(100, 10, 1_000, 10_000, 100_000);
    List<LogWriter> servers = List.of(writer(wide), writer(wide));
    Random random = new Random(seed);
    List<NewLines> open = new ArrayList<>();
    IntStream.range(0, 60).forEach(i -> open.add(range(5 * i, 5 * i + 5)));
    while (!open.isEmpty()) {
      NewLines next = open.get(random.nextInt(Math.min(3, open.size())));
      store.loseResponses(random.nextInt(4) == 0);
      store.down(random.nextInt(6) == 0);
      servers
          .get(random.nextInt(2))
          .append(next, next.size(wide))
          .thenAccept(
              appended -> {
                // A response can be lost on its way to the worker too.
                if (random.nextBoolean()) {
                  open.remove(next);
                }
              });
      store.down(false);
      store.loseResponses(false);
    }
    assertThat(store.all().stream().flatMap(chunk -> chunk.lines().stream()).map(LogLine::message))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 300).mapToObj(String::valueOf).toList());
  }
}
