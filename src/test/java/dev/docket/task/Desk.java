package dev.docket.task;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.Moment;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.Scene;
import dev.docket.task.machine.TaskMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The desk of one server, with a store that can be troubled and an outbox that only notes. */
final class Desk implements Outbox, Policies {

  /** What the desk had done. */
  record Performed(Task task, List<Effect> effects) {}

  final ScriptedTaskStore store;
  final Tasks tasks;
  final List<Performed> performed = new ArrayList<>();
  private final List<CompletableFuture<Decision>> posted = new ArrayList<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private final String name;
  volatile Instant now = Scene.START;

  Desk() {
    this(new ScriptedTaskStore(), "1");
  }

  /** One of several servers at the same store. */
  Desk(ScriptedTaskStore store, String name) {
    this.store = store;
    this.name = name;
    this.tasks = new Tasks(store, this, this::moment, this);
  }

  Moment moment() {
    String token = name + "%07x".formatted(tokens.incrementAndGet());
    return new Moment(now, token.repeat(4), 0.5);
  }

  /** A task that is in the store, and that this server does not remember. */
  TaskId given(Scene scene) {
    store.put(scene.task);
    return scene.task.id();
  }

  /** A task that this server has just made, so it remembers it. */
  Task created() {
    Scene scene = Scene.created();
    Task task = TaskMachine.create(scene.task.id(), scene.task.spec(), List.of(), null, moment());
    tasks.create(task).toCompletableFuture().join();
    performed.clear();
    return task;
  }

  /** Tells it, and does not care what the answer is. */
  void post(TaskId id, Command command) {
    posted.add(tell(id, command));
  }

  CompletableFuture<Decision> tell(TaskId id, Command command) {
    return tasks.tell(id, command).toCompletableFuture();
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
    return Scene.CLAIMS;
  }

  @Override
  public Policy of(Task task) {
    return Scene.CLAIMS;
  }
}
