package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.docket.admission.LimitedTasks;
import dev.docket.counts.Backlog;
import dev.docket.counts.BacklogCounts;
import dev.docket.dependency.WaitingTasks;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.TargetType;
import dev.docket.drift.ExpectedMessages;
import dev.docket.drift.SettledTasks;
import dev.docket.explain.QueueProgress;
import dev.docket.maintenance.OverdueTasks;
import dev.docket.maintenance.RunningTasks;
import dev.docket.maintenance.UnansweredTasks;
import dev.docket.maintenance.UnroutableTasks;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.api.UnfinishedTasks;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.TaskBuilder;
import dev.docket.task.machine.TaskMachine;
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

/** Contract of the searches for tasks of sweeps and views. Each test starts with an empty store. */
public interface TaskSearchesContract {

  Instant NOON = DocumentSamples.CREATED;

  TaskStore store();

  OverdueTasks overdueTasks();

  RunningTasks runningTasks();

  UnansweredTasks unansweredTasks();

  UnroutableTasks unroutableTasks();

  WaitingTasks waitingTasks();

  TasksInState tasksInState();

  TasksOfDocuments tasksOfDocuments();

  UnfinishedTasks unfinishedTasks();

  BacklogCounts backlogCounts();

  SettledTasks settledTasks();

  QueueProgress queueProgress();

  LimitedTasks limitedTasks();

  /** Makes all writes visible to searches. */
  void refresh();

  /** Stores a task in the given state. */
  private Versioned<Task> store(Task task, TaskState state, Consumer<TaskBuilder> change) {
    Task changed =
        TaskSamples.changed(
            task,
            builder -> {
              builder.state = state;
              change.accept(builder);
            });
    WriteOutcome outcome = store().create(changed).toCompletableFuture().join();
    assertThat(outcome).isInstanceOf(WriteOutcome.Stored.class);
    Version version = ((WriteOutcome.Stored) outcome).version();
    return new Versioned<>(changed, version);
  }

  private Versioned<Task> store(Task task, TaskState state) {
    return store(task, state, builder -> {});
  }

  private List<Versioned<Task>> store(int number, TaskState state) {
    return IntStream.range(0, number)
        .mapToObj(i -> store(TaskSamples.task("ASR"), state))
        .sorted(Comparator.comparing(t -> t.value().id()))
        .toList();
  }

  private static void markDeleted(TaskBuilder builder) {
    builder.deletedAt = NOON;
  }

  private static List<Versioned<Task>> readAllPages(
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

  private static Task limited(String key, int priority, Instant createdAt) {
    Task task =
        TaskSamples.task(
            DocumentSamples.document("d-" + key + priority + createdAt), key, createdAt);
    return TaskSamples.changed(
        TaskSamples.withPriority(task, priority), builder -> builder.run.limitedSince = NOON);
  }

  @Test
  default void findsTasksOfLimitedKeysByPriorityThenAge() {
    Task young = store(limited("ASR", 5, NOON.plusSeconds(2)), TaskState.CREATED).value();
    Task old = store(limited("ASR", 5, NOON), TaskState.CREATED).value();
    Task urgent = store(limited("ASR", 10, NOON.plusSeconds(3)), TaskState.TASK_RESET).value();
    store(limited("ASR", 10, NOON), TaskState.CREATED, TaskSearchesContract::markDeleted);
    store(limited("OCR", 5, NOON), TaskState.CREATED);
    store(TaskSamples.task("ASR"), TaskState.CREATED);
    refresh();

    assertThat(limitedTasks().waiting(new TaskKey("ASR"), 10))
        .extracting(Versioned::value)
        .containsExactly(urgent, old, young);
    assertThat(limitedTasks().waiting(new TaskKey("ASR"), 1))
        .extracting(Versioned::value)
        .containsExactly(urgent);
    assertThat(limitedTasks().waitingByKey())
        .isEqualTo(Map.of(new TaskKey("ASR"), 3L, new TaskKey("OCR"), 1L));
  }

  @Test
  default void countsRunsThatOccupyNoneOfTheFirstSlots() {
    store(TaskSamples.task("ASR"), TaskState.PROCESSING);
    store(
        TaskSamples.task("ASR"),
        TaskState.PROCESSING,
        b -> b.run.admission = new Admission("a", null));
    store(
        TaskSamples.task("ASR"),
        TaskState.PROCESSING,
        b -> b.run.admission = new Admission("a", 1));
    store(
        TaskSamples.task("ASR"),
        TaskState.PROCESSING,
        b -> b.run.admission = new Admission("b", 4));
    store(TaskSamples.task("ASR"), TaskState.QUEUED);
    store(TaskSamples.task("OCR"), TaskState.PROCESSING);
    refresh();

    assertThat(limitedTasks().runningOutsideSlots(new TaskKey("ASR"), 10)).isEqualTo(2);
    assertThat(limitedTasks().runningOutsideSlots(new TaskKey("ASR"), 3)).isEqualTo(3);
    assertThat(limitedTasks().runningOutsideSlots(new TaskKey("ASR"), 1)).isEqualTo(1);
  }

  @Test
  default void countsRunsThatWereHandedOutSinceATime() {
    store(TaskSamples.task("ASR"), TaskState.QUEUED, b -> b.run.dispatchedAt = NOON);
    store(
        TaskSamples.task("ASR"), TaskState.SUCCESS, b -> b.run.dispatchedAt = NOON.plusSeconds(1));
    store(
        TaskSamples.task("ASR"), TaskState.SUCCESS, b -> b.run.dispatchedAt = NOON.minusSeconds(1));
    store(TaskSamples.task("ASR"), TaskState.CREATED, b -> b.run.dispatchedAt = null);
    store(TaskSamples.task("OCR"), TaskState.QUEUED, b -> b.run.dispatchedAt = NOON);
    refresh();

    assertThat(limitedTasks().handedOutSince(new TaskKey("ASR"), NOON, 10)).isEqualTo(2);
  }

  @Test
  default void findsNothingInEmptyStore() {
    refresh();
    assertThat(overdueTasks().overdue(NOON, null, 10)).isEmpty();
    assertThat(runningTasks().running(null, 10)).isEmpty();
    assertThat(unfinishedTasks().unfinished(null, 10)).isEmpty();
    assertThat(waitingTasks().waiting(null, 10)).isEmpty();
    assertThat(backlogCounts().backlog(NOON)).isEmpty();
    assertThat(unroutableTasks().oldestUnroutable(null, 10)).isEmpty();
    assertThat(
            unroutableTasks()
                .unroutable(
                    new UnroutableTasks.Group(
                        new Route(TargetType.VIDEO, new TaskKey("ASR")), "docket"),
                    null,
                    10))
        .isEmpty();
    assertThat(waitingTasks().waitingFor(new TaskId("x"), null, 10)).isEmpty();
    assertThat(tasksOfDocuments().ofDocuments(List.of(), null, 10)).isEmpty();
  }

  @Test
  default void findsOverdueTasksLongestDueFirst() {
    List<Versioned<Task>> tasks = new ArrayList<>();
    for (int i : new int[] {3, 1, 4, 2, 0}) {
      tasks.add(
          store(
              TaskSamples.task("ASR"),
              TaskState.SUCCESS,
              builder -> {
                builder.outbox.clear();
                builder.outbox.add(new PendingEffect("b", NOON.plusSeconds(99), new Effect.Wake()));
                builder.outbox.add(new PendingEffect("a", NOON.plusMillis(i), new Effect.Wake()));
              }));
    }
    store(TaskSamples.task("ASR"), TaskState.SUCCESS, builder -> builder.outbox.clear());
    refresh();
    assertThat(overdueTasks().overdue(NOON.plusMillis(3), null, 10))
        .containsExactly(tasks.get(4), tasks.get(1), tasks.get(3), tasks.get(0));
    assertThat(overdueTasks().overdue(NOON.plusMillis(3), null, 2))
        .containsExactly(tasks.get(4), tasks.get(1));
    assertThat(overdueTasks().overdue(NOON.plusMillis(3), tasks.get(1).value(), 2))
        .containsExactly(tasks.get(3), tasks.get(0));
  }

  @Test
  default void findsOverdueEffectsOfDeletedTasks() {
    Versioned<Task> deleted =
        store(TaskSamples.task("ASR"), TaskState.SUCCESS, TaskSearchesContract::markDeleted);
    refresh();
    assertThat(overdueTasks().overdue(NOON.plusSeconds(60), null, 10)).containsExactly(deleted);
  }

  @Test
  default void findsRunningTasksInOrderOfId() {
    List<Versioned<Task>> running = store(7, TaskState.PROCESSING);
    for (TaskState state : TaskState.values()) {
      if (state != TaskState.PROCESSING) {
        store(TaskSamples.task("ASR"), state);
      }
    }
    store(TaskSamples.task("ASR"), TaskState.PROCESSING, TaskSearchesContract::markDeleted);
    refresh();
    assertThat(runningTasks().running(null, 10)).isEqualTo(running);
    assertThat(readAllPages(after -> runningTasks().running(after, 3), 3)).isEqualTo(running);
    assertThat(runningTasks().running(running.get(6).value().id(), 10)).isEmpty();
  }

  @Test
  default void findsWaitingTasksInOrderOfId() {
    List<Versioned<Task>> waiting = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      waiting.add(store(TaskSamples.task("ASR"), TaskState.UNFINISHED_DEPENDENCY));
    }
    store(TaskSamples.task("ASR"), TaskState.FAILED_DEPENDENCY);
    store(TaskSamples.task("ASR"), TaskState.CREATED);
    store(
        TaskSamples.task("ASR"),
        TaskState.UNFINISHED_DEPENDENCY,
        TaskSearchesContract::markDeleted);
    waiting.sort(Comparator.comparing(t -> t.value().id()));
    refresh();
    assertThat(readAllPages(after -> waitingTasks().waiting(after, 3), 3)).isEqualTo(waiting);
  }

  @Test
  default void findsUnfinishedTasksInOrderOfId() {
    List<Versioned<Task>> unfinished = new ArrayList<>();
    for (TaskState state : TaskState.values()) {
      Versioned<Task> task = store(TaskSamples.task("ASR"), state);
      if (!state.isFinished()) {
        unfinished.add(task);
      }
    }
    store(TaskSamples.task("ASR"), TaskState.QUEUED, TaskSearchesContract::markDeleted);
    unfinished.sort(Comparator.comparing(t -> t.value().id()));
    refresh();
    assertThat(unfinishedTasks().unfinished(null, 100)).isEqualTo(unfinished);
    assertThat(readAllPages(after -> unfinishedTasks().unfinished(after, 2), 2))
        .isEqualTo(unfinished);
  }

  @Test
  default void countsBacklogByKeyAndState() {
    for (TaskState state : TaskState.values()) {
      store(TaskSamples.task("ASR"), state);
    }
    store(2, TaskState.QUEUED);
    store(TaskSamples.task("OCR"), TaskState.QUEUED);
    store(TaskSamples.task("OCR"), TaskState.SUCCESS);
    store(TaskSamples.task("OCR"), TaskState.QUEUED, TaskSearchesContract::markDeleted);
    refresh();
    assertThat(backlogCounts().backlog(NOON))
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
  default void backlogContainsTimeOfOldestTask() {
    for (int i : new int[] {5, 3, 4}) {
      Instant time = NOON.plusSeconds(i);
      store(taskCreatedAt(i), TaskState.CREATED);
      store(
          taskCreatedAt(i), TaskState.QUEUED, builder -> builder.run.queuedAt = time.plusMillis(1));
      store(
          taskCreatedAt(i),
          TaskState.PROCESSING,
          builder -> builder.run.startedAt = time.plusMillis(2));
      store(taskCreatedAt(i), TaskState.NO_ROUTE_TO_QUEUE);
    }
    refresh();
    Instant oldest = NOON.plusSeconds(3);
    assertThat(backlogCounts().backlog(NOON))
        .extracting(Backlog::state, Backlog::oldest)
        .containsExactlyInAnyOrder(
            tuple(TaskState.CREATED, oldest),
            tuple(TaskState.QUEUED, oldest.plusMillis(1)),
            tuple(TaskState.PROCESSING, oldest.plusMillis(2)),
            tuple(TaskState.NO_ROUTE_TO_QUEUE, oldest));
  }

  private static Task taskCreatedAt(int second) {
    return TaskSamples.task(DocumentSamples.document(), "ASR", NOON.plusSeconds(second));
  }

  @Test
  default void backlogCountsDelayedTasksButIgnoresTheirAge() {
    store(taskCreatedAt(1), TaskState.CREATED, builder -> builder.run.dueAt = NOON.plusMillis(1));
    store(taskCreatedAt(3), TaskState.CREATED, builder -> builder.run.dueAt = NOON);
    store(taskCreatedAt(4), TaskState.CREATED);
    store(
        TaskSamples.task("OCR"),
        TaskState.CREATED,
        builder -> builder.run.dueAt = NOON.plusSeconds(1));
    refresh();
    assertThat(backlogCounts().backlog(NOON))
        .containsExactlyInAnyOrder(
            new Backlog(new TaskKey("ASR"), TaskState.CREATED, 3, 1, 0, 0, NOON.plusSeconds(3)),
            new Backlog(new TaskKey("OCR"), TaskState.CREATED, 1, 1, 0, 0, null));
  }

  /** They have no messages and no lease to lose, and a person may take days. */
  @Test
  default void tasksOfPeopleAreNotWatched() {
    Task open = manual(taskCreatedAt(1));
    Task held = manual(taskCreatedAt(2));
    Task waiting = manual(taskCreatedAt(3));
    Task worker = taskCreatedAt(4);
    store(open, TaskState.CREATED, builder -> builder.run.queuedAt = NOON);
    store(held, TaskState.PROCESSING, builder -> builder.run.startedAt = NOON);
    store(waiting, TaskState.UNFINISHED_DEPENDENCY);
    store(worker, TaskState.PROCESSING, builder -> builder.run.startedAt = NOON);
    refresh();

    assertThat(runningTasks().running(null, 10)).hasSize(1);
    assertThat(settledTasks().expectedMessages(NOON.minusSeconds(9)).routes())
        .extracting(ExpectedMessages.RouteCount::protocol)
        .containsOnly("docket");
    assertThat(unansweredTasks().isBehindOlderTask(worker)).isFalse();
    assertThat(waitingTasks().waiting(null, 10)).hasSize(1);
    assertThat(backlogCounts().backlog(NOON))
        .containsExactlyInAnyOrder(
            new Backlog(new TaskKey("ASR"), TaskState.CREATED, 1, 0, 1, 0, null),
            new Backlog(new TaskKey("ASR"), TaskState.PROCESSING, 2, 0, 1, 0, NOON),
            new Backlog(
                new TaskKey("ASR"),
                TaskState.UNFINISHED_DEPENDENCY,
                1,
                0,
                0,
                0,
                NOON.plusSeconds(3)));
  }

  private static Task manual(Task task) {
    return TaskMachine.create(
        task.id(),
        TaskSpec.builder(task.spec().document(), task.key(), null, "ann").build(),
        List.of(),
        null,
        TaskSamples.context(task.createdAt()).withProtocol(Run.MANUAL));
  }

  @Test
  default void backlogContainsKeysWithMostTasks() {
    int keys = Backlog.MAX_KEYS + 5;
    for (int i = 0; i < keys; i++) {
      store(TaskSamples.task("K" + i), TaskState.QUEUED);
    }
    store(TaskSamples.task("K" + (keys - 1)), TaskState.CREATED);
    refresh();
    List<Backlog> backlog = backlogCounts().backlog(NOON);
    assertThat(backlog.stream().map(Backlog::key).distinct()).hasSize(Backlog.MAX_KEYS);
    assertThat(backlog).extracting(Backlog::key).contains(new TaskKey("K" + (keys - 1)));
  }

  @Test
  default void findsOldestUnroutableTaskOfEachRoute() {
    List<Versioned<Task>> oldest = new ArrayList<>();
    for (String key : List.of("ASR", "OCR")) {
      for (TargetType type : List.of(TargetType.VIDEO, TargetType.TEXT)) {
        for (int i : new int[] {2, 1, 3}) {
          Task task = TaskSamples.task(documentOfType(type), key, NOON.plusMillis(i));
          Versioned<Task> unroutable = store(task, TaskState.NO_ROUTE_TO_QUEUE);
          if (i == 1) {
            oldest.add(unroutable);
          }
        }
      }
    }
    Task deleted = TaskSamples.task(documentOfType(TargetType.VIDEO), "ASR", NOON);
    store(deleted, TaskState.NO_ROUTE_TO_QUEUE, TaskSearchesContract::markDeleted);
    store(TaskSamples.task(documentOfType(TargetType.IMAGE), "ASR", NOON), TaskState.QUEUED);
    refresh();
    assertThat(unroutableTasks().oldestUnroutable(null, 10))
        .containsExactlyInAnyOrderElementsOf(oldest);

    List<Versioned<Task>> paged = new ArrayList<>();
    UnroutableTasks.Group last = null;
    List<Versioned<Task>> page = unroutableTasks().oldestUnroutable(null, 3);
    while (!page.isEmpty()) {
      paged.addAll(page);
      last = UnroutableTasks.Group.of(page.get(page.size() - 1).value());
      page = unroutableTasks().oldestUnroutable(last, 3);
    }
    assertThat(paged).isEqualTo(unroutableTasks().oldestUnroutable(null, 10));
    assertThat(last)
        .isEqualTo(
            new UnroutableTasks.Group(new Route(TargetType.VIDEO, new TaskKey("OCR")), "docket"));
  }

  @Test
  default void findsUnroutableTasksOfRouteOldestFirst() {
    List<Versioned<Task>> tasks = new ArrayList<>();
    for (int i : new int[] {2, 0, 1}) {
      Task task = TaskSamples.task(documentOfType(TargetType.SOUND), "ASR", NOON.plusMillis(i));
      tasks.add(store(task, TaskState.NO_ROUTE_TO_QUEUE));
    }
    store(
        TaskSamples.task(documentOfType(TargetType.VIDEO), "ASR", NOON),
        TaskState.NO_ROUTE_TO_QUEUE);
    store(
        TaskSamples.task(documentOfType(TargetType.SOUND), "OCR", NOON),
        TaskState.NO_ROUTE_TO_QUEUE);
    store(TaskSamples.task(documentOfType(TargetType.SOUND), "ASR", NOON), TaskState.QUEUED);
    refresh();
    UnroutableTasks.Group route =
        new UnroutableTasks.Group(new Route(TargetType.SOUND, new TaskKey("ASR")), "docket");
    assertThat(unroutableTasks().unroutable(route, null, 10))
        .containsExactly(tasks.get(1), tasks.get(2), tasks.get(0));
    assertThat(unroutableTasks().unroutable(route, null, 2))
        .containsExactly(tasks.get(1), tasks.get(2));
  }

  private static Document documentOfType(TargetType type) {
    return DocumentSamples.document(
        DocumentSamples.document().target().id(), type, "archive", Map.of());
  }

  @Test
  default void findsTasksOfDocumentsWithoutDelayIncludingDeleted() {
    Document one = DocumentSamples.document();
    Document two = DocumentSamples.document();
    List<Versioned<Task>> tasks = new ArrayList<>();
    tasks.add(store(TaskSamples.task(one, "A", NOON), TaskState.SUCCESS));
    tasks.add(
        store(
            TaskSamples.task(one, "B", NOON), TaskState.QUEUED, TaskSearchesContract::markDeleted));
    tasks.add(store(TaskSamples.task(two, "A", NOON), TaskState.CREATED));
    store(TaskSamples.task("A"), TaskState.CREATED);
    tasks.sort(Comparator.comparing(t -> t.value().id()));
    List<Document> both = List.of(one, two);
    assertThat(
            readAllPages(
                after ->
                    tasksOfDocuments()
                        .ofDocuments(both.stream().map(Document::id).toList(), after, 2),
                2))
        .isEqualTo(tasks);
    Versioned<Task> added = store(TaskSamples.task(two, "Z", NOON), TaskState.CREATED);
    assertThat(tasksOfDocuments().ofDocuments(List.of(two.id()), null, 10))
        .contains(added)
        .hasSize(2);
  }

  @Test
  default void findsDependentsWithoutDelay() {
    TaskId dependency = new TaskId("dependency");
    Consumer<TaskBuilder> depends =
        builder -> {
          builder.dependsOn.add(new Dependency(new TaskId("other"), new TaskKey("A"), null, 0));
          builder.dependsOn.add(new Dependency(dependency, new TaskKey("B"), TaskState.ERROR, 1));
        };
    List<Versioned<Task>> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(store(TaskSamples.task("ASR"), TaskState.UNFINISHED_DEPENDENCY, depends));
      waiting.add(store(TaskSamples.task("ASR"), TaskState.FAILED_DEPENDENCY, depends));
    }
    store(TaskSamples.task("ASR"), TaskState.SUCCESS, depends);
    store(TaskSamples.task("ASR"), TaskState.UNFINISHED_DEPENDENCY);
    store(
        TaskSamples.task("ASR"),
        TaskState.UNFINISHED_DEPENDENCY,
        depends.andThen(TaskSearchesContract::markDeleted));
    waiting.sort(Comparator.comparing(t -> t.value().id()));
    assertThat(readAllPages(after -> waitingTasks().waitingFor(dependency, after, 4), 4))
        .isEqualTo(waiting);
  }

  @Test
  default void findsTasksOfKeyAndStateWithoutDelay() {
    List<Versioned<Task>> failed = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      failed.add(store(TaskSamples.task("ASR"), TaskState.ERROR));
      store(TaskSamples.task("OCR"), TaskState.ERROR);
      store(TaskSamples.task("ASR"), TaskState.ERROR_PROXY);
    }
    store(TaskSamples.task("ASR"), TaskState.ERROR, TaskSearchesContract::markDeleted);
    failed.sort(Comparator.comparing(t -> t.value().id()));
    assertThat(
            readAllPages(
                after -> tasksInState().inState(new TaskKey("ASR"), TaskState.ERROR, after, 4), 4))
        .isEqualTo(failed);
  }

  @Test
  default void findsUnansweredTasksLongestOverdueFirst() {
    Versioned<Task> second = storeUnanswered(2, TaskState.QUEUED);
    Versioned<Task> first = storeUnanswered(1, TaskState.PROCESSING);
    storeUnanswered(9, TaskState.QUEUED);
    storeUnanswered(0, TaskState.SUCCESS);
    store(TaskSamples.task("ASR"), TaskState.QUEUED);
    refresh();
    assertThat(unansweredTasks().unanswered(NOON.plusSeconds(2), null, 10))
        .containsExactly(first, second);
    assertThat(unansweredTasks().unanswered(NOON.plusSeconds(2), null, 1)).containsExactly(first);
    assertThat(unansweredTasks().unanswered(NOON.plusSeconds(2), first.value(), 10))
        .containsExactly(second);
  }

  private Versioned<Task> storeUnanswered(int seconds, TaskState state) {
    return store(
        TaskSamples.task("ASR"),
        state,
        builder -> builder.run.unansweredAfter = NOON.plusSeconds(seconds));
  }

  @Test
  default void overtakenByLaterTaskThatEnded() {
    Task task = storeDispatched("ASR", TaskState.QUEUED, 5).value();
    storeDispatched("ASR", TaskState.SUCCESS, 4);
    storeDispatched("OCR", TaskState.SUCCESS, 6);
    storeDispatched("ASR", TaskState.QUEUED, 6);
    refresh();
    assertThat(unansweredTasks().isOvertaken(task)).isFalse();

    storeDispatched("ASR", TaskState.ERROR, 6);
    refresh();
    assertThat(unansweredTasks().isOvertaken(task)).isTrue();
  }

  @Test
  default void behindOlderUnfinishedTask() {
    Task task = storeCreatedAt("ASR", TaskState.QUEUED, 5);
    storeCreatedAt("ASR", TaskState.SUCCESS, 4);
    storeCreatedAt("ASR", TaskState.UNFINISHED_DEPENDENCY, 4);
    storeCreatedAt("ASR", TaskState.PROCESSING, 6);
    storeCreatedAt("OCR", TaskState.QUEUED, 4);
    refresh();
    assertThat(unansweredTasks().isBehindOlderTask(task)).isFalse();

    storeCreatedAt("ASR", TaskState.CREATED, 4);
    refresh();
    assertThat(unansweredTasks().isBehindOlderTask(task)).isTrue();
  }

  @Test
  default void countsTasksAheadByPriorityAndDispatchTime() {
    Task task = storeQueued(TargetType.VIDEO, "ASR", 5, 5, TaskState.QUEUED);
    storeQueued(TargetType.VIDEO, "ASR", 6, 9, TaskState.QUEUED);
    storeQueued(TargetType.VIDEO, "ASR", 10, 4, TaskState.QUEUED);
    storeQueued(TargetType.VIDEO, "ASR", 5, 4, TaskState.QUEUED);
    storeQueued(TargetType.SOUND, "ASR", 5, 4, TaskState.QUEUED);
    storeQueued(TargetType.VIDEO, "ASR", 5, 6, TaskState.QUEUED);
    storeQueued(TargetType.VIDEO, "ASR", 4, 1, TaskState.QUEUED);
    storeQueued(TargetType.VIDEO, "OCR", 9, 1, TaskState.QUEUED);
    storeQueued(TargetType.VIDEO, "ASR", 9, 1, TaskState.PROCESSING);
    refresh();
    assertThat(queueProgress().countAhead(task, List.of(TargetType.VIDEO), 100)).isEqualTo(3);
    assertThat(queueProgress().countAhead(task, List.of(TargetType.VIDEO, TargetType.SOUND), 100))
        .isEqualTo(4);
    assertThat(queueProgress().countAhead(task, List.of(TargetType.VIDEO), 2)).isEqualTo(2);
  }

  private Task storeQueued(
      TargetType type, String key, int priority, int seconds, TaskState state) {
    Task task = TaskSamples.task(documentOfType(type), key, NOON);
    return store(
            TaskSamples.withPriority(task, priority),
            state,
            builder -> builder.run.dispatchedAt = NOON.plusSeconds(seconds))
        .value();
  }

  @Test
  default void findsRecentSuccessfulRunsLatestFirst() {
    for (int i : new int[] {2, 4, 1, 3}) {
      storeFinished("ASR", TaskState.SUCCESS, i, 100L * i);
    }
    storeFinished("ASR", TaskState.SUCCESS, 5, null);
    storeFinished("ASR", TaskState.ERROR, 6, 600L);
    storeFinished("OCR", TaskState.SUCCESS, 7, 700L);
    refresh();
    assertThat(queueProgress().recentRunMs(new TaskKey("ASR"), "docket", NOON.plusSeconds(1), 10))
        .containsExactly(400L, 300L, 200L);
    assertThat(queueProgress().recentRunMs(new TaskKey("ASR"), "docket", NOON, 2))
        .containsExactly(400L, 300L);
  }

  private void storeFinished(String key, TaskState state, int seconds, @Nullable Long runMs) {
    store(
        TaskSamples.task(key),
        state,
        builder -> {
          builder.run.finishedAt = NOON.plusSeconds(seconds);
          builder.run.runMs = runMs;
        });
  }

  private Task storeCreatedAt(String key, TaskState state, int seconds) {
    Task task = TaskSamples.task(documentOfType(TargetType.VIDEO), key, NOON.plusSeconds(seconds));
    return store(task, state).value();
  }

  private Versioned<Task> storeDispatched(String key, TaskState state, int seconds) {
    return store(
        TaskSamples.task(key),
        state,
        builder -> builder.run.dispatchedAt = NOON.plusSeconds(seconds));
  }

  @Test
  default void findsTasksExactlyAsStored() {
    Map<String, Object> args =
        Map.of(
            "\uD83D\uDCFC", new BigDecimal("1.10"),
            "small", new BigDecimal("1E-30"),
            "large", new BigInteger("123456789012345678901234567890"),
            "text", "\uD83D\uDCFC \uD800 \0",
            "list", Arrays.asList(1, null, Map.of()));
    Task task = TaskSamples.task(documentOfType(TargetType.TEXT), "ASR", NOON, args);
    Versioned<Task> expected = store(task, TaskState.NO_ROUTE_TO_QUEUE);
    refresh();
    assertThat(unroutableTasks().oldestUnroutable(null, 10)).containsExactly(expected);
    assertThat(unfinishedTasks().unfinished(null, 10)).containsExactly(expected);
  }

  @Test
  default void foundVersionCanBeReplaced() {
    store(2, TaskState.PROCESSING);
    store(1, TaskState.NO_ROUTE_TO_QUEUE);
    refresh();
    List<Versioned<Task>> found = new ArrayList<>(runningTasks().running(null, 1));
    found.addAll(unroutableTasks().oldestUnroutable(null, 10));
    assertThat(found).hasSize(2);
    for (Versioned<Task> task : found) {
      assertThat(store().replace(task.value(), task.version()).toCompletableFuture().join())
          .isInstanceOf(WriteOutcome.Stored.class);
      assertThat(store().replace(task.value(), task.version()).toCompletableFuture().join())
          .isEqualTo(new WriteOutcome.Conflict());
    }
  }

  private Versioned<Task> storeQueued(Task task, Consumer<TaskBuilder> change) {
    return store(
        task,
        TaskState.QUEUED,
        builder -> {
          builder.outbox.clear();
          builder.run.dispatchedAt = builder.now();
          change.accept(builder);
        });
  }

  private Versioned<Task> storeQueued(Task task) {
    return storeQueued(task, builder -> {});
  }

  @Test
  default void countsExpectedMessagesByRouteWithoutDelay() {
    for (int i = 0; i < 3; i++) {
      storeQueued(TaskSamples.task("ASR"));
    }
    storeQueued(TaskSamples.task(documentOfType(TargetType.SOUND), "ASR", NOON));
    storeQueued(TaskSamples.task("OCR"));
    Instant after = NOON.plusMillis(1);
    TargetType type = DocumentSamples.document().target().type();
    Route asr = new Route(type, new TaskKey("ASR"));
    Route ocr = new Route(type, new TaskKey("OCR"));
    Route sound = new Route(TargetType.SOUND, new TaskKey("ASR"));

    ExpectedMessages counted = settledTasks().expectedMessages(after);

    assertThat(counted.truncated()).isFalse();
    assertThat(counted.routes())
        .containsExactlyInAnyOrder(
            new ExpectedMessages.RouteCount("docket", asr, 3, 3),
            new ExpectedMessages.RouteCount("docket", sound, 1, 1),
            new ExpectedMessages.RouteCount("docket", ocr, 1, 1));
    assertThat(settledTasks().expectedMessages(NOON).routes())
        .extracting(ExpectedMessages.RouteCount::settled, ExpectedMessages.RouteCount::possible)
        .containsExactlyInAnyOrder(tuple(0L, 3L), tuple(0L, 1L), tuple(0L, 1L));
  }

  @Test
  default void settledTasksAreConfirmedWithEmptyOutbox() {
    Instant before = NOON.plusSeconds(10);
    storeQueued(TaskSamples.task("ASR"));
    storeQueued(TaskSamples.task("ASR"), builder -> builder.run.dispatchedAt = before);
    storeQueued(TaskSamples.task(DocumentSamples.document(), "ASR", before));
    storeQueued(
        TaskSamples.task("ASR"),
        builder -> builder.outbox.add(new PendingEffect("a", before, new Effect.Publish(1))));
    storeQueued(TaskSamples.task("ASR"), TaskSearchesContract::markDeleted);
    storeQueued(TaskSamples.task("ASR"), builder -> builder.run.dispatchedAt = null);
    assertThat(settledTasks().expectedMessages(before).routes())
        .extracting(ExpectedMessages.RouteCount::settled, ExpectedMessages.RouteCount::possible)
        .containsExactly(tuple(1L, 4L));
  }

  @Test
  default void possibleMessagesIncludeDispatchedAndJustStartedOrEndedTasks() {
    Instant before = NOON.plusSeconds(10);
    Instant since = before.plusSeconds(1);
    Lease lease = new Lease("w", "c", 60, since, false, null, null);
    store(TaskSamples.task("A"), TaskState.CREATED);
    store(TaskSamples.task("B"), TaskState.CREATED, builder -> builder.run.dispatchedAt = null);
    store(TaskSamples.task("C"), TaskState.PROCESSING, builder -> builder.run.lease = lease);
    store(
        TaskSamples.task("D"),
        TaskState.PROCESSING,
        builder -> {
          builder.run.lease = lease;
          builder.run.startedAt = since;
        });
    store(TaskSamples.task("E"), TaskState.PROCESSING, builder -> builder.run.lease = null);
    store(TaskSamples.task("F"), TaskState.SUCCESS, builder -> builder.run.finishedAt = since);
    store(TaskSamples.task("G"), TaskState.SUCCESS, builder -> builder.run.finishedAt = NOON);
    store(TaskSamples.task("H"), TaskState.NO_ROUTE_TO_QUEUE);
    assertThat(settledTasks().expectedMessages(before).routes())
        .allMatch(route -> route.settled() == 0 && route.possible() == 1)
        .extracting(route -> route.route().key().value())
        .containsExactly("A", "D", "E", "F");
  }

  @Test
  default void pagesSettledTasksLongestDispatchedFirst() {
    List<Versioned<Task>> tasks = new ArrayList<>();
    for (int i : new int[] {3, 1, 4, 2, 0}) {
      tasks.add(
          storeQueued(
              TaskSamples.task("ASR"), builder -> builder.run.dispatchedAt = NOON.minusSeconds(i)));
    }
    storeQueued(TaskSamples.task("ASR"), builder -> builder.run.dispatchedAt = NOON.plusSeconds(9));
    storeQueued(TaskSamples.task("OCR"));
    storeQueued(TaskSamples.task(documentOfType(TargetType.SOUND), "ASR", NOON));
    refresh();
    Route route = Route.of(tasks.get(0).value());
    Map<String, Set<Route>> routes = Map.of("docket", Set.of(route));
    Instant before = NOON.plusSeconds(5);
    List<Versioned<Task>> first = settledTasks().settled(routes, before, null, 3);
    List<Versioned<Task>> rest = settledTasks().settled(routes, before, first.get(2).value(), 3);
    assertThat(first).containsExactly(tasks.get(2), tasks.get(0), tasks.get(3));
    assertThat(rest).containsExactly(tasks.get(1), tasks.get(4));
    assertThat(settledTasks().settled(Map.of("dane", Set.of(route)), before, null, 3)).isEmpty();
  }
}
