package dev.docket.result;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Owner;
import dev.docket.document.DocumentId;
import dev.docket.document.TargetType;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSpec;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A result of a task.
 *
 * @param origin copies from the document; null in records of releases before there were copies
 * @param generator the program that created it: {@code id}, {@code type}, {@code name}, {@code
 *     homepage}
 * @param payload any JSON value; null if it is kept in the {@link PayloadStore} under this id
 * @param payloadBytes the size of the payload in the payload store, as JSON in UTF-8; null if the
 *     result contains the payload
 * @param run token of the run that created it; not shown to readers
 * @param visible whether searches find it; a result that was saved in a run becomes visible when
 *     the run succeeds
 * @param latest whether it belongs to the latest successful run that left results
 */
public record Result(
    ResultId id,
    TaskId taskId,
    DocumentId documentId,
    TaskKey key,
    @Nullable Origin origin,
    Map<String, String> generator,
    @Nullable JsonNode payload,
    @Nullable Long payloadBytes,
    int attempt,
    String run,
    boolean visible,
    boolean latest,
    Instant createdAt) {

  public Result {
    generator = Map.copyOf(generator);
  }

  /** The owner of the result, who is that of its task. */
  public Owner owner() {
    return origin == null ? Owner.NOBODY : origin.owner();
  }

  /**
   * Where the result comes from: what searches can filter by.
   *
   * @param owner the owner of the task
   */
  public record Origin(String targetId, TargetType targetType, String creatorId, Owner owner) {
    /** The origin of the results of a task. */
    public static Origin of(Task task) {
      return of(task.spec());
    }

    /** The origin of the results of a task. */
    public static Origin of(TaskSpec task) {
      TaskSpec.DocumentCopy document = task.document();
      return new Origin(
          document.target().id(), document.target().type(), document.creator().id(), task.owner());
    }
  }

  /** A result of a successful run, which is the latest one. */
  public static Result of(
      Task task, ResultRun run, ResultId id, ResultDraft draft, Instant createdAt) {
    return of(task, run.attempt(), run.run(), id, draft, true, createdAt);
  }

  /** A result that is saved during the current run of its task. */
  static Result saved(Task task, ResultId id, ResultDraft draft, Instant createdAt) {
    return of(task, task.run().attempt(), task.run().token(), id, draft, false, createdAt);
  }

  /** A copy of a result of an earlier release, with what its record lacks. */
  public Result migrated(
      @Nullable Origin from,
      @Nullable JsonNode kept,
      @Nullable Long storedBytes,
      boolean isVisible,
      boolean isLatest) {
    return new Result(
        id,
        taskId,
        documentId,
        key,
        from,
        generator,
        kept,
        storedBytes,
        attempt,
        run,
        isVisible,
        isLatest,
        createdAt);
  }

  /** A copy with other marks for searches. */
  public Result marked(boolean isVisible, boolean isLatest) {
    return migrated(origin, payload, payloadBytes, isVisible, isLatest);
  }

  private static Result of(
      Task task,
      int attempt,
      String run,
      ResultId id,
      ResultDraft draft,
      boolean shown,
      Instant createdAt) {
    return new Result(
        id,
        task.id(),
        task.spec().document().id(),
        task.key(),
        Origin.of(task),
        draft.generator(),
        draft.payload(),
        draft.storedBytes(),
        attempt,
        run,
        shown,
        shown,
        createdAt);
  }
}
