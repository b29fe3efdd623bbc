package dev.docket.counts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.document.DocumentSamples;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CountsSweepTest {

  private static final Duration RECOUNT = Duration.ofHours(6);

  private final MemoryTaskStore store = new MemoryTaskStore();
  private final LatestCounts latest = new LatestCounts();
  private final RecordingCounts counts = new RecordingCounts();
  private Instant now = DocumentSamples.CREATED;
  private final CountsSweep sweep =
      new CountsSweep(
          counts,
          latest,
          RECOUNT,
          new SettableClock(),
          () -> Duration.between(Instant.EPOCH, now).toNanos());

  /** Counts that record the calls, and can be slow or fail. */
  private final class RecordingCounts implements Counts {
    private final Counts real = new MemoryCounts(store, List::of, () -> 7);
    private final List<String> calls = new ArrayList<>();
    private Duration duration = Duration.ZERO;
    private boolean fullCountFails;

    @Override
    public EndedTasks ended(@Nullable Instant after, @Nullable Instant upTo) {
      if (after == null) {
        calls.add("all");
        now = now.plus(duration);
        if (fullCountFails) {
          throw new StoreUnavailable("timeout");
        }
      }
      return real.ended(after, upTo);
    }

    @Override
    public RecentWork recent(Instant since) {
      calls.add("recent");
      now = now.plus(duration);
      return real.recent(since);
    }

    @Override
    public Stored stored() {
      return real.stored();
    }
  }

  private final class SettableClock extends Clock {
    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private Task createEnded(String key) {
    Task task = TaskSamples.ended(TaskSamples.task(key), TaskState.SUCCESS, now, 5L, null);
    store.create(task).toCompletableFuture().join();
    return task;
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private void remove(Task task) {
    var found = store.find(task.id()).toCompletableFuture().join().orElseThrow();
    store.remove(task.id(), found.version()).toCompletableFuture().join();
  }

  private long endedTotal() {
    LatestCounts.Ended ended = latest.ended();
    return ended == null ? -1 : ended.tasks().total();
  }

  @Test
  void publishesNothingBeforeFirstRun() {
    createEnded("ASR");
    assertThat(latest.ended()).isNull();
    assertThat(latest.recent()).isNull();
    assertThat(latest.records()).isNull();
    sweep.run();
    assertThat(endedTotal()).isEqualTo(1);
    assertThat(latest.recent().work().keys()).hasSize(1);
    assertThat(latest.records().stored().results()).isEqualTo(7);
    assertThat(latest.ended().at()).isEqualTo(now);
  }

  @Test
  void addsLaterTasksWithoutFullCount() {
    for (int i = 0; i < 30; i++) {
      createEnded("ASR");
      createEnded("OCR");
      sweep.run();
      assertThat(endedTotal()).isEqualTo(2L * (i + 1));
      pass(Duration.ofSeconds(47));
    }
    assertThat(latest.ended().tasks().keys().get(new TaskKey("OCR")))
        .containsEntry(TaskState.SUCCESS, 30L);
    assertThat(counts.calls).containsOnlyOnce("all");
  }

  @Test
  void countsTasksThatWereWrittenLate() {
    sweep.run();
    pass(Duration.ofMinutes(1));
    Instant then = now;
    pass(Duration.ofSeconds(59));
    sweep.run();
    store
        .create(TaskSamples.ended(TaskSamples.task("ASR"), TaskState.ERROR, then, null, null))
        .toCompletableFuture()
        .join();
    pass(Duration.ofMinutes(10));
    sweep.run();
    assertThat(endedTotal()).isEqualTo(1);
  }

  @Test
  void fullCountSubtractsDeletedTasks() {
    Task task = createEnded("ASR");
    pass(Duration.ofHours(1));
    sweep.run();
    Instant firstCount = now;
    remove(task);
    pass(Duration.ofHours(1));
    sweep.run();
    assertThat(endedTotal()).isEqualTo(1);
    assertThat(latest.ended().recounted()).isEqualTo(firstCount);

    pass(RECOUNT);
    sweep.run();

    assertThat(endedTotal()).isZero();
    assertThat(latest.ended().recounted()).isEqualTo(now);
  }

  @Test
  void limitsExpensiveCountsToFivePercentOfTime() {
    counts.duration = Duration.ofSeconds(10);
    Instant start = now;
    while (now.isBefore(start.plus(Duration.ofHours(1)))) {
      sweep.run();
      pass(Duration.ofSeconds(1));
    }
    assertThat(counts.calls.stream().filter("recent"::equals)).hasSizeLessThanOrEqualTo(19);
    assertThat(counts.calls).containsOnlyOnce("all");
  }

  @Test
  void keepsAddingToLastSumIfFullCountFails() {
    createEnded("ASR");
    sweep.run();
    Instant first = latest.ended().recounted();
    counts.fullCountFails = true;
    counts.duration = Duration.ofSeconds(30);
    pass(RECOUNT);
    assertThatThrownBy(sweep::run).isInstanceOf(StoreUnavailable.class);
    createEnded("ASR");
    pass(Duration.ofMinutes(1));
    sweep.run();
    assertThat(endedTotal()).isEqualTo(2);
    assertThat(latest.ended().recounted()).isEqualTo(first);
  }

  @Test
  void publishesNoSumBeforeFirstFullCount() {
    createEnded("ASR");
    counts.fullCountFails = true;
    assertThatThrownBy(sweep::run).isInstanceOf(StoreUnavailable.class);
    assertThat(latest.ended()).isNull();
    assertThat(latest.recent()).isNotNull();
  }
}
