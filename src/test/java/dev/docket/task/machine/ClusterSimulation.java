package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.CommandBatch;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.OnePolicy;
import dev.docket.task.PendingCommand;
import dev.docket.task.Policy;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Simulates a few tasks that depend on each other, with a store, a broker, and servers that can
 * crash between any two steps. The effects that a server is about to perform are {@link
 * #effectsInProgress}, each with the task as the server read it.
 */
final class ClusterSimulation {

  private static final int MAX_ROUNDS = 1_000;

  record Message(TaskId id, RunRef run) {}

  record EffectInProgress(Task seen, PendingEffect effect) {}

  final Map<TaskId, Task> tasks = new TreeMap<>();
  final Set<ResultId> storedResults = new HashSet<>();
  final List<EffectInProgress> effectsInProgress = new ArrayList<>();
  final List<Message> messages = new ArrayList<>();
  final Policy policy;
  Instant now = TaskScenario.START;
  private int tokens;

  ClusterSimulation(Policy policy) {
    this.policy = policy;
  }

  DecisionContext context() {
    tokens++;
    return new DecisionContext(now, "%08x".formatted(tokens).repeat(4), 0.5);
  }

  /** Submits a task unless it exists. */
  void submit(
      Effect.NeededTask submitted, OnDependencyFailure rule, List<Effect.NeededTask> needed) {
    if (!tasks.containsKey(submitted.id())) {
      TaskSpec spec = TaskScenario.spec(rule).forDependency(submitted.key(), Map.of());
      TaskSpec taskSpec =
          TaskSpec.builder(spec.document(), spec.key(), "docket", "ann")
              .args(spec.args())
              .tags(spec.tags())
              .onDependencyFailure(rule)
              .priority(spec.priority())
              .build();
      Task task = TaskMachine.create(submitted.id(), taskSpec, needed, null, context());
      tasks.put(submitted.id(), task);
      task.outbox().forEach(effect -> effectsInProgress.add(new EffectInProgress(task, effect)));
    }
  }

  /** Executes a command on a task if it exists; the new effects are then in progress. */
  void execute(TaskId id, Command command) {
    Task before = tasks.get(id);
    if (before == null) {
      return;
    }
    CommandBatch batch =
        CommandBatch.of(
            before,
            List.of(PendingCommand.of(command, null)),
            new OnePolicy(policy),
            this::context);
    if (!batch.changed()) {
      return;
    }
    if (batch.after().deleted() && batch.after().outbox().isEmpty()) {
      tasks.remove(id);
      return;
    }
    tasks.put(id, batch.after());
    batch
        .newEffects(before)
        .forEach(effect -> effectsInProgress.add(new EffectInProgress(batch.after(), effect)));
  }

  /** Performs an effect as the effect executor does, without reporting it to the task. */
  void perform(EffectInProgress inProgress) {
    Task task = inProgress.seen();
    Effect effect = inProgress.effect().effect();
    if (effect instanceof Effect.StoreResults store) {
      storedResults.addAll(store.draftIds(task.id()));
    } else if (effect instanceof Effect.Register register) {
      register(task, register.needed());
    } else if (effect instanceof Effect.Wake) {
      Command command = task.deleted() ? goneCommand(task.id(), task.key()) : endCommand(task);
      task.dependents().forEach(dependent -> execute(dependent, command));
    } else if (effect instanceof Effect.Publish) {
      messages.add(new Message(task.id(), task.run().ref()));
    } else if (effect instanceof Effect.DeleteResults delete) {
      delete.results().forEach(run -> deleteResults(task, run));
    }
  }

  private void deleteResults(Task task, ResultRun run) {
    run.resultIds(task.id()).forEach(storedResults::remove);
  }

  private void register(Task task, List<Effect.NeededTask> needed) {
    if (needed.isEmpty()) {
      List.copyOf(tasks.values()).stream()
          .filter(other -> !other.id().equals(task.id()) && !other.state().isFinished())
          .forEach(other -> registerWith(task, other.id(), other.key()));
    }
    for (Effect.NeededTask need : needed) {
      if (need.args() != null) {
        submit(need, OnDependencyFailure.FAIL, List.of());
      }
      registerWith(task, need.id(), need.key());
    }
  }

  private void registerWith(Task task, TaskId dependency, TaskKey key) {
    execute(dependency, new Command.AddDependent(task.id()));
    Task current = tasks.get(dependency);
    if (current == null || current.deleted()) {
      execute(task.id(), goneCommand(dependency, key));
    } else if (current.state().isFinished()) {
      execute(task.id(), endCommand(current));
    }
  }

  private static Command endCommand(Task task) {
    return task.state() == TaskState.SUCCESS
        ? new Command.DependencyDone(task.id(), task.key(), task.run().attempt())
        : new Command.DependencyFailed(task.id(), task.key(), task.run().attempt(), task.state());
  }

  private static Command goneCommand(TaskId id, TaskKey key) {
    return new Command.DependencyFailed(id, key, Command.GONE_ATTEMPT, TaskState.NOT_FOUND);
  }

  /** Reports a performed effect to its task. */
  void reportPerformed(EffectInProgress inProgress) {
    Task task = inProgress.seen();
    execute(
        task.id(),
        inProgress.effect().effect() instanceof Effect.Publish
            ? new Command.Confirm(task.run().ref())
            : new Command.EffectsDone(Set.of(inProgress.effect().id())));
  }

  /**
   * Crashes all servers and workers, then runs sweeps and correct workers until no task changes any
   * more.
   */
  void crashAndRecover() {
    effectsInProgress.clear();
    Set<TaskId> orphans = new HashSet<>(tasks.keySet());
    Map<TaskId, Task> before;
    int rounds = 0;
    do {
      before = Map.copyOf(tasks);
      assertThat(++rounds).as("rounds until %s do not change", tasks).isLessThan(MAX_ROUNDS);
      now = now.plus(Duration.ofMinutes(15));
      for (TaskId id : List.copyOf(tasks.keySet())) {
        sweep(id);
        if (orphans.remove(id)) {
          execute(id, new Command.LeaseLost());
          execute(id, new Command.Unanswered(false));
        }
        execute(id, new Command.Redispatch());
        performAll();
      }
      List<Message> delivered = List.copyOf(messages);
      messages.clear();
      delivered.forEach(this::completeTask);
      performAll();
    } while (!tasks.equals(before));
  }

  private void sweep(TaskId id) {
    Task before = tasks.get(id);
    if (before == null || before.outboxDue().filter(due -> !due.isAfter(now)).isEmpty()) {
      return;
    }
    execute(id, new Command.Publish());
    execute(id, new Command.TakeOverdue(now.plusSeconds(30)));
    Task task = tasks.get(id);
    task.outbox().stream()
        .filter(pending -> !(pending.effect() instanceof Effect.Publish))
        .forEach(effect -> effectsInProgress.add(new EffectInProgress(task, effect)));
  }

  private void performAll() {
    while (!effectsInProgress.isEmpty()) {
      EffectInProgress inProgress = effectsInProgress.remove(0);
      perform(inProgress);
      reportPerformed(inProgress);
    }
  }

  /** A correct worker receives a message and completes its task. */
  private void completeTask(Message message) {
    String claim = policy.ackMode() == Policy.AckMode.CLAIMS ? "correct" + message.run() : null;
    if (claim != null) {
      execute(
          message.id(),
          Command.Claim.byWorker(new Reporter(message.run(), claim, "correct"), null));
    }
    execute(
        message.id(),
        new Command.Complete(
            new Reporter(message.run(), claim, "correct"),
            RunEnd.of(null),
            TaskScenario.results(1),
            null));
  }
}
