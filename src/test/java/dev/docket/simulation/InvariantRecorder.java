package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import dev.docket.task.Transition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Sees every write of every server, and whether it keeps the promises. What it sees amiss it
 * remembers, since whoever wrote it may be dead by the time that somebody asks.
 */
public final class InvariantRecorder implements TaskStore {

  /** A run that there was, and who held its lease. */
  static final class Run {
    final TaskId id;
    final int attempt;
    final String token;
    String claimId;
    TaskState end;

    Run(Task task) {
      id = task.id();
      attempt = task.attempt();
      token = task.run();
    }
  }

  private final MemoryTaskStore store;
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final List<String> amiss = new ArrayList<>();
  final Map<TaskId, TaskState> accepted = new HashMap<>();
  public int writes;

  InvariantRecorder(MemoryTaskStore store) {
    this.store = store;
  }

  /** Every run there was, in order. */
  synchronized List<Run> runs() {
    return List.copyOf(runs.values());
  }

  synchronized void seesNothingAmiss() {
    assertThat(amiss).isEmpty();
  }

  @Override
  public synchronized CompletionStage<WriteOutcome> create(Task task) {
    CompletionStage<WriteOutcome> saved = store.create(task);
    if (isStored(saved)) {
      accepted.put(task.id(), task.state());
      run(task);
    }
    return saved;
  }

  @Override
  public synchronized CompletionStage<WriteOutcome> replace(Task task, Version seen) {
    Optional<Versioned<Task>> before = store.find(task.id()).toCompletableFuture().join();
    CompletionStage<WriteOutcome> saved = store.replace(task, seen);
    if (isStored(saved)) {
      check(before.orElseThrow().value(), task);
    }
    return saved;
  }

  @Override
  public synchronized CompletionStage<WriteOutcome> remove(TaskId id, Version seen) {
    Optional<Versioned<Task>> before = store.find(id).toCompletableFuture().join();
    CompletionStage<WriteOutcome> saved = store.remove(id, seen);
    if (isStored(saved) && !before.orElseThrow().value().deleted()) {
      amiss.add(id + " was removed without being deleted");
    }
    return saved;
  }

  private boolean isStored(CompletionStage<WriteOutcome> saved) {
    boolean stored = saved.toCompletableFuture().join() instanceof WriteOutcome.Stored;
    writes += stored ? 1 : 0;
    return stored;
  }

  private Run run(Task task) {
    return runs.computeIfAbsent(task.id() + "." + task.run(), name -> new Run(task));
  }

  private void check(Task before, Task after) {
    int further = after.attempt() - before.attempt();
    boolean sameRun = after.run().equals(before.run());
    expect(further >= 0 && sameRun == (further == 0), "attempts and runs", before, after);
    Run run = run(after);
    if (after.lease() != null) {
      String claimId = after.lease().claimId();
      expect(run.claimId == null || run.claimId.equals(claimId), "one lease a run", before, after);
      boolean free = before.lease() == null || before.lease().claimId().equals(claimId);
      expect(free, "one lease at a time", before, after);
      run.claimId = claimId;
    }
    if (after.state().isFinished()) {
      expect(run.end == null || run.end == after.state(), "one end a run", before, after);
      boolean sameResults =
          run.end == null
              || (after.results() == null
                  ? before.results() == null
                  : after.results().equals(before.results()));
      expect(sameResults, "results of an end stay", before, after);
      run.end = after.state();
    } else {
      expect(run.end == null, "an end is for good", before, after);
    }
    boolean publishes =
        after.outbox().stream()
            .anyMatch(p -> p.effect() instanceof dev.docket.task.machine.Effect.Publish);
    expect(!(publishes && after.state().isFinished()), "an end is not published", before, after);
    history(before, after);
  }

  /** Each move begins where the one before ended: none is there twice. */
  private void history(Task before, Task after) {
    TaskState at = null;
    for (Transition move : after.history()) {
      expect(at == null || move.from() == at, "history: " + move, before, after);
      at = move.to();
    }
    expect(at == after.state(), "history ends elsewhere", before, after);
  }

  private void expect(boolean holds, String what, Task before, Task after) {
    if (!holds) {
      amiss.add(what + "\n  before " + before + "\n  after  " + after);
    }
  }

  @Override
  public CompletionStage<Optional<Versioned<Task>>> find(TaskId id) {
    return store.find(id);
  }

  @Override
  public CompletionStage<Map<TaskId, Versioned<Task>>> find(Collection<TaskId> ids) {
    return store.find(ids);
  }
}
