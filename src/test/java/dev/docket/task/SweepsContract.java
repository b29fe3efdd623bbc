package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.TargetType;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.TaskBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What all {@link TaskStore.Sweeps} do. Each test begins with an empty store. */
public interface SweepsContract {

  Instant NOON = DocumentSamples.CREATED;

  TaskStore store();

  TaskStore.Sweeps sweeps();

  /** Lets searches see what was written. */
  void refresh();

  /** Stores it, in the given state. */
  private Versioned<Task> stored(Task task, TaskState state, Consumer<TaskBuilder> change) {
    Task changed =
        TaskSamples.changed(
            task,
            draft -> {
              draft.state = state;
              change.accept(draft);
            });
    WriteOutcome saved = store().create(changed).toCompletableFuture().join();
    assertThat(saved).isInstanceOf(WriteOutcome.Stored.class);
    Version version = ((WriteOutcome.Stored) saved).version();
    return new Versioned<>(changed, version);
  }

  private Versioned<Task> stored(Task task, TaskState state) {
    return stored(task, state, draft -> {});
  }

  private List<Versioned<Task>> stored(int number, TaskState state) {
    return IntStream.range(0, number)
        .mapToObj(i -> stored(TaskSamples.task("ASR"), state))
        .sorted(Comparator.comparing(t -> t.value().id()))
        .toList();
  }

  private static void delete(TaskBuilder draft) {
    draft.deletedAt = NOON;
  }

  private static List<Versioned<Task>> paged(
      Function<@Nullable TaskId, List<Versioned<Task>>> page, int limit) {
    List<Versioned<Task>> all = new ArrayList<>();
    List<Versioned<Task>> last = page.apply(null);
    while (last.size() == limit) {
      all.addAll(last);
      last = page.apply(last.get(limit - 1).value().id());
    }
    all.addAll(last);
    return all;
  }

  @Test
  default void ofNothingNothingIsFound() {
    refresh();
    assertThat(sweeps().overdue(NOON, null, 10)).isEmpty();
    assertThat(sweeps().running(null, 10)).isEmpty();
    assertThat(sweeps().unfinished(null, 10)).isEmpty();
    assertThat(sweeps().waiting(null, 10)).isEmpty();
    assertThat(sweeps().backlog(NOON)).isEmpty();
    assertThat(sweeps().oldestUnroutable()).isEmpty();
    assertThat(sweeps().unroutable(TargetType.VIDEO, new TaskKey("ASR"), null, 10)).isEmpty();
    assertThat(sweeps().waitingFor(new TaskId("x"), null, 10)).isEmpty();
    assertThat(sweeps().ofDocuments(List.of(), null, 10)).isEmpty();
  }

  @Test
  default void overdueIsTheLongestDueFirst() {
    List<Versioned<Task>> tasks = new ArrayList<>();
    for (int i : new int[] {3, 1, 4, 2, 0}) {
      tasks.add(
          stored(
              TaskSamples.task("ASR"),
              TaskState.SUCCESS,
              draft -> {
                draft.outbox.clear();
                draft.outbox.add(new PendingEffect("b", NOON.plusSeconds(99), new Effect.Wake()));
                draft.outbox.add(new PendingEffect("a", NOON.plusMillis(i), new Effect.Wake()));
              }));
    }
    stored(TaskSamples.task("ASR"), TaskState.SUCCESS, draft -> draft.outbox.clear());
    refresh();
    assertThat(sweeps().overdue(NOON.plusMillis(3), null, 10))
        .containsExactly(tasks.get(4), tasks.get(1), tasks.get(3), tasks.get(0));
    assertThat(sweeps().overdue(NOON.plusMillis(3), null, 2))
        .containsExactly(tasks.get(4), tasks.get(1));
    assertThat(sweeps().overdue(NOON.plusMillis(3), tasks.get(1).value(), 2))
        .containsExactly(tasks.get(3), tasks.get(0));
  }

  @Test
  default void overdueFindsWhatIsLeftToDoForATaskThatIsBeingDeleted() {
    Versioned<Task> deleted =
        stored(TaskSamples.task("ASR"), TaskState.SUCCESS, SweepsContract::delete);
    refresh();
    assertThat(sweeps().overdue(NOON.plusSeconds(60), null, 10)).containsExactly(deleted);
  }

  @Test
  default void runningAreThoseInProcessInOrderOfId() {
    List<Versioned<Task>> running = stored(7, TaskState.PROCESSING);
    for (TaskState state : TaskState.values()) {
      if (state != TaskState.PROCESSING) {
        stored(TaskSamples.task("ASR"), state);
      }
    }
    stored(TaskSamples.task("ASR"), TaskState.PROCESSING, SweepsContract::delete);
    refresh();
    assertThat(sweeps().running(null, 10)).isEqualTo(running);
    assertThat(paged(after -> sweeps().running(after, 3), 3)).isEqualTo(running);
    assertThat(sweeps().running(running.get(6).value().id(), 10)).isEmpty();
  }

  @Test
  default void waitingAreThoseThatNeedOthersInOrderOfId() {
    List<Versioned<Task>> waiting = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      waiting.add(stored(TaskSamples.task("ASR"), TaskState.UNFINISHED_DEPENDENCY));
    }
    stored(TaskSamples.task("ASR"), TaskState.FAILED_DEPENDENCY);
    stored(TaskSamples.task("ASR"), TaskState.CREATED);
    stored(TaskSamples.task("ASR"), TaskState.UNFINISHED_DEPENDENCY, SweepsContract::delete);
    waiting.sort(Comparator.comparing(t -> t.value().id()));
    refresh();
    assertThat(paged(after -> sweeps().waiting(after, 3), 3)).isEqualTo(waiting);
  }

  @Test
  default void unfinishedAreThoseWithoutAnEndInOrderOfId() {
    List<Versioned<Task>> unfinished = new ArrayList<>();
    for (TaskState state : TaskState.values()) {
      Versioned<Task> task = stored(TaskSamples.task("ASR"), state);
      if (!state.isFinished()) {
        unfinished.add(task);
      }
    }
    stored(TaskSamples.task("ASR"), TaskState.QUEUED, SweepsContract::delete);
    unfinished.sort(Comparator.comparing(t -> t.value().id()));
    refresh();
    assertThat(sweeps().unfinished(null, 100)).isEqualTo(unfinished);
    assertThat(paged(after -> sweeps().unfinished(after, 2), 2)).isEqualTo(unfinished);
  }

  @Test
  default void theBacklogCountsWhatHasNotEndedByKeyAndState() {
    for (TaskState state : TaskState.values()) {
      stored(TaskSamples.task("ASR"), state);
    }
    stored(2, TaskState.QUEUED);
    stored(TaskSamples.task("OCR"), TaskState.QUEUED);
    stored(TaskSamples.task("OCR"), TaskState.SUCCESS);
    stored(TaskSamples.task("OCR"), TaskState.QUEUED, SweepsContract::delete);
    refresh();
    assertThat(sweeps().backlog(NOON))
        .extracting(b -> b.key() + " " + b.state().number() + " " + b.count() + " " + b.delayed())
        .containsExactlyInAnyOrder(
            "ASR 102 1 0",
            "ASR 201 1 0",
            "ASR 202 3 0",
            "ASR 205 1 0",
            "ASR 412 1 0",
            "ASR 422 1 0",
            "OCR 202 1 0");
  }

  @Test
  default void theBacklogSaysSinceWhenTheOldestHasBeenThere() {
    for (int i : new int[] {5, 3, 4}) {
      Instant time = NOON.plusSeconds(i);
      stored(submitted(i), TaskState.CREATED);
      stored(submitted(i), TaskState.QUEUED, draft -> draft.queuedAt = time.plusMillis(1));
      stored(submitted(i), TaskState.PROCESSING, draft -> draft.startedAt = time.plusMillis(2));
      stored(submitted(i), TaskState.NO_ROUTE_TO_QUEUE);
    }
    refresh();
    Instant oldest = NOON.plusSeconds(3);
    assertThat(sweeps().backlog(NOON))
        .extracting(Backlog::state, Backlog::oldest)
        .containsExactlyInAnyOrder(
            tuple(TaskState.CREATED, oldest),
            tuple(TaskState.QUEUED, oldest.plusMillis(1)),
            tuple(TaskState.PROCESSING, oldest.plusMillis(2)),
            tuple(TaskState.NO_ROUTE_TO_QUEUE, oldest));
  }

  private static Task submitted(int second) {
    return TaskSamples.task(DocumentSamples.document(), "ASR", NOON.plusSeconds(second));
  }

  @Test
  default void inTheBacklogTheDelayedAreCountedAndAreNotTheOldest() {
    stored(submitted(1), TaskState.CREATED, draft -> draft.dueAt = NOON.plusMillis(1));
    stored(submitted(3), TaskState.CREATED, draft -> draft.dueAt = NOON);
    stored(submitted(4), TaskState.CREATED);
    stored(TaskSamples.task("OCR"), TaskState.CREATED, draft -> draft.dueAt = NOON.plusSeconds(1));
    refresh();
    assertThat(sweeps().backlog(NOON))
        .containsExactlyInAnyOrder(
            new Backlog(new TaskKey("ASR"), TaskState.CREATED, 3, 1, NOON.plusSeconds(3)),
            new Backlog(new TaskKey("OCR"), TaskState.CREATED, 1, 1, null));
  }

  @Test
  default void ofTooManyKeysTheBacklogHasThoseWithTheMostTasks() {
    int more = Backlog.MAX_KEYS + 5;
    for (int i = 0; i < more; i++) {
      stored(TaskSamples.task("K" + i), TaskState.QUEUED);
    }
    stored(TaskSamples.task("K" + (more - 1)), TaskState.CREATED);
    refresh();
    List<Backlog> backlog = sweeps().backlog(NOON);
    assertThat(backlog.stream().map(Backlog::key).distinct()).hasSize(Backlog.MAX_KEYS);
    assertThat(backlog).extracting(Backlog::key).contains(new TaskKey("K" + (more - 1)));
  }

  @Test
  default void ofEachRouteWithoutAQueueTheOldestIsFound() {
    List<Versioned<Task>> oldest = new ArrayList<>();
    for (String key : List.of("ASR", "OCR")) {
      for (TargetType type : List.of(TargetType.VIDEO, TargetType.TEXT)) {
        for (int i : new int[] {2, 1, 3}) {
          Task task = TaskSamples.task(unique(type), key, NOON.plusMillis(i));
          Versioned<Task> unroutable = stored(task, TaskState.NO_ROUTE_TO_QUEUE);
          if (i == 1) {
            oldest.add(unroutable);
          }
        }
      }
    }
    Task old = TaskSamples.task(unique(TargetType.VIDEO), "ASR", NOON);
    stored(old, TaskState.NO_ROUTE_TO_QUEUE, SweepsContract::delete);
    stored(TaskSamples.task(unique(TargetType.IMAGE), "ASR", NOON), TaskState.QUEUED);
    refresh();
    assertThat(sweeps().oldestUnroutable()).containsExactlyInAnyOrderElementsOf(oldest);
  }

  @Test
  default void unroutableAreThoseOfTheRouteTheOldestFirst() {
    List<Versioned<Task>> tasks = new ArrayList<>();
    for (int i : new int[] {2, 0, 1}) {
      Task task = TaskSamples.task(unique(TargetType.SOUND), "ASR", NOON.plusMillis(i));
      tasks.add(stored(task, TaskState.NO_ROUTE_TO_QUEUE));
    }
    stored(TaskSamples.task(unique(TargetType.VIDEO), "ASR", NOON), TaskState.NO_ROUTE_TO_QUEUE);
    stored(TaskSamples.task(unique(TargetType.SOUND), "OCR", NOON), TaskState.NO_ROUTE_TO_QUEUE);
    stored(TaskSamples.task(unique(TargetType.SOUND), "ASR", NOON), TaskState.QUEUED);
    refresh();
    TaskKey key = new TaskKey("ASR");
    assertThat(sweeps().unroutable(TargetType.SOUND, key, null, 10))
        .containsExactly(tasks.get(1), tasks.get(2), tasks.get(0));
    assertThat(sweeps().unroutable(TargetType.SOUND, key, null, 2))
        .containsExactly(tasks.get(1), tasks.get(2));
  }

  private static Document unique(TargetType type) {
    return DocumentSamples.document(
        DocumentSamples.document().target().id(), type, "archive", Map.of());
  }

  @Test
  default void allTasksOfDocumentsAreFoundAtOnceEvenThoseBeingDeleted() {
    Document one = DocumentSamples.document();
    Document two = DocumentSamples.document();
    List<Versioned<Task>> tasks = new ArrayList<>();
    tasks.add(stored(TaskSamples.task(one, "A", NOON), TaskState.SUCCESS));
    tasks.add(stored(TaskSamples.task(one, "B", NOON), TaskState.QUEUED, SweepsContract::delete));
    tasks.add(stored(TaskSamples.task(two, "A", NOON), TaskState.CREATED));
    stored(TaskSamples.task("A"), TaskState.CREATED);
    tasks.sort(Comparator.comparing(t -> t.value().id()));
    List<Document> both = List.of(one, two);
    assertThat(
            paged(
                after -> sweeps().ofDocuments(both.stream().map(Document::id).toList(), after, 2),
                2))
        .isEqualTo(tasks);
    Versioned<Task> late = stored(TaskSamples.task(two, "Z", NOON), TaskState.CREATED);
    assertThat(sweeps().ofDocuments(List.of(two.id()), null, 10)).contains(late).hasSize(2);
  }

  @Test
  default void thoseThatWaitForATaskAreFoundAtOnce() {
    TaskId dependency = new TaskId("dependency");
    Consumer<TaskBuilder> waits =
        draft -> {
          draft.dependsOn.add(new Dependency(new TaskId("other"), new TaskKey("A"), null, 0));
          draft.dependsOn.add(new Dependency(dependency, new TaskKey("B"), TaskState.ERROR, 1));
        };
    List<Versioned<Task>> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(stored(TaskSamples.task("ASR"), TaskState.UNFINISHED_DEPENDENCY, waits));
      waiting.add(stored(TaskSamples.task("ASR"), TaskState.FAILED_DEPENDENCY, waits));
    }
    stored(TaskSamples.task("ASR"), TaskState.SUCCESS, waits);
    stored(TaskSamples.task("ASR"), TaskState.UNFINISHED_DEPENDENCY);
    stored(
        TaskSamples.task("ASR"),
        TaskState.UNFINISHED_DEPENDENCY,
        waits.andThen(SweepsContract::delete));
    waiting.sort(Comparator.comparing(t -> t.value().id()));
    assertThat(paged(after -> sweeps().waitingFor(dependency, after, 4), 4)).isEqualTo(waiting);
  }

  @Test
  default void ofAKeyInAStateInOrderOfIdAndFresh() {
    List<Versioned<Task>> failed = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      failed.add(stored(TaskSamples.task("ASR"), TaskState.ERROR));
      stored(TaskSamples.task("OCR"), TaskState.ERROR);
      stored(TaskSamples.task("ASR"), TaskState.ERROR_PROXY);
    }
    stored(TaskSamples.task("ASR"), TaskState.ERROR, SweepsContract::delete);
    failed.sort(Comparator.comparing(t -> t.value().id()));
    assertThat(paged(after -> sweeps().inState(new TaskKey("ASR"), TaskState.ERROR, after, 4), 4))
        .isEqualTo(failed);
  }

  @Test
  default void unansweredIsTheLongestOverdueFirst() {
    Versioned<Task> second = unanswered(2, TaskState.QUEUED);
    Versioned<Task> first = unanswered(1, TaskState.PROCESSING);
    unanswered(9, TaskState.QUEUED);
    unanswered(0, TaskState.SUCCESS);
    stored(TaskSamples.task("ASR"), TaskState.QUEUED);
    refresh();
    assertThat(sweeps().unanswered(NOON.plusSeconds(2), null, 10)).containsExactly(first, second);
    assertThat(sweeps().unanswered(NOON.plusSeconds(2), null, 1)).containsExactly(first);
    assertThat(sweeps().unanswered(NOON.plusSeconds(2), first.value(), 10)).containsExactly(second);
  }

  private Versioned<Task> unanswered(int seconds, TaskState state) {
    return stored(
        TaskSamples.task("ASR"), state, draft -> draft.unansweredAfter = NOON.plusSeconds(seconds));
  }

  @Test
  default void overtakenByWhatCameLaterAndHasEnded() {
    Task task = dispatched("ASR", TaskState.QUEUED, 5).value();
    dispatched("ASR", TaskState.SUCCESS, 4);
    dispatched("OCR", TaskState.SUCCESS, 6);
    dispatched("ASR", TaskState.QUEUED, 6);
    refresh();
    assertThat(sweeps().overtaken(task)).isFalse();

    dispatched("ASR", TaskState.ERROR, 6);
    refresh();
    assertThat(sweeps().overtaken(task)).isTrue();
  }

  @Test
  default void behindWhatWasMadeBeforeAndIsUnderWay() {
    Task task = made("ASR", TaskState.QUEUED, 5);
    made("ASR", TaskState.SUCCESS, 4);
    made("ASR", TaskState.UNFINISHED_DEPENDENCY, 4);
    made("ASR", TaskState.PROCESSING, 6);
    made("OCR", TaskState.QUEUED, 4);
    refresh();
    assertThat(sweeps().behindOthers(task)).isFalse();

    made("ASR", TaskState.CREATED, 4);
    refresh();
    assertThat(sweeps().behindOthers(task)).isTrue();
  }

  @Test
  default void aheadIsWhatIsMoreUrgentOrCameEarlier() {
    Task task = queued(TargetType.VIDEO, "ASR", 5, 5, TaskState.QUEUED);
    queued(TargetType.VIDEO, "ASR", 6, 9, TaskState.QUEUED);
    queued(TargetType.VIDEO, "ASR", 10, 4, TaskState.QUEUED);
    queued(TargetType.VIDEO, "ASR", 5, 4, TaskState.QUEUED);
    queued(TargetType.SOUND, "ASR", 5, 4, TaskState.QUEUED);
    queued(TargetType.VIDEO, "ASR", 5, 6, TaskState.QUEUED);
    queued(TargetType.VIDEO, "ASR", 4, 1, TaskState.QUEUED);
    queued(TargetType.VIDEO, "OCR", 9, 1, TaskState.QUEUED);
    queued(TargetType.VIDEO, "ASR", 9, 1, TaskState.PROCESSING);
    refresh();
    assertThat(sweeps().ahead(task, List.of(TargetType.VIDEO), 100)).isEqualTo(3);
    assertThat(sweeps().ahead(task, List.of(TargetType.VIDEO, TargetType.SOUND), 100)).isEqualTo(4);
    assertThat(sweeps().ahead(task, List.of(TargetType.VIDEO), 2)).isEqualTo(2);
  }

  private Task queued(TargetType type, String key, int priority, int seconds, TaskState state) {
    Task task = TaskSamples.task(unique(type), key, NOON);
    return stored(
            TaskSamples.withPriority(task, priority),
            state,
            draft -> draft.dispatchedAt = NOON.plusSeconds(seconds))
        .value();
  }

  @Test
  default void recentRunsAreTheSuccessesOfTheKeyTheLatestFirst() {
    for (int i : new int[] {2, 4, 1, 3}) {
      finished("ASR", TaskState.SUCCESS, i, 100L * i);
    }
    finished("ASR", TaskState.SUCCESS, 5, null);
    finished("ASR", TaskState.ERROR, 6, 600L);
    finished("OCR", TaskState.SUCCESS, 7, 700L);
    refresh();
    assertThat(sweeps().recentRunMs(new TaskKey("ASR"), NOON.plusSeconds(1), 10))
        .containsExactly(400L, 300L, 200L);
    assertThat(sweeps().recentRunMs(new TaskKey("ASR"), NOON, 2)).containsExactly(400L, 300L);
  }

  private void finished(String key, TaskState state, int seconds, @Nullable Long runMs) {
    stored(
        TaskSamples.task(key),
        state,
        draft -> {
          draft.finishedAt = NOON.plusSeconds(seconds);
          draft.runMs = runMs;
        });
  }

  private Task made(String key, TaskState state, int seconds) {
    Task made = TaskSamples.task(unique(TargetType.VIDEO), key, NOON.plusSeconds(seconds));
    return stored(made, state).value();
  }

  private Versioned<Task> dispatched(String key, TaskState state, int seconds) {
    return stored(
        TaskSamples.task(key), state, draft -> draft.dispatchedAt = NOON.plusSeconds(seconds));
  }

  @Test
  default void whatIsFoundIsExactlyWhatWasStored() {
    Map<String, Object> args =
        Map.of(
            "\uD83D\uDCFC", new BigDecimal("1.10"),
            "small", new BigDecimal("1E-30"),
            "large", new BigInteger("123456789012345678901234567890"),
            "text", "\uD83D\uDCFC \uD800 \0",
            "list", Arrays.asList(1, null, Map.of()));
    Task task = TaskSamples.task(unique(TargetType.TEXT), "ASR", NOON, args);
    Versioned<Task> stored = stored(task, TaskState.NO_ROUTE_TO_QUEUE);
    refresh();
    assertThat(sweeps().oldestUnroutable()).containsExactly(stored);
    assertThat(sweeps().unfinished(null, 10)).containsExactly(stored);
  }

  @Test
  default void whatIsFoundCanBeReplacedByTheVersionThatWasSeen() {
    stored(2, TaskState.PROCESSING);
    stored(1, TaskState.NO_ROUTE_TO_QUEUE);
    refresh();
    List<Versioned<Task>> found = new ArrayList<>(sweeps().running(null, 1));
    found.addAll(sweeps().oldestUnroutable());
    assertThat(found).hasSize(2);
    for (Versioned<Task> task : found) {
      assertThat(store().replace(task.value(), task.version()).toCompletableFuture().join())
          .isInstanceOf(WriteOutcome.Stored.class);
      assertThat(store().replace(task.value(), task.version()).toCompletableFuture().join())
          .isEqualTo(new WriteOutcome.Stale());
    }
  }

  private Versioned<Task> queued(Task task, Consumer<TaskBuilder> change) {
    return stored(
        task,
        TaskState.QUEUED,
        draft -> {
          draft.outbox.clear();
          draft.dispatchedAt = draft.now();
          change.accept(draft);
        });
  }

  private Versioned<Task> queued(Task task) {
    return queued(task, draft -> {});
  }

  @Test
  default void whatTheBrokerShouldHaveIsCountedByRouteAndFresh() {
    for (int i = 0; i < 3; i++) {
      queued(TaskSamples.task("ASR"));
    }
    queued(TaskSamples.task(unique(TargetType.SOUND), "ASR", NOON));
    queued(TaskSamples.task("OCR"));
    Instant after = NOON.plusMillis(1);
    TargetType type = DocumentSamples.document().target().type();
    Route asr = new Route(type, new TaskKey("ASR"));
    Route ocr = new Route(type, new TaskKey("OCR"));
    Route sound = new Route(TargetType.SOUND, new TaskKey("ASR"));

    ExpectedMessages counted = sweeps().handedOver(after);

    assertThat(counted.more()).isFalse();
    assertThat(counted.routes())
        .containsExactlyInAnyOrder(
            new ExpectedMessages.OfRoute("docket", asr, 3, 3),
            new ExpectedMessages.OfRoute("docket", sound, 1, 1),
            new ExpectedMessages.OfRoute("docket", ocr, 1, 1));
    assertThat(sweeps().handedOver(NOON).routes())
        .extracting(ExpectedMessages.OfRoute::settled, ExpectedMessages.OfRoute::possible)
        .containsExactlyInAnyOrder(tuple(0L, 3L), tuple(0L, 1L), tuple(0L, 1L));
  }

  @Test
  default void settledIsWhatWasConfirmedSomeTimeAgoAndHasNothingLeftToDo() {
    Instant before = NOON.plusSeconds(10);
    queued(TaskSamples.task("ASR"));
    queued(TaskSamples.task("ASR"), draft -> draft.dispatchedAt = before);
    queued(TaskSamples.task(DocumentSamples.document(), "ASR", before));
    queued(
        TaskSamples.task("ASR"),
        draft -> draft.outbox.add(new PendingEffect("a", before, new Effect.Publish(1))));
    queued(TaskSamples.task("ASR"), SweepsContract::delete);
    queued(TaskSamples.task("ASR"), draft -> draft.dispatchedAt = null);
    assertThat(sweeps().handedOver(before).routes())
        .extracting(ExpectedMessages.OfRoute::settled, ExpectedMessages.OfRoute::possible)
        .containsExactly(tuple(1L, 4L));
  }

  @Test
  default void aMessageMayBeThereOfWhatIsOnItsWayOrHasJustBegunOrEnded() {
    Instant before = NOON.plusSeconds(10);
    Instant since = before.plusSeconds(1);
    Lease lease = new Lease("w", "c", 60, since, false);
    stored(TaskSamples.task("A"), TaskState.CREATED);
    stored(TaskSamples.task("B"), TaskState.CREATED, draft -> draft.dispatchedAt = null);
    stored(TaskSamples.task("C"), TaskState.PROCESSING, draft -> draft.lease = lease);
    stored(
        TaskSamples.task("D"),
        TaskState.PROCESSING,
        draft -> {
          draft.lease = lease;
          draft.startedAt = since;
        });
    stored(TaskSamples.task("E"), TaskState.PROCESSING, draft -> draft.lease = null);
    stored(TaskSamples.task("F"), TaskState.SUCCESS, draft -> draft.finishedAt = since);
    stored(TaskSamples.task("G"), TaskState.SUCCESS, draft -> draft.finishedAt = NOON);
    stored(TaskSamples.task("H"), TaskState.NO_ROUTE_TO_QUEUE);
    assertThat(sweeps().handedOver(before).routes())
        .allMatch(route -> route.settled() == 0 && route.possible() == 1)
        .extracting(route -> route.route().key().value())
        .containsExactly("A", "D", "E", "F");
  }

  @Test
  default void theSettledOnesArePagedTheLongestDispatchedFirst() {
    List<Versioned<Task>> tasks = new ArrayList<>();
    for (int i : new int[] {3, 1, 4, 2, 0}) {
      tasks.add(
          queued(TaskSamples.task("ASR"), draft -> draft.dispatchedAt = NOON.minusSeconds(i)));
    }
    queued(TaskSamples.task("ASR"), draft -> draft.dispatchedAt = NOON.plusSeconds(9));
    queued(TaskSamples.task("OCR"));
    queued(TaskSamples.task(unique(TargetType.SOUND), "ASR", NOON));
    refresh();
    Route route = Route.of(tasks.get(0).value());
    Map<String, Set<Route>> routes = Map.of("docket", Set.of(route));
    Instant before = NOON.plusSeconds(5);
    List<Versioned<Task>> first = sweeps().handedOver(routes, before, null, 3);
    List<Versioned<Task>> rest = sweeps().handedOver(routes, before, first.get(2).value(), 3);
    assertThat(first).containsExactly(tasks.get(2), tasks.get(0), tasks.get(3));
    assertThat(rest).containsExactly(tasks.get(1), tasks.get(4));
    assertThat(sweeps().handedOver(Map.of("dane", Set.of(route)), before, null, 3)).isEmpty();
  }
}
