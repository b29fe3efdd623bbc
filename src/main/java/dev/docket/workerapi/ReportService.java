package dev.docket.workerapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.batch.ArrayItems;
import dev.docket.http.batch.BatchItem;
import dev.docket.task.Policies;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Decision;
import dev.docket.wire.ReportAnswer;
import dev.docket.wire.ReportItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what workers report, item by item: each has its own answer, and none harms another. An item
 * is answered with 200 only when what it says is in the store.
 */
public final class ReportService {

  private static final Logger LOG = LoggerFactory.getLogger(ReportService.class);

  private final TaskService tasks;
  private final Policies policies;
  private final ReportItemReader reader;
  private final WorkerRegistry registry;
  private final HeartbeatThrottle heartbeats;

  public ReportService(
      TaskService tasks, Policies policies, RequestBodyReader bodies, WorkerRegistry registry) {
    this.tasks = tasks;
    this.policies = policies;
    this.reader = new ReportItemReader(bodies);
    this.registry = registry;
    this.heartbeats = new HeartbeatThrottle();
  }

  /** Takes the items; the answers come in their order, and the stage never fails. */
  CompletionStage<List<ReportAnswer>> take(ArrayItems items) {
    List<CompletableFuture<ReportAnswer>> answers = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      BatchItem item = items.get(i);
      answers.add(take(() -> reader.read(item)).toCompletableFuture());
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(nothing -> answers.stream().map(CompletableFuture::join).toList());
  }

  /** Takes one item whose refusal is the caller's error: the stage fails with a {@link Problem}. */
  CompletionStage<ReportAnswer> takeOne(JsonNode item) {
    return take(() -> reader.read(item))
        .thenApply(
            answer -> {
              if (!answer.taken()) {
                throw new ReportRejected(answer);
              }
              return answer;
            });
  }

  private CompletionStage<ReportAnswer> take(Supplier<ReportItem> sent) {
    ReportItem item;
    try {
      item = sent.get();
    } catch (Problem bad) {
      return CompletableFuture.completedStage(ReportAnswers.no(bad));
    }
    return take(item);
  }

  private CompletionStage<ReportAnswer> take(ReportItem item) {
    if (item instanceof ReportItem.Hello hello) {
      registry.heard(hello);
      return CompletableFuture.completedStage(ReportAnswers.ok());
    }
    ReportItem.OfTask ofTask = (ReportItem.OfTask) item;
    registry.heard(item.worker());
    if (ofTask instanceof ReportItem.Log line) {
      LOG.atInfo()
          .addKeyValue("task", line.task())
          .log("Worker {} ({}): {}", line.worker(), line.level(), line.message());
      return CompletableFuture.completedStage(ReportAnswers.ok());
    }
    if (ofTask instanceof ReportItem.Heartbeat beat && heartbeats.tooSoon(beat.claimId())) {
      return CompletableFuture.completedStage(ReportAnswers.ok());
    }
    return execute(ofTask);
  }

  private CompletionStage<ReportAnswer> execute(ReportItem.OfTask item) {
    CompletionStage<Decision> decided;
    try {
      TaskId id = taskId(item);
      decided =
          ReportCommands.needsDocument(item)
              ? tasks
                  .get(id)
                  .thenCompose(
                      task ->
                          tasks.execute(id, ReportCommands.of(item, task.spec().document().id())))
              : tasks.execute(id, ReportCommands.of(item, null));
    } catch (Problem no) {
      return CompletableFuture.completedStage(ReportAnswers.no(no));
    }
    return decided.handle(
        (decision, failure) -> failure == null ? answer(item, decision) : failed(item, failure));
  }

  private static TaskId taskId(ReportItem.OfTask item) {
    try {
      return TaskId.fromString(item.task());
    } catch (IllegalArgumentException bad) {
      throw InvalidRequest.field("/task", String.valueOf(bad.getMessage()));
    }
  }

  private ReportAnswer answer(ReportItem.OfTask item, Decision decision) {
    Task task = decision.task();
    if (decision instanceof Decision.Refused refused) {
      LOG.atDebug()
          .addKeyValue("task", task.id())
          .log(
              "Refused {} of {}: {}",
              item.getClass().getSimpleName(),
              item.worker(),
              refused.why());
      return refused.reason() == Decision.Reason.GONE
          ? ReportAnswers.no(new TaskNotFound(task.id()))
          : ReportAnswers.refused(refused);
    }
    if (item instanceof ReportItem.Claim) {
      Duration timeout = policies.of(task).timeout(task);
      return ReportAnswers.granted(task, timeout);
    }
    if (item instanceof ReportItem.Heartbeat beat && task.lease() != null) {
      heartbeats.written(beat.claimId(), task.lease());
    }
    return ReportAnswers.taken(task);
  }

  private static ReportAnswer failed(ReportItem.OfTask item, Throwable failure) {
    @Nullable Throwable cause =
        failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof Problem problem) {
      return ReportAnswers.no(problem);
    }
    LOG.atError()
        .addKeyValue("task", item.task())
        .setCause(failure)
        .log("A report of worker {} could not be decided", item.worker());
    return ReportAnswers.again();
  }
}
