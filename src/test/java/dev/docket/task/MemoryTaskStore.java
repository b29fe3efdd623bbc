package dev.docket.task;

import dev.docket.admission.LimitedTasks;
import dev.docket.counts.Backlog;
import dev.docket.counts.BacklogCounts;
import dev.docket.dependency.WaitingTasks;
import dev.docket.document.DocumentId;
import dev.docket.document.MemoryRecords;
import dev.docket.document.TargetType;
import dev.docket.drift.ExpectedMessages;
import dev.docket.drift.SettledTasks;
import dev.docket.explain.QueueProgress;
import dev.docket.maintenance.OverdueTasks;
import dev.docket.maintenance.RunningTasks;
import dev.docket.maintenance.UnansweredTasks;
import dev.docket.maintenance.UnroutableTasks;
import dev.docket.maintenance.UnroutableTasks.Group;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.api.UnfinishedTasks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory task store for tests. Stages are already complete when they are returned, and
 * searches see every write immediately.
 */
public final class MemoryTaskStore
    implements TaskStore,
        OverdueTasks,
        RunningTasks,
        UnansweredTasks,
        UnroutableTasks,
        WaitingTasks,
        TasksInState,
        TasksOfDocuments,
        UnfinishedTasks,
        BacklogCounts,
        SettledTasks,
        QueueProgress,
        LimitedTasks {

  private static final Comparator<Versioned<Task>> BY_ID =
      Comparator.comparing(t -> t.value().id());
  private static final Comparator<Group> GROUP_ORDER =
      Comparator.comparing((Group group) -> group.route().type().wire())
          .thenComparing(group -> group.route().key())
          .thenComparing(Group::protocol);

  private static final Comparator<Versioned<Task>> OLDEST_FIRST =
      Comparator.comparing((Versioned<Task> t) -> t.value().createdAt()).thenComparing(BY_ID);

  private final MemoryRecords<TaskId, Task> records = new MemoryRecords<>(Task::id);

  /** All tasks, including those that are being deleted, in no particular order. */
  public List<Versioned<Task>> all() {
    return records.all();
  }

  @Override
  public CompletionStage<WriteOutcome> create(Task task) {
    return CompletableFuture.completedStage(records.create(task));
  }

  @Override
  public CompletionStage<WriteOutcome> replace(Task task, Version seen) {
    return CompletableFuture.completedStage(records.replace(task, seen));
  }

  @Override
  public CompletionStage<WriteOutcome> remove(TaskId id, Version seen) {
    return CompletableFuture.completedStage(records.remove(id, seen));
  }

  @Override
  public CompletionStage<Optional<Versioned<Task>>> find(TaskId id) {
    return CompletableFuture.completedStage(records.find(id));
  }

  @Override
  public CompletionStage<Map<TaskId, Versioned<Task>>> find(Collection<TaskId> ids) {
    return CompletableFuture.completedStage(records.find(ids));
  }

  @Override
  public List<Versioned<Task>> overdue(Instant now, @Nullable Task after, int limit) {
    return page(
        where(t -> t.outboxDue().filter(due -> !due.isAfter(now)).isPresent()),
        task -> task.outboxDue().orElseThrow(),
        after,
        limit);
  }

  @Override
  public List<Versioned<Task>> running(@Nullable TaskId after, int limit) {
    return page(
        t -> !t.deleted() && t.state() == TaskState.PROCESSING && !t.run().isManual(),
        after,
        limit);
  }

  @Override
  public List<Versioned<Task>> waiting(@Nullable TaskId after, int limit) {
    return page(t -> !t.deleted() && t.state() == TaskState.UNFINISHED_DEPENDENCY, after, limit);
  }

  @Override
  public List<Versioned<Task>> unfinished(@Nullable TaskId after, int limit) {
    return page(t -> !t.deleted() && !t.state().isFinished(), after, limit);
  }

  @Override
  public List<Versioned<Task>> waiting(TaskKey key, int limit) {
    return where(t -> !t.deleted() && t.key().equals(key) && t.run().limitedSince() != null)
        .sorted(
            Comparator.comparing((Versioned<Task> t) -> -t.value().spec().priority())
                .thenComparing(OLDEST_FIRST))
        .limit(limit)
        .toList();
  }

  @Override
  public Map<TaskKey, Long> waitingByKey() {
    return where(t -> !t.deleted() && t.run().limitedSince() != null)
        .collect(Collectors.groupingBy(t -> t.value().key(), Collectors.counting()));
  }

  @Override
  public long runningOutsideSlots(TaskKey key, int slots) {
    return where(
            t ->
                !t.deleted()
                    && t.key().equals(key)
                    && t.state() == TaskState.PROCESSING
                    && (t.run().admission() == null
                        || t.run().admission().slot() == null
                        || t.run().admission().slot() > slots))
        .limit(slots)
        .count();
  }

  @Override
  public long handedOutSince(TaskKey key, Instant since, int limit) {
    return where(
            t ->
                t.key().equals(key)
                    && t.run().dispatchedAt() != null
                    && !t.run().dispatchedAt().isBefore(since))
        .limit(limit)
        .count();
  }

  @Override
  public List<Backlog> backlog(Instant now) {
    Map<TaskKey, List<Task>> keys =
        where(t -> !t.deleted() && !t.state().isFinished())
            .map(Versioned::value)
            .collect(Collectors.groupingBy(Task::key));
    return keys.values().stream()
        .sorted(Comparator.comparing((List<Task> tasks) -> tasks.size()).reversed())
        .limit(Backlog.MAX_KEYS)
        .flatMap(
            tasks -> tasks.stream().collect(Collectors.groupingBy(Task::state)).values().stream())
        .map(tasks -> backlog(tasks, now))
        .toList();
  }

  private static Backlog backlog(List<Task> tasks, Instant now) {
    List<Task> automatic =
        tasks.stream()
            .filter(t -> !t.run().isManual() || t.state() == TaskState.UNFINISHED_DEPENDENCY)
            .toList();
    List<Task> limited = automatic.stream().filter(t -> t.run().limitedSince() != null).toList();
    List<Task> due =
        automatic.stream()
            .filter(t -> t.run().limitedSince() == null)
            .filter(t -> t.run().dueAt() == null || !t.run().dueAt().isAfter(now))
            .toList();
    return new Backlog(
        tasks.get(0).key(),
        tasks.get(0).state(),
        tasks.size(),
        automatic.size() - due.size() - limited.size(),
        tasks.size() - automatic.size(),
        limited.size(),
        due.stream()
            .flatMap(t -> Stream.ofNullable(since(t)))
            .min(Comparator.naturalOrder())
            .orElse(null));
  }

  private static Instant since(Task task) {
    return switch (task.state()) {
      case CREATED, TASK_RESET -> task.createdAt();
      case QUEUED -> task.run().queuedAt();
      case PROCESSING -> task.run().startedAt();
      default -> task.updatedAt();
    };
  }

  @Override
  public ExpectedMessages expectedMessages(Instant before) {
    Map<String, Map<Route, List<Task>>> protocols =
        where(t -> isPossible(t, before))
            .map(Versioned::value)
            .collect(
                Collectors.groupingBy(
                    t -> t.run().protocol(), TreeMap::new, Collectors.groupingBy(Route::of)));
    List<ExpectedMessages.RouteCount> routes = new ArrayList<>();
    protocols.forEach(
        (protocol, tasksByRoute) ->
            tasksByRoute.entrySet().stream()
                .sorted(
                    Comparator.comparing(
                            (Map.Entry<Route, List<Task>> e) -> e.getKey().type().wire())
                        .thenComparing(e -> e.getKey().key().value()))
                .forEach(
                    e ->
                        routes.add(
                            new ExpectedMessages.RouteCount(
                                protocol,
                                e.getKey(),
                                e.getValue().stream().filter(t -> isSettled(t, before)).count(),
                                e.getValue().size()))));
    boolean truncated = routes.size() > ExpectedMessages.MAX_ROUTES;
    return new ExpectedMessages(
        truncated ? routes.subList(0, ExpectedMessages.MAX_ROUTES) : routes, truncated);
  }

  private static boolean isSettled(Task task, Instant before) {
    return !task.deleted()
        && task.state() == TaskState.QUEUED
        && task.run().dispatchedAt() != null
        && task.run().dispatchedAt().isBefore(before)
        && task.updatedAt().isBefore(before)
        && task.outbox().isEmpty();
  }

  private static boolean isPossible(Task task, Instant before) {
    boolean waiting = task.state().isClaimable() && task.state() != TaskState.NO_ROUTE_TO_QUEUE;
    return !task.deleted()
        && !task.run().isManual()
        && ((waiting && task.run().dispatchedAt() != null)
            || (task.state() == TaskState.PROCESSING && task.run().lease() == null)
            || (task.run().startedAt() != null && task.run().startedAt().isAfter(before))
            || (task.run().finishedAt() != null && task.run().finishedAt().isAfter(before)));
  }

  @Override
  public List<Versioned<Task>> settled(
      Map<String, Set<Route>> routes, Instant before, @Nullable Task after, int limit) {
    return page(
        where(
            t ->
                isSettled(t, before)
                    && routes.getOrDefault(t.run().protocol(), Set.of()).contains(Route.of(t))),
        task -> task.run().dispatchedAt(),
        after,
        limit);
  }

  @Override
  public List<Versioned<Task>> oldestUnroutable(@Nullable Group after, int limit) {
    return where(MemoryTaskStore::isUnroutable)
        .collect(Collectors.groupingBy(t -> Group.of(t.value()), Collectors.minBy(OLDEST_FIRST)))
        .values()
        .stream()
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(t -> Group.of(t.value()), GROUP_ORDER))
        .filter(t -> after == null || GROUP_ORDER.compare(Group.of(t.value()), after) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public List<Versioned<Task>> unroutable(Group group, @Nullable Task after, int limit) {
    return page(
        where(t -> isUnroutable(t) && Group.of(t).equals(group)), Task::createdAt, after, limit);
  }

  @Override
  public List<Versioned<Task>> ofDocuments(
      Collection<DocumentId> documents, @Nullable TaskId after, int limit) {
    return page(t -> documents.contains(t.spec().document().id()), after, limit);
  }

  @Override
  public List<Versioned<Task>> waitingFor(TaskId dependency, @Nullable TaskId after, int limit) {
    return page(
        t ->
            !t.deleted()
                && (t.state() == TaskState.UNFINISHED_DEPENDENCY
                    || t.state() == TaskState.FAILED_DEPENDENCY)
                && t.dependsOn().stream().anyMatch(d -> d.id().equals(dependency)),
        after,
        limit);
  }

  @Override
  public List<Versioned<Task>> inState(
      TaskKey key, TaskState state, @Nullable TaskId after, int limit) {
    return page(t -> !t.deleted() && t.key().equals(key) && t.state() == state, after, limit);
  }

  @Override
  public List<Versioned<Task>> unanswered(Instant now, @Nullable Task after, int limit) {
    return page(
        where(
            t ->
                !t.deleted()
                    && isWithBroker(t)
                    && t.run().unansweredAfter() != null
                    && !t.run().unansweredAfter().isAfter(now)),
        task -> task.run().unansweredAfter(),
        after,
        limit);
  }

  @Override
  public boolean isOvertaken(Task task) {
    return ofRoute(task)
        .filter(t -> t.run().dispatchedAt() != null && task.run().dispatchedAt() != null)
        .anyMatch(
            t ->
                t.state().isFinished()
                    && t.run().dispatchedAt().isAfter(task.run().dispatchedAt()));
  }

  @Override
  public boolean isBehindOlderTask(Task task) {
    return ofRoute(task)
        .filter(t -> t.createdAt().isBefore(task.createdAt()))
        .anyMatch(
            t ->
                isWithBroker(t)
                    || t.state() == TaskState.CREATED
                    || t.state() == TaskState.TASK_RESET);
  }

  @Override
  public long countAhead(Task task, Collection<TargetType> types, int max) {
    return where(t -> !t.deleted() && t.state() == TaskState.QUEUED && t.key().equals(task.key()))
        .map(Versioned::value)
        .filter(t -> t.run().protocol().equals(task.run().protocol()))
        .filter(t -> types.contains(t.spec().document().target().type()))
        .filter(
            t ->
                t.spec().priority() > task.spec().priority()
                    || (t.spec().priority() == task.spec().priority()
                        && t.run().dispatchedAt().isBefore(task.run().dispatchedAt())))
        .limit(max)
        .count();
  }

  @Override
  public List<Long> recentRunMs(TaskKey key, String protocol, Instant since, int limit) {
    return where(t -> !t.deleted() && t.state() == TaskState.SUCCESS && t.key().equals(key))
        .map(Versioned::value)
        .filter(t -> t.run().runMs() != null && t.run().finishedAt().isAfter(since))
        .sorted(Comparator.comparing((Task task) -> task.run().finishedAt()).reversed())
        .limit(limit)
        .map(task -> task.run().runMs())
        .toList();
  }

  private Stream<Task> ofRoute(Task task) {
    return all().stream()
        .map(Versioned::value)
        .filter(t -> !t.deleted() && Route.of(t).equals(Route.of(task)))
        .filter(t -> t.spec().priority() == task.spec().priority());
  }

  private static boolean isWithBroker(Task task) {
    return task.state() == TaskState.QUEUED || task.state() == TaskState.PROCESSING;
  }

  private static boolean isUnroutable(Task task) {
    return !task.deleted() && task.state() == TaskState.NO_ROUTE_TO_QUEUE;
  }

  private static List<Versioned<Task>> page(
      Stream<Versioned<Task>> found,
      Function<Task, Instant> time,
      @Nullable Task after,
      int limit) {
    Comparator<Task> order = Comparator.comparing(time).thenComparing(Task::id);
    return found
        .filter(t -> after == null || order.compare(t.value(), after) > 0)
        .sorted((a, b) -> order.compare(a.value(), b.value()))
        .limit(limit)
        .toList();
  }

  private List<Versioned<Task>> page(Predicate<Task> predicate, @Nullable TaskId after, int limit) {
    return where(predicate)
        .filter(t -> after == null || t.value().id().compareTo(after) > 0)
        .sorted(BY_ID)
        .limit(limit)
        .toList();
  }

  private Stream<Versioned<Task>> where(Predicate<Task> predicate) {
    return all().stream().filter(t -> predicate.test(t.value()));
  }
}
