package dev.docket.counts;

import dev.docket.document.Document;
import dev.docket.store.Versioned;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@link Counts} over stores in memory, for tests. */
public final class MemoryCounts implements Counts {

  private final MemoryTaskStore tasks;
  private final Supplier<List<Versioned<Document>>> documents;
  private final IntSupplier results;

  public MemoryCounts(
      MemoryTaskStore tasks, Supplier<List<Versioned<Document>>> documents, IntSupplier results) {
    this.tasks = tasks;
    this.documents = documents;
    this.results = results;
  }

  @Override
  public EndedTasks ended(@Nullable Instant after, @Nullable Instant upTo) {
    Map<TaskKey, Map<TaskState, Long>> keys = new TreeMap<>();
    byKey(at -> (after == null || at.isAfter(after)) && (upTo == null || !at.isAfter(upTo)))
        .forEach((key, sameKey) -> keys.put(key, states(sameKey)));
    return new EndedTasks(keys, 0);
  }

  @Override
  public long endedTotal() {
    return tasks.all().stream()
        .map(Versioned::value)
        .filter(task -> task.state().isFinished() && !task.deleted())
        .count();
  }

  @Override
  public RecentWork recent(Instant since) {
    return new RecentWork(
        byKey(at -> !at.isBefore(since)).entrySet().stream()
            .map(
                e ->
                    new RecentWork.KeyWork(
                        e.getKey(),
                        states(e.getValue()),
                        spread(e.getValue(), task -> task.run().runMs()),
                        spread(e.getValue(), task -> task.run().queuedMs())))
            .toList(),
        false);
  }

  @Override
  public Stored stored() {
    long documentCount = documents.get().stream().filter(d -> !d.value().deleted()).count();
    return new Stored(documentCount, results.getAsInt());
  }

  private Map<TaskKey, List<Task>> byKey(Predicate<Instant> finished) {
    return tasks.all().stream()
        .map(Versioned::value)
        .filter(t -> t.state().isFinished() && !t.deleted() && t.run().finishedAt() != null)
        .filter(t -> finished.test(t.run().finishedAt()))
        .collect(Collectors.groupingBy(Task::key, TreeMap::new, Collectors.toList()));
  }

  private static Map<TaskState, Long> states(List<Task> sameKey) {
    return sameKey.stream().collect(Collectors.groupingBy(Task::state, Collectors.counting()));
  }

  private static RecentWork.@Nullable Spread spread(
      List<Task> sameKey, Function<Task, @Nullable Long> time) {
    List<Long> times =
        sameKey.stream()
            .filter(t -> t.state() == TaskState.SUCCESS)
            .map(time)
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    return times.isEmpty()
        ? null
        : new RecentWork.Spread(
            times.get((times.size() - 1) / 2), times.get((times.size() - 1) * 95 / 100));
  }
}
