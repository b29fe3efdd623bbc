package dev.docket.task.machine;

import dev.docket.task.CommandBatch;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.PendingCommand;
import dev.docket.task.Policy;
import dev.docket.task.ResultDraft;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A few tasks that need each other, with a store, a broker and servers that die between any two
 * steps. What a server was about to do is {@link #underWay}, with the task as it saw it.
 */
final class ClusterSimulation {

  record Message(TaskId id, int attempt, String run) {}

  record Doing(Task seen, PendingEffect effect) {}

  final Map<TaskId, Task> tasks = new TreeMap<>();
  final Map<String, ResultDraft> stored = new LinkedHashMap<>();
  final List<Doing> underWay = new ArrayList<>();
  final List<Message> broker = new ArrayList<>();
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

  /** Submits a task, unless it is there. */
  void submit(Effect.Needed what, OnDependencyFailure rule, List<Effect.Needed> needed) {
    if (!tasks.containsKey(what.id())) {
      TaskSpec spec =
          TaskScenario.spec(rule, Map.of()).forDependency(what.key(), Map.of(), "courier");
      TaskSpec own =
          new TaskSpec(
              spec.document(),
              spec.key(),
              spec.args(),
              spec.priority(),
              spec.tags(),
              spec.protocol(),
              null,
              null,
              null,
              rule,
              Map.of(),
              "ann",
              Map.of(),
              null);
      Task task = TaskMachine.create(what.id(), own, needed, null, context());
      tasks.put(what.id(), task);
      task.outbox().forEach(effect -> underWay.add(new Doing(task, effect)));
    }
  }

  /** Tells a task something, if it is there; what it makes of it is then under way. */
  void execute(TaskId id, Command command) {
    Task before = tasks.get(id);
    if (before == null) {
      return;
    }
    CommandBatch batch =
        CommandBatch.of(before, List.of(PendingCommand.of(command, null)), policy, this::context);
    if (!batch.changed()) {
      return;
    }
    if (batch.last().deleted() && batch.last().outbox().isEmpty()) {
      tasks.remove(id);
      return;
    }
    tasks.put(id, batch.last());
    batch.added(before).forEach(effect -> underWay.add(new Doing(batch.last(), effect)));
  }

  /** Does an effect, as a dispatcher does, but says nothing of it to the task. */
  void perform(Doing doing) {
    Task task = doing.seen();
    Effect effect = doing.effect().effect();
    if (effect instanceof Effect.StoreResults store) {
      for (int i = 0; i < store.drafts().size(); i++) {
        stored.put(name(task, store.run(), store.firstOrdinal() + i), store.drafts().get(i));
      }
      if (store.before() != null) {
        forget(task, store.before());
      }
    } else if (effect instanceof Effect.Register register) {
      register(task, register.needed());
    } else if (effect instanceof Effect.Wake) {
      Command news = task.deleted() ? gone(task.id(), task.key()) : ended(task);
      task.dependents().forEach(dependent -> execute(dependent, news));
    } else if (effect instanceof Effect.Publish) {
      broker.add(new Message(task.id(), task.attempt(), task.run()));
    } else if (effect instanceof Effect.DeleteResults delete) {
      delete.results().forEach(run -> forget(task, run));
    }
  }

  private void forget(Task task, RunResults run) {
    for (int i = 0; i < run.count(); i++) {
      stored.remove(name(task, run, i));
    }
  }

  private static String name(Task task, RunResults run, int ordinal) {
    return task.id() + "." + run.run() + "." + ordinal;
  }

  private void register(Task task, List<Effect.Needed> needed) {
    if (needed.isEmpty()) {
      List.copyOf(tasks.values()).stream()
          .filter(other -> !other.id().equals(task.id()) && !other.state().isFinished())
          .forEach(other -> enter(task, other.id(), other.key()));
    }
    for (Effect.Needed need : needed) {
      if (need.args() != null) {
        submit(need, OnDependencyFailure.FAIL, List.of());
      }
      enter(task, need.id(), need.key());
    }
  }

  private void enter(Task task, TaskId dependency, TaskKey key) {
    execute(dependency, new Command.AddDependent(task.id()));
    Task there = tasks.get(dependency);
    if (there == null || there.deleted()) {
      execute(task.id(), gone(dependency, key));
    } else if (there.state().isFinished()) {
      execute(task.id(), ended(there));
    }
  }

  private static Command ended(Task task) {
    return task.state() == TaskState.SUCCESS
        ? new Command.DependencyDone(task.id(), task.key(), task.attempt())
        : new Command.DependencyFailed(task.id(), task.key(), task.attempt(), task.state());
  }

  private static Command gone(TaskId id, TaskKey key) {
    return new Command.DependencyFailed(id, key, Command.GONE, TaskState.NOT_FOUND);
  }

  /** Says of an effect that was performed what there is to say. */
  void report(Doing doing) {
    Task task = doing.seen();
    execute(
        task.id(),
        doing.effect().effect() instanceof Effect.Publish
            ? new Command.Confirm(task.attempt(), task.run())
            : new Command.EffectsDone(Set.of(doing.effect().id())));
  }

  /** Whoever was at work is dead, and sweeps, watches and honest workers see to the rest. */
  void comeToRest() {
    underWay.clear();
    Set<TaskId> orphans = new HashSet<>(tasks.keySet());
    Map<TaskId, Task> before;
    do {
      before = Map.copyOf(tasks);
      now = now.plus(Duration.ofMinutes(15));
      for (TaskId id : List.copyOf(tasks.keySet())) {
        sweep(id);
        if (orphans.remove(id)) {
          execute(id, new Command.LeaseLost());
          execute(id, new Command.Unanswered(false));
        }
        execute(id, new Command.Redispatch());
        doAll();
      }
      List<Message> messages = List.copyOf(broker);
      broker.clear();
      messages.forEach(this::work);
      doAll();
    } while (!tasks.equals(before));
  }

  private void sweep(TaskId id) {
    Task before = tasks.get(id);
    if (before == null) {
      return;
    }
    execute(id, new Command.Publish());
    execute(id, new Command.TakeOverdue(now.plusSeconds(30)));
    Task task = tasks.get(id);
    task.outbox().stream()
        .filter(p -> !(p.effect() instanceof Effect.Publish))
        .forEach(effect -> underWay.add(new Doing(task, effect)));
  }

  private void doAll() {
    while (!underWay.isEmpty()) {
      Doing doing = underWay.remove(0);
      perform(doing);
      report(doing);
    }
  }

  /** An honest worker takes a message and does what it says. */
  private void work(Message message) {
    String claim = policy.ackMode() == Policy.AckMode.CLAIMS ? "honest" + message.run() : null;
    if (claim != null) {
      execute(
          message.id(),
          new Command.Claim(message.attempt(), message.run(), claim, "honest", false));
    }
    execute(
        message.id(),
        new Command.Complete(
            message.attempt(), message.run(), claim, "honest", null, TaskScenario.results(1)));
  }
}
