package dev.docket.workerapi;

import dev.docket.auth.Caller;
import dev.docket.concurrent.Stages;
import dev.docket.http.RateLimitedLogger;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.task.Lease;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.WorkerInstance;
import dev.docket.task.machine.Command;
import dev.docket.wire.ReportItem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the runs of a worker's process when the process that replaces it says hello, instead of
 * waiting for their leases to expire. Only runs that were claimed by the same caller, and whose
 * task keys it may use.
 */
public final class ReplacedInstances {

  private static final Logger LOG = LoggerFactory.getLogger(ReplacedInstances.class);
  private static final int PAGE_SIZE = 1000;

  private final InstanceRuns runs;
  private final TaskService tasks;
  private final Executor blocking;
  private final RateLimitedLogger refusals = new RateLimitedLogger(LOG, System::nanoTime);

  /**
   * @param blocking executes the searches
   */
  public ReplacedInstances(InstanceRuns runs, TaskService tasks, Executor blocking) {
    this.runs = runs;
    this.tasks = tasks;
    this.blocking = blocking;
  }

  /**
   * Closes the runs of the instance that the hello replaces, if any. The stage completes when they
   * are stored, or fails with {@link StoreUnavailable}. A repeated hello finds nothing to close.
   */
  CompletionStage<?> close(Caller caller, ReportItem.Hello hello) {
    String former = hello.replaces();
    if (former == null) {
      return CompletableFuture.completedStage(null);
    }
    try {
      return CompletableFuture.supplyAsync(() -> closeRuns(caller, hello, former), blocking)
          .thenCompose(Stages::all);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedStage(
          new StoreUnavailable("too many searches are waiting; try again"));
    }
  }

  private List<CompletionStage<?>> closeRuns(Caller caller, ReportItem.Hello hello, String former) {
    WorkerInstance replaced = new WorkerInstance(former, caller.name());
    List<CompletionStage<?>> closed = new ArrayList<>();
    TaskId after = null;
    List<Versioned<Task>> page;
    do {
      page = runs.heldBy(former, after, PAGE_SIZE);
      for (Versioned<Task> found : page) {
        Task task = found.value();
        Lease lease = task.run().lease();
        if (lease != null
            && replaced.equals(lease.instance())
            && caller.mayUse(task.key().value())) {
          LOG.atInfo()
              .addKeyValue("task", task.id())
              .log(
                  "Ending attempt {} of {} on {}: the worker was restarted",
                  task.run().attempt(),
                  task.key(),
                  lease.worker());
          closed.add(
              Stages.ignore(
                  TaskNotFound.class,
                  tasks.execute(task.id(), new Command.InstanceReplaced(replaced))));
        } else {
          refusals.warn(
              "Worker "
                  + hello.worker()
                  + " says that it replaces a process whose tasks were claimed with another API key,"
                  + " or have task keys that its own may not use; these tasks stay with that"
                  + " process");
        }
      }
      after = page.isEmpty() ? null : page.get(page.size() - 1).value().id();
    } while (page.size() == PAGE_SIZE);
    return closed;
  }
}
