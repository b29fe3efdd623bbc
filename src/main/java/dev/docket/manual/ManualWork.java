package dev.docket.manual;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Caller;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.concurrent.Stages;
import dev.docket.document.DocumentNotFound;
import dev.docket.document.DocumentService;
import dev.docket.result.ResultSubmissions;
import dev.docket.task.IllegalTransition;
import dev.docket.task.ResultDraft;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a person does with a task, without the token of the run and the id of the claim: the server
 * reads them from the task that the person holds. So a person can continue on another machine.
 *
 * <p>The stages fail with {@link TaskKeyForbidden}, {@link NotHeld}, {@link IllegalTransition}, and
 * as {@link TaskService#execute(TaskId, Command)} does.
 */
public final class ManualWork {

  /** The states in which a person can end a task that cannot be done. */
  public static final List<TaskState> IMPOSSIBLE =
      List.of(TaskState.NOT_FOUND, TaskState.ACCESS_DENIED, TaskState.BAD_REQUEST);

  private final TaskService tasks;
  private final ResultSubmissions submissions;
  private final DocumentService documents;

  public ManualWork(TaskService tasks, ResultSubmissions submissions, DocumentService documents) {
    this.tasks = tasks;
    this.submissions = submissions;
    this.documents = documents;
  }

  /** The metadata of a task's document; empty if the caller does not see the document. */
  public CompletionStage<Map<String, @Nullable Object>> metadata(Caller caller, Task task) {
    return Stages.ignore(
            DocumentNotFound.class, documents.get(task.spec().document().id(), caller.sees()))
        .thenApply(document -> document == null ? Map.of() : document.metadata());
  }

  /** Reads a task for which the caller may work. */
  public CompletionStage<Task> find(Caller caller, TaskId id) {
    return tasks
        .get(id)
        .thenApply(
            task -> {
              TaskKeyForbidden.check(caller, task.key().value());
              return task;
            });
  }

  /**
   * Claims a task that people do. If the person holds it already, nothing changes.
   *
   * @param attempt the attempt that the person has seen; a later one is not claimed
   */
  public CompletionStage<Task> claim(Caller caller, Person person, TaskId id, int attempt) {
    return find(caller, id)
        .thenCompose(
            task -> {
              if (person.holds(task)) {
                return CompletableFuture.completedStage(task);
              }
              if (!task.run().isManual() || task.run().attempt() != attempt) {
                throw new NotHeld(task);
              }
              Reporter claimant =
                  new Reporter(
                      task.run().ref(), UUID.randomUUID().toString(), person.name(), caller.name());
              return tasks
                  .execute(id, Command.Claim.byWorker(claimant, null))
                  .thenApply(IllegalTransition::taskOrThrow);
            });
  }

  /**
   * Ends the run with success.
   *
   * @param payload the payload of the result; null for no result
   */
  public CompletionStage<Task> complete(
      Caller caller, Person person, TaskId id, int attempt, @Nullable JsonNode payload) {
    List<ResultDraft> drafts =
        payload == null
            ? List.of()
            : List.of(new ResultDraft(payload, Map.of("name", person.name())));
    return ended(
        caller,
        person,
        id,
        attempt,
        reporter ->
            new Command.Complete(reporter, RunEnd.of("done by " + person.name()), drafts, null));
  }

  /**
   * Ends the task because it cannot be done.
   *
   * @param state one of {@link #IMPOSSIBLE}
   */
  public CompletionStage<Task> fail(
      Caller caller, Person person, TaskId id, int attempt, TaskState state, String reason) {
    return ended(
        caller,
        person,
        id,
        attempt,
        reporter -> Command.Fail.of(reporter, state, RunEnd.of(reason), List.of()));
  }

  /** Gives the task back, for others to claim. */
  public CompletionStage<Task> giveBack(
      Caller caller, Person person, TaskId id, int attempt, @Nullable String message) {
    return ended(caller, person, id, attempt, reporter -> new Command.GiveBack(reporter, message));
  }

  private CompletionStage<Task> ended(
      Caller caller,
      Person person,
      TaskId id,
      int attempt,
      Function<Reporter, Command.FromWorker> command) {
    return find(caller, id)
        .thenCompose(
            task -> {
              Command.FromWorker report = command.apply(person.reporter(task, caller));
              if (person.holds(task) && task.run().attempt() == attempt) {
                return execute(id, report).thenApply(IllegalTransition::taskOrThrow);
              }
              if (isRepeated(task, report, attempt)) {
                return CompletableFuture.completedStage(task);
              }
              throw new NotHeld(task);
            });
  }

  private CompletionStage<Decision> execute(TaskId id, Command.FromWorker report) {
    return report instanceof Command.Complete complete && !complete.results().isEmpty()
        ? submissions.complete(id, complete)
        : tasks.execute(id, report);
  }

  /** Whether the person has ended this attempt in the same way before: they sent a form twice. */
  private static boolean isRepeated(Task task, Command.FromWorker report, int attempt) {
    String by = report.label() + " " + report.from().worker();
    for (Transition transition : task.history()) {
      boolean ends = transition.attempt() == attempt && transition.to().isFinished();
      // A run that is given back begins the next attempt.
      boolean opens = transition.attempt() == attempt + 1 && transition.from() != transition.to();
      if (ends || opens) {
        return transition.by().equals(by);
      }
    }
    return false;
  }
}
