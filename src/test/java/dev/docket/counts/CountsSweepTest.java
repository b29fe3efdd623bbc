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
  private final LatestCounts board = new LatestCounts();
  private final Asked counts = new Asked();
  private Instant now = DocumentSamples.CREATED;
  private final CountsSweep sweep =
      new CountsSweep(
          counts,
          board,
          RECOUNT,
          new SetClock(),
          () -> Duration.between(Instant.EPOCH, now).toNanos());

  /** Counts that remember what they were asked, and can be slow or away. */
  private final class Asked implements Counts {
    private final Counts real = new MemoryCounts(store, List::of, () -> 7);
    private final List<String> asked = new ArrayList<>();
    private Duration takes = Duration.ZERO;
    private boolean tooMuch;

    @Override
    public EndedTasks ended(@Nullable Instant after, @Nullable Instant upTo) {
      if (after == null) {
        asked.add("all");
        now = now.plus(takes);
        if (tooMuch) {
          throw new StoreUnavailable("it took too long");
        }
      }
      return real.ended(after, upTo);
    }

    @Override
    public RecentWork recent(Instant since) {
      asked.add("recent");
      now = now.plus(takes);
      return real.recent(since);
    }

    @Override
    public Stored stored() {
      return real.stored();
    }
  }

  private final class SetClock extends Clock {
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

  private Task ends(String key) {
    Task task = TaskSamples.ended(TaskSamples.task(key), TaskState.SUCCESS, now, 5L, null);
    store.create(task).toCompletableFuture().join();
    return task;
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private void remove(Task task) {
    var seen = store.find(task.id()).toCompletableFuture().join().orElseThrow();
    store.remove(task.id(), seen.version()).toCompletableFuture().join();
  }

  private long ended() {
    LatestCounts.Ended ended = board.ended();
    return ended == null ? -1 : ended.tasks().total();
  }

  @Test
  void beforeTheFirstLookNothingIsKnown() {
    ends("ASR");
    assertThat(board.ended()).isNull();
    assertThat(board.recent()).isNull();
    assertThat(board.holdings()).isNull();
    sweep.run();
    assertThat(ended()).isEqualTo(1);
    assertThat(board.recent().work().keys()).hasSize(1);
    assertThat(board.holdings().stored().results()).isEqualTo(7);
    assertThat(board.ended().at()).isEqualTo(now);
  }

  @Test
  void whatEndsLaterIsAddedOnceWithoutCountingAllAgain() {
    for (int i = 0; i < 30; i++) {
      ends("ASR");
      ends("OCR");
      sweep.run();
      assertThat(ended()).isEqualTo(2L * (i + 1));
      pass(Duration.ofSeconds(47));
    }
    assertThat(board.ended().tasks().keys().get(new TaskKey("OCR")))
        .containsEntry(TaskState.SUCCESS, 30L);
    assertThat(counts.asked).containsOnlyOnce("all");
  }

  @Test
  void whatWasWrittenLateIsCountedToo() {
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
    assertThat(ended()).isEqualTo(1);
  }

  @Test
  void whatWasDeletedIsTakenOffByTheNextFullCountWhoseTimeIsNoted() {
    Task task = ends("ASR");
    pass(Duration.ofHours(1));
    sweep.run();
    Instant first = now;
    remove(task);
    pass(Duration.ofHours(1));
    sweep.run();
    assertThat(ended()).isEqualTo(1);
    assertThat(board.ended().recounted()).isEqualTo(first);

    pass(RECOUNT);
    sweep.run();

    assertThat(ended()).isZero();
    assertThat(board.ended().recounted()).isEqualTo(now);
  }

  @Test
  void whatIsDearIsDoneATwentiethOfTheTime() {
    counts.takes = Duration.ofSeconds(10);
    Instant begin = now;
    while (now.isBefore(begin.plus(Duration.ofHours(1)))) {
      sweep.run();
      pass(Duration.ofSeconds(1));
    }
    assertThat(counts.asked.stream().filter("recent"::equals)).hasSizeLessThanOrEqualTo(19);
    assertThat(counts.asked).containsOnlyOnce("all");
  }

  @Test
  void whereAllCannotBeCountedTheLastSumIsKeptAndGrows() {
    ends("ASR");
    sweep.run();
    Instant first = board.ended().recounted();
    counts.tooMuch = true;
    counts.takes = Duration.ofSeconds(30);
    pass(RECOUNT);
    assertThatThrownBy(sweep::run).isInstanceOf(StoreUnavailable.class);
    ends("ASR");
    pass(Duration.ofMinutes(1));
    sweep.run();
    assertThat(ended()).isEqualTo(2);
    assertThat(board.ended().recounted()).isEqualTo(first);
  }

  @Test
  void whereAllWasNeverCountedNothingIsSaid() {
    ends("ASR");
    counts.tooMuch = true;
    assertThatThrownBy(sweep::run).isInstanceOf(StoreUnavailable.class);
    assertThat(board.ended()).isNull();
    assertThat(board.recent()).isNotNull();
  }
}
