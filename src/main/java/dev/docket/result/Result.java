package dev.docket.result;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.document.DocumentId;
import dev.docket.task.ResultDraft;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A result of a task.
 *
 * @param generator the program that created it: {@code id}, {@code type}, {@code name}, {@code
 *     homepage}
 * @param payload any JSON value
 * @param files names of files that belong to the result; always empty at present
 * @param run token of the run that created it; not shown to readers
 */
public record Result(
    ResultId id,
    TaskId taskId,
    DocumentId documentId,
    TaskKey key,
    Map<String, String> generator,
    JsonNode payload,
    List<String> files,
    int attempt,
    String run,
    Instant createdAt) {

  public Result {
    generator = Map.copyOf(generator);
    files = List.copyOf(files);
  }

  /** The result of a run with this ordinal, counted from 0. */
  public static Result of(
      Task task, RunResults run, int ordinal, ResultDraft draft, Instant createdAt) {
    return new Result(
        ResultId.of(task.id(), run, ordinal),
        task.id(),
        task.spec().document().id(),
        task.key(),
        draft.generator(),
        draft.payload(),
        List.of(),
        run.attempt(),
        run.run(),
        createdAt);
  }
}
