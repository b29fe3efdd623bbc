package dev.docket.metrics;

import com.codahale.metrics.MetricRegistry;
import dev.docket.document.DocumentSamples;
import dev.docket.store.Versioned;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.NoOutbox;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A task service with metrics, over a store in memory, and with a settable clock. */
final class MetricsFixture implements Policies {

  final MetricRegistry dropwizard = new MetricRegistry();
  final Metrics metrics = new Metrics("1.2.3", List.of(), dropwizard);
  final MemoryTaskStore store = new MemoryTaskStore();
  final TaskService tasks =
      new TaskService(
          store,
          this,
          this::context,
          new NoOutbox(),
          CurrentDocuments.NEVER_CHANGED,
          metrics.taskListeners());
  Policy.AckMode ackMode = Policy.AckMode.CLAIMS;
  Instant now = DocumentSamples.CREATED;

  private DecisionContext context() {
    return TaskSamples.context(now);
  }

  MetricsFixture after(Duration time) {
    now = now.plus(time);
    return this;
  }

  PrometheusScrape scrape() {
    return PrometheusScrape.of(metrics);
  }

  TaskId create(String key) {
    Task task = TaskSamples.task(DocumentSamples.document(), key, now);
    return tasks.create(task).toCompletableFuture().join().id();
  }

  Task task(TaskId id) {
    return find(id).value();
  }

  private Versioned<Task> find(TaskId id) {
    return store.find(id).toCompletableFuture().join().orElseThrow();
  }

  Decision execute(TaskId id, Command command) {
    return command instanceof Command.Observed observed
        ? tasks.execute(find(id), observed).toCompletableFuture().join()
        : tasks.execute(id, command).toCompletableFuture().join();
  }

  Decision confirm(TaskId id) {
    return execute(id, new Command.Confirm(task(id).run().ref()));
  }

  Decision unroutable(TaskId id) {
    return execute(id, new Command.Unroutable(task(id).run().ref()));
  }

  Decision claim(TaskId id) {
    return execute(
        id, Command.Claim.byWorker(new Reporter(task(id).run().ref(), "claim", "w"), null));
  }

  Decision heartbeat(TaskId id) {
    return execute(id, new Command.Heartbeat(new Reporter(task(id).run().ref(), claimId(), "w")));
  }

  Decision complete(TaskId id) {
    return execute(
        id,
        new Command.Complete(
            new Reporter(task(id).run().ref(), claimId(), "w"),
            RunEnd.of("done"),
            List.of(),
            null));
  }

  Decision fail(TaskId id, TaskState state) {
    return execute(
        id,
        Command.Fail.of(
            new Reporter(task(id).run().ref(), claimId(), "w"),
            state,
            RunEnd.of("why"),
            List.of()));
  }

  private String claimId() {
    return ackMode == Policy.AckMode.CLAIMS ? "claim" : null;
  }

  @Override
  public Policy of(TaskKey key) {
    return new Policy(
        "docket",
        ackMode,
        3,
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        60,
        Duration.ofMinutes(30),
        Duration.ofDays(7),
        10);
  }

  @Override
  public Policy of(Task task) {
    return of(task.key());
  }
}
