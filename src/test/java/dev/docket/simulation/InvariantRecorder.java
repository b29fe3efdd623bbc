package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.KeyLimits;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
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
 * A task store that checks the invariants on every write of every server. It records violations
 * instead of throwing, since the server that wrote may have crashed before the test asserts.
 */
public final class InvariantRecorder implements TaskStore {

  /** A run that was written, with the claim that held its lease. */
  static final class Run {
    final TaskId id;
    final int attempt;
    final String token;
    String claimId;
    TaskState end;

    Run(Task task) {
      id = task.id();
      attempt = task.run().attempt();
      token = task.run().token();
    }
  }

  private final MemoryTaskStore store;
  private final Map<TaskKey, KeyLimits> limits;
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final List<String> violations = new ArrayList<>();
  final Map<TaskId, TaskState> accepted = new HashMap<>();
  public int writes;

  InvariantRecorder(MemoryTaskStore store, Map<TaskKey, KeyLimits> limits) {
    this.store = store;
    this.limits = limits;
  }

  /** All runs, in the order of their first write. */
  synchronized List<Run> runs() {
    return List.copyOf(runs.values());
  }

  synchronized void assertNoViolations() {
    assertThat(violations).isEmpty();
  }

  @Override
  public synchronized CompletionStage<WriteOutcome> create(Task task) {
    CompletionStage<WriteOutcome> outcome = store.create(task);
    if (isStored(outcome)) {
      accepted.put(task.id(), task.state());
      run(task);
    }
    return outcome;
  }

  @Override
  public synchronized CompletionStage<WriteOutcome> replace(Task task, Version seen) {
    Optional<Versioned<Task>> before = store.find(task.id()).toCompletableFuture().join();
    CompletionStage<WriteOutcome> outcome = store.replace(task, seen);
    if (isStored(outcome)) {
      check(before.orElseThrow().value(), task);
    }
    return outcome;
  }

  @Override
  public synchronized CompletionStage<WriteOutcome> remove(TaskId id, Version seen) {
    Optional<Versioned<Task>> before = store.find(id).toCompletableFuture().join();
    CompletionStage<WriteOutcome> outcome = store.remove(id, seen);
    if (isStored(outcome) && !before.orElseThrow().value().deleted()) {
      violations.add(id + " was removed without being marked as deleted");
    }
    return outcome;
  }

  private boolean isStored(CompletionStage<WriteOutcome> outcome) {
    boolean stored = outcome.toCompletableFuture().join() instanceof WriteOutcome.Stored;
    writes += stored ? 1 : 0;
    return stored;
  }

  private Run run(Task task) {
    return runs.computeIfAbsent(task.id() + "." + task.run().token(), name -> new Run(task));
  }

  private void check(Task before, Task after) {
    int increase = after.run().attempt() - before.run().attempt();
    boolean sameRun = after.run().token().equals(before.run().token());
    expect(
        increase >= 0 && sameRun == (increase == 0),
        "a new attempt has a new run token",
        before,
        after);
    Run run = run(after);
    if (after.run().lease() != null) {
      String claimId = after.run().lease().claimId();
      expect(
          run.claimId == null || run.claimId.equals(claimId),
          "a run has only one lease",
          before,
          after);
      boolean free = before.run().lease() == null || before.run().lease().claimId().equals(claimId);
      expect(free, "a task has one lease at a time", before, after);
      run.claimId = claimId;
      Integer concurrency = limits.getOrDefault(after.key(), KeyLimits.NONE).concurrency();
      expect(
          concurrency == null || leases(after.key()) <= concurrency,
          "a key has no more leases than its concurrency",
          before,
          after);
    }
    if (after.state().isFinished()) {
      expect(
          run.end == null || run.end == after.state(),
          "a run has only one end state",
          before,
          after);
      boolean noneAdded =
          run.end == null
              || after.resultRuns().stream()
                  .allMatch(left -> before.resultRuns().stream().anyMatch(left::isSameSubmission));
      expect(noneAdded, "an ended run gets no results", before, after);
      run.end = after.state();
    } else {
      expect(run.end == null, "an ended run does not leave its end state", before, after);
    }
    boolean publishes =
        after.outbox().stream()
            .anyMatch(p -> p.effect() instanceof dev.docket.task.machine.Effect.Publish);
    expect(
        !(publishes && after.state().isFinished()),
        "an ended task has no publish effect",
        before,
        after);
    checkHistory(before, after);
  }

  private long leases(TaskKey key) {
    return store.all().stream()
        .map(Versioned::value)
        .filter(task -> task.key().equals(key) && task.run().lease() != null)
        .count();
  }

  /** Each transition starts in the state in which the previous one ended, so none is repeated. */
  private void checkHistory(Task before, Task after) {
    TaskState state = null;
    for (Transition transition : after.history()) {
      expect(
          state == null || transition.from() == state,
          "the history is contiguous: " + transition,
          before,
          after);
      state = transition.to();
    }
    expect(state == after.state(), "the history ends in the task's state", before, after);
  }

  private void expect(boolean holds, String invariant, Task before, Task after) {
    if (!holds) {
      violations.add("violated: " + invariant + "\n  before " + before + "\n  after  " + after);
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
