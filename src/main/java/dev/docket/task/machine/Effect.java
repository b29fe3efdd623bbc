package dev.docket.task.machine;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.docket.store.ImmutableJson;
import dev.docket.task.Admission;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A side effect of a transition. It is stored in the same write as the transition, performed after
 * it, and removed by a later write, so a crash in between does not lose it. An effect may be
 * performed more than once.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Effect.StoreResults.class, name = "results"),
  @JsonSubTypes.Type(value = Effect.Register.class, name = "register"),
  @JsonSubTypes.Type(value = Effect.Wake.class, name = "wake"),
  @JsonSubTypes.Type(value = Effect.Publish.class, name = "publish"),
  @JsonSubTypes.Type(value = Effect.ReleaseSlot.class, name = "release"),
  @JsonSubTypes.Type(value = Effect.DeleteResults.class, name = "delete_results"),
})
public sealed interface Effect {

  /** The order of execution within one write. */
  List<Class<? extends Effect>> ORDER =
      List.of(
          StoreResults.class,
          Register.class,
          Wake.class,
          Publish.class,
          ReleaseSlot.class,
          DeleteResults.class);

  /** The position of the effect in the order of execution within one write, smallest first. */
  default int order() {
    return ORDER.indexOf(getClass());
  }

  /**
   * Creates the result records of a run, shows those that exist as the latest, and marks those of
   * the previous successful run as no longer the latest.
   *
   * @param run the run that the results belong to; when they are stored, a later run may already
   *     have left results
   * @param drafts the last results of the run; the others exist, unless the save of one was noted
   *     and then failed
   * @param before the results that were the latest until this run ended
   */
  record StoreResults(ResultRun run, List<ResultDraft> drafts, @Nullable ResultRun before)
      implements Effect {
    public StoreResults {
      drafts = List.copyOf(drafts);
    }

    /** The ids of the drafts, in their order. */
    public List<ResultId> draftIds(TaskId task) {
      return run.resultIds(task).subList(run.count() - drafts.size(), run.count());
    }
  }

  /**
   * Creates missing dependencies, and registers the task with each dependency. This also applies if
   * the task was cancelled meanwhile, as if the cancel had come later; a retry then finds the
   * dependencies.
   */
  record Register(List<NeededTask> needed) implements Effect {
    public Register {
      needed = List.copyOf(needed);
    }

    /** Whether the task registers with every unfinished task of the document. */
    boolean waitsForAny() {
      return needed.isEmpty();
    }
  }

  /**
   * A dependency to register with.
   *
   * @param args the arguments to create it with if it is missing; null if it is not created
   */
  record NeededTask(TaskId id, TaskKey key, @Nullable Map<String, @Nullable Object> args) {
    public NeededTask {
      args = args == null ? null : ImmutableJson.map(args);
    }
  }

  /** Notifies the dependents of the end of this task. */
  record Wake() implements Effect {}

  /** Publishes the message of a run. */
  record Publish(int attempt) implements Effect {}

  /** Releases the slot of a run that is no longer handed out, for the next task of the key. */
  record ReleaseSlot(Admission admission) implements Effect {}

  /** Deletes results: those of a deleted task, or those that no reader will see. */
  record DeleteResults(List<ResultRun> results) implements Effect {
    public DeleteResults {
      results = List.copyOf(results);
    }
  }
}
