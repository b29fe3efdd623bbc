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
import java.util.concurrent.atomic.AtomicInteger;

/** The desk of one server, with a store that can be troubled and an outbox that only notes. */
final class TaskServiceFixture implements Outbox, Policies {

  /** What the desk had done. */
  record Performed(Task task, List<Effect> effects) {}

  final ScriptedTaskStore store;
  final TaskService tasks;
  final List<Performed> performed = new ArrayList<>();
  private final List<CompletableFuture<Decision>> posted = new ArrayList<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private final String name;
  volatile Instant now = TaskScenario.START;

  TaskServiceFixture() {
    this(new ScriptedTaskStore(), "1");
  }

  /** One of several servers at the same store. */
  TaskServiceFixture(ScriptedTaskStore store, String name) {
    this.store = store;
    this.name = name;
    this.tasks = new TaskService(store, this, this::context, this);
  }

  DecisionContext context() {
    String token = name + "%07x".formatted(tokens.incrementAndGet());
    return new DecisionContext(now, token.repeat(4), 0.5);
  }

  /** A task that is in the store, and that this server does not remember. */
  TaskId given(TaskScenario scenario) {
    store.put(scenario.task);
    return scenario.task.id();
  }

  /** A task that this server has just made, so it remembers it. */
  Task created() {
    TaskScenario scenario = TaskScenario.created();
    Task task =
        TaskMachine.create(scenario.task.id(), scenario.task.spec(), List.of(), null, context());
    tasks.create(task).toCompletableFuture().join();
    performed.clear();
    return task;
  }

  /** Tells it, and does not care what the answer is. */
  void post(TaskId id, Command command) {
    posted.add(execute(id, command));
  }

  CompletableFuture<Decision> execute(TaskId id, Command command) {
    return tasks.execute(id, command).toCompletableFuture();
  }

  @Override
  public synchronized void perform(Task task, List<PendingEffect> effects) {
    performed.add(new Performed(task, effects.stream().map(PendingEffect::effect).toList()));
  }

  List<Effect> effects() {
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
