package dev.docket.protocol;

import dev.docket.broker.ReplyHandler;
import dev.docket.concurrent.Stages;
import dev.docket.http.Problem;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.wire.RunId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads replies by the worker protocol of their task, and executes the commands they contain. */
public final class TaskReplyHandler implements ReplyHandler {

  private static final Logger LOG = LoggerFactory.getLogger(TaskReplyHandler.class);

  private final TaskService tasks;
  private final WorkerProtocols protocols;

  public TaskReplyHandler(TaskService tasks, WorkerProtocols protocols) {
    this.tasks = tasks;
    this.protocols = protocols;
  }

  @Override
  public CompletionStage<AckDecision> handle(String correlationId, byte[] body) {
    Optional<RunId> run = RunId.parse(correlationId);
    if (run.isEmpty()) {
      return CompletableFuture.completedStage(AckDecision.DEAD_LETTER);
    }
    TaskId id;
    try {
      id = TaskId.fromString(run.orElseThrow().task());
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedStage(AckDecision.DEAD_LETTER);
    }
    return tasks
        .find(id)
        .thenCompose(
            found ->
                found.isPresent()
                    ? execute(found.orElseThrow(), run.orElseThrow(), body)
                    : CompletableFuture.completedStage(taskNotFound(id)))
        .exceptionally(failure -> afterFailure(id, failure));
  }

  private CompletionStage<AckDecision> execute(Task task, RunId run, byte[] body) {
    List<Command.FromWorker> commands;
    try {
      commands = readReply(task, run, body);
    } catch (Transport.UnreadableReply e) {
      if (!task.isCurrentRun(new RunRef(run.attempt(), run.run()))) {
        // The run may have had another protocol. Its reply would be refused anyway.
        LOG.atDebug().addKeyValue("task", task.id()).log("Unreadable reply of a former run", e);
        return CompletableFuture.completedStage(AckDecision.ACKNOWLEDGE);
      }
      // The worker sends no other reply for this run; the task would wait until unanswered_after.
      return execute(task.id(), unreadableReply(run, task, e.getMessage()))
          .thenApply(ignored -> AckDecision.DEAD_LETTER);
    }
    CompletionStage<AckDecision> decision =
        CompletableFuture.completedStage(AckDecision.ACKNOWLEDGE);
    for (Command.FromWorker command : commands) {
      decision = decision.thenCompose(ignored -> execute(task.id(), command));
    }
    return decision;
  }

  private List<Command.FromWorker> readReply(Task task, RunId run, byte[] body)
      throws Transport.UnreadableReply {
    WorkerProtocol protocol = protocols.get(task.run().protocol());
    if (protocol.transport() instanceof Transport.Broker broker) {
      return broker.readReply(task, run, body);
    }
    throw new Transport.UnreadableReply(
        "workers of protocol " + protocol.name() + " do not reply through the broker");
  }

  private static Command.FromWorker unreadableReply(RunId run, Task task, @Nullable String reason) {
    return Command.Fail.of(
        new Reporter(new RunRef(run.attempt(), run.run()), null, task.run().protocol()),
        TaskState.ERROR,
        RunEnd.of("the worker's reply cannot be read: " + reason),
        List.of());
  }

  private CompletionStage<AckDecision> execute(TaskId id, Command.FromWorker command) {
    return tasks
        .execute(id, command)
        .thenApply(
            decision -> {
              if (decision.refused()) {
                LOG.atDebug().addKeyValue("task", id).log("Reply rejected: {}", decision);
              }
              return AckDecision.ACKNOWLEDGE;
            });
  }

  private static AckDecision taskNotFound(TaskId id) {
    LOG.atDebug()
        .addKeyValue("task", id)
        .log("Received a reply for a task that does not exist; acknowledging it");
    return AckDecision.ACKNOWLEDGE;
  }

  private static AckDecision afterFailure(TaskId id, Throwable failure) {
    Throwable cause = Stages.cause(failure);
    if (cause instanceof Problem problem) {
      return problem.kind() == Problem.Kind.UNAVAILABLE
          ? AckDecision.RETRY_LATER
          : AckDecision.ACKNOWLEDGE;
    }
    LOG.atError()
        .addKeyValue("task", id)
        .setCause(failure)
        .log("Processing a reply failed; it will be processed again");
    return AckDecision.RETRY_LATER;
  }
}
