package dev.docket.workerapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.auth.Caller;
import dev.docket.auth.OwnerFilter;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.Lease;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.NoOutbox;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.WorkerInstance;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.wire.ReportItem;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ReplacedInstancesTest implements Policies {

  private static final Caller SITE_A = new Caller("site-a", Set.of("worker"));
  private static final Caller SITE_B = new Caller("site-b", Set.of("worker"));

  private final MemoryTaskStore store = new MemoryTaskStore();
  private final TaskService tasks =
      new TaskService(
          store,
          this,
          () -> TaskSamples.context(Instant.parse("2026-03-01T12:00:00Z")),
          new NoOutbox(),
          CurrentDocuments.NEVER_CHANGED,
          List.of());
  private int searches;
  private final ReplacedInstances replaced =
      new ReplacedInstances(this::heldBy, tasks, Runnable::run);

  @Override
  public Policy of(TaskKey key) {
    return TaskSamples.POLICY;
  }

  @Override
  public Policy of(Task task) {
    return TaskSamples.POLICY;
  }

  private List<Versioned<Task>> heldBy(String instance, TaskId after, int limit) {
    searches++;
    return store.all().stream()
        .filter(
            found -> {
              Lease lease = found.value().run().lease();
              return lease != null
                  && lease.instance() != null
                  && lease.instance().id().equals(instance);
            })
        .filter(found -> after == null || found.value().id().compareTo(after) > 0)
        .sorted(Comparator.comparing(found -> found.value().id()))
        .limit(limit)
        .toList();
  }

  private TaskId claimed(String key, WorkerInstance instance) {
    Task task = tasks.create(TaskSamples.task(key)).toCompletableFuture().join();
    var unused =
        tasks
            .execute(
                task.id(),
                Command.Claim.byWorker(
                    new Reporter(new RunRef(1, task.run().token()), "c", "asr-3"), instance))
            .toCompletableFuture()
            .join();
    return task.id();
  }

  private Task task(TaskId id) {
    return tasks.get(id).toCompletableFuture().join();
  }

  private void hello(Caller caller, String replaces) {
    var unused = replaced.close(caller, item(replaces)).toCompletableFuture().join();
  }

  private static ReportItem.Hello item(String replaces) {
    return new ReportItem.Hello(
        "asr-3", null, null, List.of(), List.of(), 1, 0, "process-9", replaces);
  }

  @Test
  void closesAllRunsOfTheReplacedProcessOnce() {
    WorkerInstance former = new WorkerInstance("process-1", "site-a");
    TaskId first = claimed("ASR", former);
    TaskId second = claimed("OCR", former);
    TaskId other = claimed("VIS", new WorkerInstance("process-2", "site-a"));

    hello(SITE_A, "process-1");
    hello(SITE_A, "process-1");

    assertThat(List.of(task(first), task(second)))
        .allSatisfy(
            task -> {
              assertThat(task.state()).isEqualTo(TaskState.CREATED);
              assertThat(task.run().failures()).isEqualTo(1);
              assertThat(task.run().attempt()).isEqualTo(2);
            });
    assertThat(task(other).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void runsOfAnotherCallerStay() {
    TaskId id = claimed("ASR", new WorkerInstance("process-1", "site-a"));

    hello(SITE_B, "process-1");

    assertThat(task(id).state()).isEqualTo(TaskState.PROCESSING);
    assertThat(task(id).run().failures()).isZero();
  }

  @Test
  void runsOfTaskKeysThatTheCallerMayNotUseStay() {
    WorkerInstance former = new WorkerInstance("process-1", "site-a");
    TaskId allowed = claimed("ASR", former);
    TaskId other = claimed("OCR", former);

    hello(
        new Caller(
            "site-a", null, Set.of("worker"), Set.of("ASR"), OwnerFilter.ALL, OwnerFilter.ALL),
        "process-1");

    assertThat(task(allowed).run().attempt()).isEqualTo(2);
    assertThat(task(other).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void helloOfAFirstProcessSearchesNothing() {
    hello(SITE_A, null);

    assertThat(searches).isZero();
  }

  @Test
  void isUnavailableWhileTooManySearchesWait() {
    ReplacedInstances busy =
        new ReplacedInstances(
            this::heldBy,
            tasks,
            search -> {
              throw new RejectedExecutionException("full");
            });

    assertThat(busy.close(SITE_A, item("process-1")).toCompletableFuture())
        .failsWithin(1, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(StoreUnavailable.class);
  }
}
