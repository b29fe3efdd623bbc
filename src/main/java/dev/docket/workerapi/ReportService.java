package dev.docket.workerapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Caller;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.concurrent.Stages;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.batch.ArrayItems;
import dev.docket.http.batch.BatchItem;
import dev.docket.joblog.TaskLogs;
import dev.docket.result.ResultSubmissions;
import dev.docket.task.Policies;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportResponse;
import dev.docket.workers.WorkerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes workers' reports. Each item of a report is processed independently and has its own
 * response. The response is 200 only after the item's effect is stored.
 */
public final class ReportService {

  private static final Logger LOG = LoggerFactory.getLogger(ReportService.class);

  private final TaskService tasks;
  private final ResultSubmissions submissions;
  private final Policies policies;
  private final ReportItemReader reader;
  private final WorkerRegistry registry;
  private final ReplacedInstances replaced;
  private final HeartbeatThrottle heartbeats;
  private final LogReports logs;

  public ReportService(
      TaskService tasks,
      ResultSubmissions submissions,
      Policies policies,
      RequestBodyReader bodies,
      WorkerRegistry registry,
      ReplacedInstances replaced,
      TaskLogs logs) {
    this.tasks = tasks;
    this.submissions = submissions;
    this.policies = policies;
    this.reader = new ReportItemReader(bodies);
    this.registry = registry;
    this.replaced = replaced;
    this.heartbeats = new HeartbeatThrottle(System::nanoTime);
    this.logs = new LogReports(logs);
  }

  /** Processes the items. The responses are in the order of the items; the stage never fails. */
  CompletionStage<List<ReportResponse>> process(Caller caller, ArrayItems items) {
    List<CompletableFuture<ReportResponse>> responses = new ArrayList<>(items.size());
    EarlierLogs earlier = new EarlierLogs();
    for (int i = 0; i < items.size(); i++) {
      BatchItem item = items.get(i);
      responses.add(process(caller, earlier, () -> reader.read(item)).toCompletableFuture());
    }
    return Stages.all(responses)
        .thenApply(ignored -> responses.stream().map(CompletableFuture::join).toList());
  }

  /** Processes one item. If it is rejected, the stage fails with a {@link Problem}. */
  CompletionStage<ReportResponse> processOne(Caller caller, JsonNode item) {
    return process(caller, new EarlierLogs(), () -> reader.read(item))
        .thenApply(
            response -> {
              if (!response.accepted()) {
                throw new ReportRejected(response);
              }
              return response;
            });
  }

  private CompletionStage<ReportResponse> process(
      Caller caller, EarlierLogs earlier, Supplier<ReportItem> reading) {
    ReportItem item;
    try {
      item = reading.get();
    } catch (Problem problem) {
      return CompletableFuture.completedStage(ReportResponses.error(problem));
    }
    EarlierLogs.Turn turn = earlier.next(item);
    return process(caller, turn, item).whenComplete((ended, failure) -> turn.pass());
  }

  private CompletionStage<ReportResponse> process(
      Caller caller, EarlierLogs.Turn turn, ReportItem item) {
    return caller.taskKeys() == null
        ? processAllowed(caller, turn, item)
        : checked(caller, item)
            .thenCompose(allowed -> processAllowed(caller, turn, item))
            .exceptionally(failure -> failureResponse(item, failure));
  }

  /** Checks that a caller with limited task keys may send this. Reads the task for it. */
  private CompletionStage<?> checked(Caller caller, ReportItem item) {
    try {
      TaskKeyForbidden.check(caller, namedKeys(item));
      if (item instanceof ReportItem.OfTask ofTask) {
        return tasks
            .get(taskId(ofTask))
            .thenAccept(task -> TaskKeyForbidden.check(caller, task.spec().key().value()));
      }
      return CompletableFuture.completedStage(null);
    } catch (Problem problem) {
      return CompletableFuture.failedStage(problem);
    }
  }

  /** The task keys in an item. Malformed ones are rejected later. */
  private static List<String> namedKeys(ReportItem item) {
    List<String> keys = new ArrayList<>();
    if (item instanceof ReportItem.Hello hello) {
      keys.addAll(hello.keys());
    } else if (item instanceof ReportItem.Complete complete && complete.dependencies() != null) {
      complete.dependencies().forEach(needed -> keys.add(needed.key()));
    }
    return keys.stream()
        .filter(key -> key != null && TaskKey.isValid(key))
        .map(key -> TaskKey.fromString(key).value())
        .toList();
  }

  private CompletionStage<ReportResponse> processAllowed(
      Caller caller, EarlierLogs.Turn turn, ReportItem item) {
    if (item instanceof ReportItem.Hello hello) {
      registry.onHello(caller, hello);
      return replaced
          .close(caller, hello)
          .handle(
              (ignored, failure) ->
                  failure == null ? ReportResponses.ok() : failureResponse(hello, failure));
    }
    ReportItem.OfTask ofTask = (ReportItem.OfTask) item;
    registry.onReport(caller, item.worker());
    if (ofTask instanceof ReportItem.Log log) {
      return turn.await(() -> append(turn, log));
    }
    if (ofTask instanceof ReportItem.Heartbeat heartbeat && heartbeats.skips(heartbeat)) {
      return CompletableFuture.completedStage(ReportResponses.ok());
    }
    return turn.await(() -> execute(caller, ofTask));
  }

  private CompletionStage<ReportResponse> append(EarlierLogs.Turn turn, ReportItem.Log item) {
    try {
      return logs.append(taskId(item), item, turn::pass)
          .exceptionally(failure -> failureResponse(item, failure));
    } catch (Problem problem) {
      return CompletableFuture.completedStage(ReportResponses.error(problem));
    }
  }

  private CompletionStage<ReportResponse> execute(Caller caller, ReportItem.OfTask item) {
    CompletionStage<Decision> pendingDecision;
    try {
      TaskId id = taskId(item);
      pendingDecision =
          ReportCommands.needsDocument(item)
              ? tasks
                  .get(id)
                  .thenCompose(
                      task ->
                          tasks.execute(
                              id, ReportCommands.of(item, caller, task.spec().document().id())))
              : execute(id, ReportCommands.of(item, caller, null));
    } catch (Problem problem) {
      return CompletableFuture.completedStage(ReportResponses.error(problem));
    }
    return pendingDecision.handle(
        (decision, failure) ->
            failure == null ? response(item, decision) : failureResponse(item, failure));
  }

  private CompletionStage<Decision> execute(TaskId id, Command command) {
    return command instanceof Command.Complete complete && !complete.results().isEmpty()
        ? submissions.complete(id, complete)
        : tasks.execute(id, command);
  }

  private static TaskId taskId(ReportItem.OfTask item) {
    try {
      return TaskId.fromString(item.task());
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.field("/task", String.valueOf(e.getMessage()));
    }
  }

  private ReportResponse response(ReportItem.OfTask item, Decision decision) {
    Task task = decision.task();
    if (decision instanceof Decision.Refused refused) {
      LOG.atDebug()
          .addKeyValue("task", task.id())
          .log(
              "Rejected {} of worker {}: {}",
              item.getClass().getSimpleName(),
              item.worker(),
              refused.detail());
      return refused.reason() == Decision.Reason.GONE
          ? ReportResponses.error(new TaskNotFound(task.id()))
          : ReportResponses.refused(refused);
    }
    if (item instanceof ReportItem.Claim) {
      Duration timeout = policies.of(task).timeout(task);
      return ReportResponses.granted(task, timeout);
    }
    if (item instanceof ReportItem.Heartbeat heartbeat && task.run().lease() != null) {
      heartbeats.onWritten(heartbeat, task.run().lease());
    }
    return ReportResponses.accepted(task);
  }

  private static ReportResponse failureResponse(ReportItem item, Throwable failure) {
    Throwable cause = Stages.cause(failure);
    if (cause instanceof Problem problem) {
      return ReportResponses.error(problem);
    }
    LOG.atError()
        .addKeyValue("task", item instanceof ReportItem.OfTask ofTask ? ofTask.task() : null)
        .setCause(failure)
        .log("Processing a report of worker {} failed; the worker sends it again", item.worker());
    return ReportResponses.sendAgain();
  }
}
