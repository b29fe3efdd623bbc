package dev.docket.task;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.TaskMachine;
import dev.docket.task.machine.TaskScenario;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** The task service of one server, with a scripted store and an outbox that records effects. */
final class TaskServiceFixture implements Outbox, Policies {

  /** The effects of one write that the service passed to the outbox. */
  record PerformedEffects(Task task, List<Effect> effects) {}

  final ScriptedTaskStore store;
  final TaskService tasks;
  final List<PerformedEffects> performed = new ArrayList<>();
  private final List<CompletableFuture<Decision>> ignoredDecisions = new ArrayList<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private final String name;
  volatile Instant now = TaskScenario.START;

  TaskServiceFixture() {
    this(new ScriptedTaskStore(), "1");
  }

  /** One of several servers on the same store. */
  TaskServiceFixture(ScriptedTaskStore store, String name) {
    this.store = store;
    this.name = name;
    this.tasks =
        new TaskService(
            store, this, this::context, this, CurrentDocuments.NEVER_CHANGED, List.of());
  }

  DecisionContext context() {
    String token = name + "%07x".formatted(tokens.incrementAndGet());
    return new DecisionContext(now, token.repeat(4), 0.5);
  }

  /** Stores a task that is not in the cache of this server. */
  TaskId givenStored(TaskScenario scenario) {
    store.put(scenario.task);
    return scenario.task.id();
  }

  /** Creates a task through this server, so that its cache contains the task. */
  Task givenCreated() {
    TaskScenario scenario = TaskScenario.created();
    Task task =
        TaskMachine.create(scenario.task.id(), scenario.task.spec(), List.of(), null, context());
    tasks.create(task).toCompletableFuture().join();
    performed.clear();
    return task;
  }

  /** Executes a command and ignores its decision. */
  void executeAndIgnore(TaskId id, Command command) {
    ignoredDecisions.add(execute(id, command));
  }

  CompletableFuture<Decision> execute(TaskId id, Command command) {
    return tasks.execute(id, command).toCompletableFuture();
  }

  @Override
  public synchronized CompletionStage<List<PendingEffect>> perform(
      Task task, List<PendingEffect> effects) {
    performed.add(new PerformedEffects(task, effects.stream().map(PendingEffect::effect).toList()));
    return CompletableFuture.completedStage(List.of());
  }

  List<Effect> performedEffects() {
    return performed.stream().flatMap(p -> p.effects().stream()).toList();
  }

  @Override
  public Policy of(TaskKey key) {
    return TaskScenario.CLAIMS;
  }

  @Override
  public Policy of(Task task) {
    return TaskScenario.CLAIMS;
  }
}
