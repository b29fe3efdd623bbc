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
import dev.docket.task.machine.Command;
import dev.docket.task.machine.TaskMachine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CountsSweepTest {

  private static final Duration RECOUNT = Duration.ofHours(6);

  private final MemoryTaskStore store = new MemoryTaskStore();
  private final LatestCounts latest = new LatestCounts();
  private final RecordingCounts counts = new RecordingCounts();
  private Instant now = DocumentSamples.CREATED;
  private final MemoryDepartureStore departureStore = new MemoryDepartureStore();
  private final DepartureLog departures = new DepartureLog(departureStore, "this");
  private final DepartureLog otherServer = new DepartureLog(departureStore, "other");
  private final CountsSweep sweep =
      new CountsSweep(
          counts,
          departures,
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
    public long endedTotal() {
      return real.endedTotal();
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
    pass(Duration.ofMinutes(5));
    sweep.run();
    assertThat(endedTotal()).isEqualTo(1);
    assertThat(counts.calls).containsOnlyOnce("all");
  }

  private Task find(Task task) {
    return store.find(task.id()).toCompletableFuture().join().orElseThrow().value();
  }

  /** Executes a command as a server does: writes the next task, then notifies the log. */
  private void execute(DepartureLog log, Task task, Command command) {
    var found = store.find(task.id()).toCompletableFuture().join().orElseThrow();
    Task after =
        TaskMachine.apply(found.value(), command, TaskSamples.POLICY, TaskSamples.context(now))
            .task();
    store.replace(after, found.version()).toCompletableFuture().join();
    log.changed(found.value(), command, after);
  }

  private void end(Task task) {
    var found = store.find(task.id()).toCompletableFuture().join().orElseThrow();
    Task after = TaskSamples.ended(found.value(), TaskState.ERROR, now, null, null);
    store.replace(after, found.version()).toCompletableFuture().join();
  }

  private void runFor(Duration time) {
    Instant end = now.plus(time);
    while (now.isBefore(end)) {
      pass(Duration.ofSeconds(5));
      sweep.run();
    }
  }

  @Test
  void subtractsRetriedResetAndDeletedTasksWithoutFullCount() {
    Task retried = createEnded("ASR");
    Task reset = createEnded("ASR");
    Task deleted = createEnded("OCR");
    createEnded("ASR");
    sweep.run();
    runFor(Duration.ofMinutes(5));
    assertThat(endedTotal()).isEqualTo(4);

    execute(departures, retried, new Command.ForceRetry("ann"));
    execute(departures, reset, new Command.Reset("ann"));
    execute(departures, deleted, new Command.Delete("ann"));
    remove(find(deleted));
    pass(Duration.ofSeconds(5));
    sweep.run();

    assertThat(endedTotal()).isEqualTo(1);
    assertThat(latest.ended().tasks().keys()).containsOnlyKeys(new TaskKey("ASR"));
    runFor(Duration.ofMinutes(30));
    assertThat(endedTotal()).isEqualTo(1);
    assertThat(counts.calls).containsOnlyOnce("all");
  }

  @Test
  void countsTaskThatIsRetriedTwiceBetweenTwoRunsOnce() {
    Task task = createEnded("ASR");
    sweep.run();
    runFor(Duration.ofMinutes(3));
    for (int i = 0; i < 2; i++) {
      pass(Duration.ofMillis(700));
      execute(departures, task, new Command.ForceRetry("ann"));
      pass(Duration.ofMillis(700));
      end(task);
    }
    for (int i = 0; i < 200; i++) {
      pass(Duration.ofSeconds(5));
      sweep.run();
      assertThat(endedTotal()).isEqualTo(1);
    }
    assertThat(latest.ended().tasks().keys().get(new TaskKey("ASR")))
        .isEqualTo(Map.of(TaskState.ERROR, 1L));
    assertThat(counts.calls).containsOnlyOnce("all");
  }

  @Test
  void taskThatEndsAndIsRetriedAgainAndAgainIsAlwaysCountedRight() {
    Random random = new Random(7);
    List<Task> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(createEnded(i % 2 == 0 ? "ASR" : "OCR"));
    }
    sweep.run();
    for (int round = 0; round < 600; round++) {
      for (int i = 0; i < random.nextInt(4); i++) {
        Task task = find(all.get(random.nextInt(all.size())));
        if (task.state().isFinished()) {
          execute(
              random.nextBoolean() ? departures : otherServer, task, new Command.ForceRetry("x"));
        } else {
          end(task);
        }
        pass(Duration.ofMillis(random.nextInt(900)));
      }
      otherServer.exchange(now);
      pass(Duration.ofMillis(1 + random.nextInt(6_000)));
      sweep.run();
      assertThat(endedTotal()).isEqualTo(counts.endedTotal());
    }
    assertThat(counts.calls).containsOnlyOnce("all");
  }

  @Test
  void subtractsWhatAnotherServerRetried() {
    Task task = createEnded("ASR");
    sweep.run();
    runFor(Duration.ofMinutes(3));
    execute(otherServer, task, new Command.ForceRetry("ann"));
    otherServer.exchange(now);
    pass(Duration.ofSeconds(5));
    sweep.run();
    assertThat(endedTotal()).isZero();
  }

  @Test
  void fullCountRepairsDeparturesThatWereLost() {
    Task task = createEnded("ASR");
    sweep.run();
    runFor(Duration.ofMinutes(3));
    remove(task);
    pass(Duration.ofSeconds(5));
    sweep.run();
    assertThat(endedTotal()).isEqualTo(1);

    runFor(Duration.ofSeconds(40));

    assertThat(endedTotal()).isZero();
    assertThat(counts.calls.stream().filter("all"::equals)).hasSize(2);
  }

  @Test
  void doesNotRepeatFullCountThatDoesNotHelp() {
    Task task = TaskSamples.task("ASR");
    store
        .create(TaskSamples.changed(task, builder -> builder.state = TaskState.ERROR))
        .toCompletableFuture()
        .join();
    sweep.run();
    runFor(Duration.ofMinutes(10));
    assertThat(counts.calls.stream().filter("all"::equals)).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void countsAllAgainAfterLongPause() {
    Task task = createEnded("ASR");
    sweep.run();
    execute(departures, task, new Command.ForceRetry("ann"));
    pass(Duration.ofMinutes(30));
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
    runFor(RECOUNT.minusSeconds(10));
    counts.fullCountFails = true;
    counts.duration = Duration.ofSeconds(30);
    assertThatThrownBy(() -> runFor(Duration.ofMinutes(20))).isInstanceOf(StoreUnavailable.class);
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
