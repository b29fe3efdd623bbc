package dev.docket.joblog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.concurrent.Stages;
import dev.docket.joblog.LogStore.ChunkName;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of {@link LogStore}. The tests share a store, so each uses its own ids. */
public interface LogStoreContract {

  Instant LONG_AGO = Instant.parse("1990-01-01T00:00:00.001Z");

  LogStore logs();

  /** Makes all writes visible to searches. */
  void refresh();

  private ChunkName stored(LogId log, int number, Instant at) {
    assertThat(Stages.join(logs().create(LogSamples.chunk(log, number, at))))
        .isInstanceOf(WriteOutcome.Stored.class);
    return new ChunkName(log, number, at);
  }

  @Test
  default void findsStoredChunkUnchangedAtOnce() {
    LogChunk chunk =
        new LogChunk(
            LogSamples.log("whole", 3),
            List.of(
                new LogLine(LogSamples.NOW, LogLevel.WARN, "日本語 🎞️ \"quoted\" \ufffd\t"),
                new LogLine(LONG_AGO, LogLevel.TRACE, "")),
            new LogEnd(1, 2, 1L << 40, new Received(7, List.of(new Received.Gap(2, 4))), true),
            LogSamples.NOW);
    Stages.join(logs().create(chunk));

    assertThat(Stages.join(logs().find(chunk.log(), List.of(1, 0)))).containsExactly(chunk);
    assertThat(Stages.join(logs().ends(chunk.log(), List.of(0, 1))))
        .containsOnlyKeys(0)
        .containsEntry(0, chunk.end());
    assertThat(Stages.join(logs().find(LogSamples.log("whole", 2), List.of(0)))).isEmpty();
  }

  @Test
  default void numberIsTakenOnce() {
    LogId log = LogSamples.log("taken", 1);
    stored(log, 0, LONG_AGO);
    assertThat(Stages.join(logs().create(LogSamples.chunk(log, 0, LogSamples.NOW))))
        .isInstanceOf(WriteOutcome.Conflict.class);
    assertThat(Stages.join(logs().find(log, List.of(0))).get(0).createdAt()).isEqualTo(LONG_AGO);
  }

  @Test
  default void findsLogsAndChunksOfTask() {
    LogId second = LogSamples.log("mine", 2);
    LogId tenth = LogSamples.log("mine", 10);
    List<ChunkName> all =
        List.of(
            stored(tenth, 0, LONG_AGO),
            stored(second, 0, LONG_AGO),
            stored(second, 1, LONG_AGO),
            stored(second, 2, LONG_AGO));
    stored(LogSamples.log("other", 1), 0, LONG_AGO);

    assertThat(logs().ofTask(new TaskId("mine"))).containsExactly(second, tenth);
    refresh();
    List<ChunkName> paged = new ArrayList<>(logs().chunks(new TaskId("mine"), null, 3));
    paged.addAll(logs().chunks(new TaskId("mine"), paged.get(2), 3));
    assertThat(paged).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  default void removesChunk() {
    LogId log = LogSamples.log("removed", 1);
    stored(log, 0, LONG_AGO);
    assertThat(Stages.join(logs().remove(log, 0))).isInstanceOf(WriteOutcome.Stored.class);
    assertThat(Stages.join(logs().remove(log, 0))).isInstanceOf(WriteOutcome.Conflict.class);
    assertThat(Stages.join(logs().find(log, List.of(0)))).isEmpty();
  }

  @Test
  default void pagesChunksByAge() {
    Instant early = Instant.parse("1980-01-01T00:00:00.001Z");
    LogId one = LogSamples.log("aged-a", 1);
    LogId two = LogSamples.log("aged-b", 2);
    List<ChunkName> all =
        List.of(
            stored(one, 0, early),
            stored(one, 1, early),
            stored(two, 0, early),
            stored(one, 2, early.plusMillis(1)));
    stored(one, 3, early.plusMillis(2));
    refresh();

    List<ChunkName> paged = new ArrayList<>();
    List<ChunkName> page;
    do {
      page =
          logs()
              .writtenBefore(
                  early.plusMillis(2), paged.isEmpty() ? null : paged.get(paged.size() - 1), 2);
      paged.addAll(page);
    } while (!page.isEmpty());
    assertThat(paged).containsExactlyElementsOf(all);
  }
}
