package dev.docket.metrics;

import com.codahale.metrics.MetricRegistry;
import dev.docket.document.DocumentSamples;
import dev.docket.store.Versioned;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import dev.docket.task.Tasks;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A desk over a store in memory whose figures are taken, and a clock that is set. */
final class Shop implements Policies {

  final MetricRegistry dropwizard = new MetricRegistry();
  final Metrics metrics = new Metrics("1.2.3", List.of(), dropwizard);
  final MemoryTaskStore store = new MemoryTaskStore();
  final Tasks tasks =
      new Tasks(store, this, this::moment, (task, effects) -> {}, metrics.taskListeners());
  Policy.Way way = Policy.Way.CLAIMS;
  Instant now = DocumentSamples.CREATED;

  private Moment moment() {
    return TaskSamples.moment(now);
  }

  Shop after(Duration time) {
    now = now.plus(time);
    return this;
  }

  Scrape scrape() {
    return Scrape.of(metrics);
  }

  TaskId create(String key) {
    Task task = TaskSamples.task(DocumentSamples.document(), key, now);
    return tasks.create(task).toCompletableFuture().join().id();
  }

  Task task(TaskId id) {
    return seen(id).value();
  }

  private Versioned<Task> seen(TaskId id) {
    return store.find(id).toCompletableFuture().join().orElseThrow();
  }

  Decision tell(TaskId id, Command command) {
    return command instanceof Command.Observed observed
        ? tasks.tell(seen(id), observed).toCompletableFuture().join()
        : tasks.tell(id, command).toCompletableFuture().join();
  }

  Decision confirm(TaskId id) {
    return tell(id, new Command.Confirm(task(id).attempt(), task(id).run()));
  }

  Decision unroutable(TaskId id) {
    return tell(id, new Command.Unroutable(task(id).attempt(), task(id).run()));
  }

  Decision claim(TaskId id) {
    return tell(id, new Command.Claim(task(id).attempt(), task(id).run(), "claim", "w", false));
  }

  Decision heartbeat(TaskId id) {
    return tell(id, new Command.Heartbeat(task(id).attempt(), task(id).run(), claimed(), "w"));
  }

  Decision complete(TaskId id) {
    return tell(
        id,
        new Command.Complete(
            task(id).attempt(), task(id).run(), claimed(), "w", "done", List.of()));
  }

  Decision fail(TaskId id, TaskState state) {
    return tell(
        id,
        new Command.Fail(
            task(id).attempt(), task(id).run(), claimed(), "w", state, "why", List.of()));
  }

  private String claimed() {
    return way == Policy.Way.CLAIMS ? "claim" : null;
  }

  @Override
  public Policy of(TaskKey key) {
    return new Policy(
        "docket",
        way,
        3,
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        60,
        Duration.ofMinutes(30),
        Duration.ofDays(7));
  }

  @Override
  public Policy of(Task task) {
    return of(task.key());
  }
}
