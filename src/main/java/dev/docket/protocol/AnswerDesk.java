package dev.docket.protocol;

import dev.docket.broker.Answers;
import dev.docket.http.Problem;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.Tasks;
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
public final class AnswerDesk implements Answers {

  private static final Logger LOG = LoggerFactory.getLogger(AnswerDesk.class);

  private final Tasks tasks;
  private final Couriers couriers;

  public AnswerDesk(Tasks tasks, Couriers couriers) {
    this.tasks = tasks;
    this.couriers = couriers;
  }

  @Override
  public CompletionStage<Fate> take(String correlationId, byte[] body) {
    Optional<RunId> run = RunId.parse(correlationId);
    if (run.isEmpty()) {
      return CompletableFuture.completedStage(Fate.UNREADABLE);
    }
    TaskId id;
    try {
      id = TaskId.fromString(run.orElseThrow().task());
    } catch (IllegalArgumentException notOurs) {
      return CompletableFuture.completedStage(Fate.UNREADABLE);
    }
    return tasks
        .find(id)
        .thenCompose(
            found ->
                found.isPresent()
                    ? tell(found.orElseThrow(), run.orElseThrow(), body)
                    : CompletableFuture.completedStage(gone(id)))
        .exceptionally(failure -> afterFailure(id, failure));
  }

  private CompletionStage<Fate> tell(Task task, RunId run, byte[] body) {
    Courier courier = couriers.get(task.spec().courier());
    List<Command.OfRun> commands;
    try {
      commands = courier.answer(task, run, body);
    } catch (Courier.Unreadable unreadable) {
      // The worker has nothing more to say of this run: left alone, it would be waited for in vain.
      return tell(task.id(), unreadable(run, task, unreadable.getMessage()))
          .thenApply(told -> Fate.UNREADABLE);
    }
    CompletionStage<Fate> fate = CompletableFuture.completedStage(Fate.DONE);
    for (Command.OfRun command : commands) {
      fate = fate.thenCompose(done -> tell(task.id(), command));
    }
    return fate;
  }

  private static Command.OfRun unreadable(RunId run, Task task, @Nullable String why) {
    return new Command.Fail(
        run.attempt(),
        run.run(),
        null,
        task.spec().courier(),
        TaskState.ERROR,
        "the worker's answer cannot be read: " + why,
        List.of());
  }

  private CompletionStage<Fate> tell(TaskId id, Command.OfRun command) {
    return tasks
        .tell(id, command)
        .thenApply(
            decision -> {
              if (decision.refused()) {
                LOG.atDebug().addKeyValue("task", id).log("Refused {}", decision);
              }
              return Fate.DONE;
            });
  }

  private static Fate gone(TaskId id) {
    LOG.atDebug().addKeyValue("task", id).log("An answer came for a task that is gone");
    return Fate.DONE;
  }

  private static Fate afterFailure(TaskId id, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof Problem problem) {
      return problem.kind() == Problem.Kind.UNAVAILABLE ? Fate.NOT_NOW : Fate.DONE;
    }
    LOG.atError().addKeyValue("task", id).setCause(failure).log("An answer could not be decided");
    return Fate.NOT_NOW;
  }
}
