package dev.docket.dependency;

import dev.docket.concurrent.Stages;
import dev.docket.maintenance.Sweep;
import dev.docket.store.Versioned;
import dev.docket.task.Dependency;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what waiting tasks have recorded about their dependencies with the dependencies'
 * records. The outboxes keep them consistent, so this sweep finds and writes nothing, unless
 * records were lost, restored or changed by another program, or a cycle was created. A run reads a
 * bounded number of tasks, and the next run continues there.
 */
public final class WaitingSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(WaitingSweep.class);

  private static final int PAGE_SIZE = 500;
  private static final int MAX_PAGES = 20;
  private static final int MAX_IDS = 1000;

  /** Tasks that changed more recently are skipped, because their effects may be in progress. */
  private static final Duration MIN_QUIET_TIME = Duration.ofMinutes(1);

  private final WaitingTasks search;
  private final TaskStore store;
  private final RegisterHandler register;
  private final CycleDetector cycles;
  private final Clock clock;
  private final DependencyGraph graph = new DependencyGraph();
  private @Nullable TaskId after;

  public WaitingSweep(
      WaitingTasks search,
      TaskStore store,
      TaskService tasks,
      RegisterHandler register,
      Clock clock) {
    this.search = search;
    this.store = store;
    this.register = register;
    this.cycles = new CycleDetector(tasks);
    this.clock = clock;
  }

  @Override
  public String name() {
    return "waiting";
  }

  @Override
  public void run() {
    for (int pages = 0; pages < MAX_PAGES; pages++) {
      List<Versioned<Task>> page = search.waiting(after, PAGE_SIZE);
      check(page.stream().map(Versioned::value).filter(this::isQuiet).toList());
      if (page.size() < PAGE_SIZE) {
        after = null;
        endCycles();
        return;
      }
      after = page.get(page.size() - 1).value().id();
    }
  }

  /**
   * Excludes tasks that wait for any success, which run again by themselves, and tasks with a
   * pending register effect, which the overdue sweep performs.
   */
  private boolean isQuiet(Task task) {
    return !task.waitAny()
        && task.outbox().stream().noneMatch(p -> p.effect() instanceof Effect.Register)
        && task.updatedAt().plus(MIN_QUIET_TIME).isBefore(clock.instant());
  }

  private void check(List<Task> waiting) {
    Set<TaskId> dependencies = new HashSet<>();
    waiting.forEach(task -> task.dependsOn().forEach(d -> dependencies.add(d.id())));
    Map<TaskId, Task> found = read(dependencies);
    List<CompletionStage<Void>> repairs = new ArrayList<>();
    for (Task task : waiting) {
      for (Dependency dependency : task.dependsOn()) {
        Task current = found.get(dependency.id());
        if (isInconsistent(task, dependency, current)) {
          repairs.add(repair(task.id(), dependency));
        }
        if (dependency.state() == null && isWaiting(current)) {
          graph.add(task.id(), dependency.id());
        }
      }
    }
    Stages.all(repairs).join();
  }

  private Map<TaskId, Task> read(Collection<TaskId> ids) {
    List<TaskId> all = List.copyOf(ids);
    Map<TaskId, Task> found = new HashMap<>();
    for (int from = 0; from < all.size(); from += MAX_IDS) {
      store
          .find(all.subList(from, Math.min(from + MAX_IDS, all.size())))
          .toCompletableFuture()
          .join()
          .forEach((id, task) -> found.put(id, task.value()));
    }
    return found;
  }

  private static boolean isWaiting(@Nullable Task task) {
    return task != null && task.state() == TaskState.UNFINISHED_DEPENDENCY;
  }

  private static boolean isInconsistent(Task task, Dependency recorded, @Nullable Task current) {
    if (current == null) {
      return !isRecordedAsDeleted(recorded);
    }
    if (current.outbox().stream().anyMatch(p -> p.effect() instanceof Effect.Wake)) {
      return false;
    }
    if (current.deleted()) {
      return !isRecordedAsDeleted(recorded);
    }
    if (current.state().isFinished()) {
      return recorded.state() != current.state() || recorded.attempt() != current.run().attempt();
    }
    return !current.moreDependents() && !current.dependents().contains(task.id());
  }

  private static boolean isRecordedAsDeleted(Dependency recorded) {
    return recorded.state() == TaskState.NOT_FOUND && recorded.attempt() == Command.GONE_ATTEMPT;
  }

  /** Reads the task again first, because the search may lag behind its record. */
  private CompletionStage<Void> repair(TaskId id, Dependency dependency) {
    return store
        .find(id)
        .thenCompose(
            found -> {
              Task task = found.map(Versioned::value).filter(WaitingSweep::isWaiting).orElse(null);
              if (task == null || task.deleted() || !task.dependsOn().contains(dependency)) {
                return CompletableFuture.<Void>completedStage(null);
              }
              LOG.atWarn()
                  .addKeyValue("task", id)
                  .log(
                      "The task and its dependency {} are inconsistent; registering it again",
                      dependency.id());
              return register.registerWith(task, dependency.id(), dependency.key());
            });
  }

  /** Checks one task after the other, because ending one breaks the cycle for the others. */
  private void endCycles() {
    for (TaskId id : graph.drainSuspects()) {
      cycles.endIfInCycle(id).toCompletableFuture().join();
    }
  }
}
