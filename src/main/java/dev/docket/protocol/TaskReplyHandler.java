package dev.docket.protocol;

import dev.docket.broker.ReplyHandler;
import dev.docket.http.Problem;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what workers answer through the broker, by their courier, and tells it to their tasks. */
public final class TaskReplyHandler implements ReplyHandler {

  private static final Logger LOG = LoggerFactory.getLogger(TaskReplyHandler.class);

  private final TaskService tasks;
  private final WorkerProtocols protocols;

  public TaskReplyHandler(TaskService tasks, WorkerProtocols protocols) {
    this.tasks = tasks;
    this.protocols = protocols;
  }

  @Override
  public CompletionStage<AckDecision> take(String correlationId, byte[] body) {
    Optional<RunId> run = RunId.parse(correlationId);
    if (run.isEmpty()) {
      return CompletableFuture.completedStage(AckDecision.UNREADABLE);
    }
    TaskId id;
    try {
      id = TaskId.fromString(run.orElseThrow().task());
    } catch (IllegalArgumentException notOurs) {
      return CompletableFuture.completedStage(AckDecision.UNREADABLE);
    }
    return tasks
        .find(id)
        .thenCompose(
            found ->
                found.isPresent()
                    ? execute(found.orElseThrow(), run.orElseThrow(), body)
                    : CompletableFuture.completedStage(gone(id)))
        .exceptionally(failure -> afterFailure(id, failure));
  }

  private CompletionStage<AckDecision> execute(Task task, RunId run, byte[] body) {
    WorkerProtocol protocol = protocols.get(task.spec().protocol());
    List<Command.OfRun> commands;
    try {
      commands = protocol.answer(task, run, body);
    } catch (WorkerProtocol.Unreadable unreadable) {
      // The worker has nothing more to say of this run: left alone, it would be waited for in vain.
      return execute(task.id(), unreadable(run, task, unreadable.getMessage()))
          .thenApply(told -> AckDecision.UNREADABLE);
    }
    CompletionStage<AckDecision> decision = CompletableFuture.completedStage(AckDecision.DONE);
    for (Command.OfRun command : commands) {
      decision = decision.thenCompose(done -> execute(task.id(), command));
    }
    return decision;
  }

  private static Command.OfRun unreadable(RunId run, Task task, @Nullable String why) {
    return new Command.Fail(
        run.attempt(),
        run.run(),
        null,
        task.spec().protocol(),
        TaskState.ERROR,
        "the worker's answer cannot be read: " + why,
        List.of());
  }

  private CompletionStage<AckDecision> execute(TaskId id, Command.OfRun command) {
    return tasks
        .execute(id, command)
        .thenApply(
            decision -> {
              if (decision.refused()) {
                LOG.atDebug().addKeyValue("task", id).log("Refused {}", decision);
              }
              return AckDecision.DONE;
            });
  }

  private static AckDecision gone(TaskId id) {
    LOG.atDebug().addKeyValue("task", id).log("An answer came for a task that is gone");
    return AckDecision.DONE;
  }

  private static AckDecision afterFailure(TaskId id, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof Problem problem) {
      return problem.kind() == Problem.Kind.UNAVAILABLE ? AckDecision.NOT_NOW : AckDecision.DONE;
    }
    LOG.atError().addKeyValue("task", id).setCause(failure).log("An answer could not be decided");
    return AckDecision.NOT_NOW;
  }
}
