package dev.docket.dependency;

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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what waiting tasks know of those they wait for with what these are. Outboxes see to it
 * that they agree, so this finds nothing, and writes nothing, unless records were lost, restored or
 * changed by other hands, or tasks have come to wait for each other. A look reads a bounded number
 * of tasks; the next goes on from there.
 */
public final class WaitingSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(WaitingSweep.class);

  private static final int PAGE_SIZE = 500;
  private static final int MAX_PAGES = 20;
  private static final int MAX_IDS = 1000;

  /** What has moved lately is being seen to. */
  private static final Duration MIN_QUIET_TIME = Duration.ofMinutes(1);

  private final TaskStore.Sweeps sweeps;
  private final TaskStore store;
  private final DependencyEffects dependents;
  private final CycleDetector cycles;
  private final Clock clock;
  private final DependencyGraph graph = new DependencyGraph();
  private @Nullable TaskId after;

  public WaitingSweep(
      TaskStore.Sweeps sweeps,
      TaskStore store,
      TaskService tasks,
      DependencyEffects dependents,
      Clock clock) {
    this.sweeps = sweeps;
    this.store = store;
    this.dependents = dependents;
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
      List<Versioned<Task>> page = sweeps.waiting(after, PAGE_SIZE);
      run(page.stream().map(Versioned::value).filter(this::isQuiet).toList());
      if (page.size() < PAGE_SIZE) {
        after = null;
        endCycles();
        return;
      }
      after = page.get(page.size() - 1).value().id();
    }
  }

  /** Whoever waits for anything looks again by itself; an effect left to do has its own sweep. */
  private boolean isQuiet(Task task) {
    return !task.waitAny()
        && task.outbox().stream().noneMatch(p -> p.effect() instanceof Effect.Register)
        && task.updatedAt().plus(MIN_QUIET_TIME).isBefore(clock.instant());
  }

  private void run(List<Task> waiting) {
    Set<TaskId> needed = new HashSet<>();
    waiting.forEach(task -> task.dependsOn().forEach(d -> needed.add(d.id())));
    Map<TaskId, Task> found = read(needed);
    List<CompletableFuture<Void>> repairs = new ArrayList<>();
    for (Task task : waiting) {
      for (Dependency dependency : task.dependsOn()) {
        Task there = found.get(dependency.id());
        if (isInconsistent(task, dependency, there)) {
          repairs.add(repair(task.id(), dependency));
        }
        if (dependency.state() == null && isWaiting(there)) {
          graph.add(task.id(), dependency.id());
        }
      }
    }
    CompletableFuture.allOf(repairs.toArray(CompletableFuture[]::new)).join();
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

  private static boolean isWaiting(@Nullable Task there) {
    return there != null && there.state() == TaskState.UNFINISHED_DEPENDENCY;
  }

  private static boolean isInconsistent(Task task, Dependency known, @Nullable Task there) {
    if (there == null) {
      return !knowsThatItIsGone(known);
    }
    if (there.outbox().stream().anyMatch(p -> p.effect() instanceof Effect.Wake)) {
      return false;
    }
    if (there.deleted()) {
      return !knowsThatItIsGone(known);
    }
    if (there.state().isFinished()) {
      return known.state() != there.state() || known.attempt() != there.attempt();
    }
    return !there.moreDependents() && !there.dependents().contains(task.id());
  }

  private static boolean knowsThatItIsGone(Dependency known) {
    return known.state() == TaskState.NOT_FOUND && known.attempt() == Command.GONE;
  }

  /** A search may be behind the record. */
  private CompletableFuture<Void> repair(TaskId id, Dependency dependency) {
    return store
        .find(id)
        .thenCompose(
            found -> {
              Task now = found.map(Versioned::value).filter(WaitingSweep::isWaiting).orElse(null);
              if (now == null || now.deleted() || !now.dependsOn().contains(dependency)) {
                return CompletableFuture.<Void>completedStage(null);
              }
              LOG.atWarn()
                  .addKeyValue("task", id)
                  .log("It waits for {}, which did not know: entered again", dependency.id());
              return dependents.enter(now, dependency.id(), dependency.key());
            })
        .toCompletableFuture();
  }

  /** One after the other: the end of one opens the circle for the rest. */
  private void endCycles() {
    for (TaskId id : graph.takeSuspects()) {
      cycles.endIfIn(id).toCompletableFuture().join();
    }
  }
}
