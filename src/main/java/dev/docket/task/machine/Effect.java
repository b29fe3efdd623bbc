package dev.docket.task.machine;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.docket.store.ImmutableJson;
import dev.docket.task.ResultDraft;
import dev.docket.task.RunResults;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be done after a move. It is written with the move, done after it, and taken out
 * by a later write, so a crash in between leaves a note of what to do. Each may be done twice.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Effect.StoreResults.class, name = "results"),
  @JsonSubTypes.Type(value = Effect.Register.class, name = "register"),
  @JsonSubTypes.Type(value = Effect.Wake.class, name = "wake"),
  @JsonSubTypes.Type(value = Effect.Publish.class, name = "publish"),
  @JsonSubTypes.Type(value = Effect.Revoke.class, name = "revoke"),
  @JsonSubTypes.Type(value = Effect.Callback.class, name = "callback"),
  @JsonSubTypes.Type(value = Effect.DeleteResults.class, name = "delete_results"),
})
public sealed interface Effect {

  /** In which order the effects of one write are done, smallest first. */
  int order();

  /**
   * Create the result records of a run, then delete those of the run that counted before.
   *
   * @param run whose results these are; by the time they are stored, another's may count already
   * @param before whose results counted until this run ended
   */
  record StoreResults(RunResults run, List<ResultDraft> drafts, @Nullable RunResults before)
      implements Effect {
    public StoreResults {
      drafts = List.copyOf(drafts);
    }

    /** The number of the first: those before it were saved while the run was under way. */
    public int firstOrdinal() {
      return run.count() - drafts.size();
    }

    @Override
    public int order() {
      return 0;
    }
  }

  /**
   * Make the dependencies that are missing, and enter the task with each of them. A task that has
   * been cancelled meanwhile is no exception, as if the cancel had come a moment later: a retry
   * finds them there.
   */
  record Register(List<Needed> needed) implements Effect {
    public Register {
      needed = List.copyOf(needed);
    }

    /** Whether it is to be entered with every task of the document that has not ended. */
    boolean withAny() {
      return needed.isEmpty();
    }

    @Override
    public int order() {
      return 1;
    }
  }

  /**
   * A dependency to be registered with.
   *
   * @param args the arguments it is made with if it is missing; null: it is not made
   */
  record Needed(TaskId id, TaskKey key, @Nullable Map<String, @Nullable Object> args) {
    public Needed {
      args = args == null ? null : ImmutableJson.map(args);
    }
  }

  /** Tell the dependents how this task ended. */
  record Wake() implements Effect {
    @Override
    public int order() {
      return 2;
    }
  }

  /** Hand the message of this run to the broker. */
  record Publish(int attempt) implements Effect {
    @Override
    public int order() {
      return 3;
    }
  }

  /** Tell a worker that holds no lease that its run, the task's current one, is not wanted. */
  record Revoke(int attempt) implements Effect {
    @Override
    public int order() {
      return 4;
    }
  }

  /** Tell the receiver that was named in the submission. */
  record Callback(int attempt) implements Effect {
    @Override
    public int order() {
      return 5;
    }
  }

  /** Delete these results: the task is being deleted, or they came too late to count. */
  record DeleteResults(List<RunResults> results) implements Effect {
    public DeleteResults {
      results = List.copyOf(results);
    }

    @Override
    public int order() {
      return 6;
    }
  }
}
