package dev.docket.result;

import dev.docket.audit.ActionResult;
import dev.docket.audit.Actor;
import dev.docket.audit.AuditLog;
import dev.docket.audit.Intention;
import dev.docket.task.ResultId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Deletes results, with an audit record for each. */
public final class AuditedResults {

  private final ResultService results;
  private final SavedResults saved;
  private final AuditLog audit;

  public AuditedResults(ResultService results, SavedResults saved, AuditLog audit) {
    this.results = results;
    this.saved = saved;
    this.audit = audit;
  }

  /**
   * Deletes a result of a successful run. Fails with {@link ResultNotFound}, without an audit
   * record, if it does not exist.
   */
  public CompletionStage<Void> delete(Actor actor, ResultId id) {
    return results.get(id).thenCompose(result -> remove(actor, result));
  }

  /**
   * Deletes a pending result, or one of a successful run. Fails with {@link ResultNotFound},
   * without an audit record, if it does not exist.
   *
   * @param check is called with the result; the stage fails with what it throws
   */
  public CompletionStage<Void> deleteSaved(Actor actor, ResultId id, Consumer<Result> check) {
    return saved
        .find(id)
        .thenCompose(
            result -> {
              check.accept(result);
              return remove(actor, result);
            });
  }

  private CompletionStage<Void> remove(Actor actor, Result result) {
    return audit.perform(
        new Intention(actor, "result.delete", "result", result.id().value(), state(result, false)),
        () -> results.remove(result),
        removed -> ActionResult.done(state(result, true)));
  }

  private static Map<String, @Nullable Object> state(Result result, boolean deleted) {
    Map<String, @Nullable Object> state = new LinkedHashMap<>();
    state.put("task_id", result.taskId().value());
    state.put("attempt", result.attempt());
    if (deleted) {
      state.put("deleted", true);
    }
    return state;
  }
}
