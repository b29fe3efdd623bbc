package dev.docket.dialect.dane.importing;

import dev.docket.task.ResultRun;
import dev.docket.task.Run;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task of DANE, before its results are known.
 *
 * <p>A task that Docket sends is first stored as held: a task that is due in the year 9999. It is
 * released when its document is complete.
 */
record ImportedTask(
    TaskId id,
    TaskSpec spec,
    String protocol,
    ImportedState imported,
    String message,
    RecordTimes times) {

  private static final Instant HELD_UNTIL = Instant.parse("9999-01-01T00:00:00Z");

  /** The delay until Docket sends a task that waits for any success of its document. */
  private static final Duration DEPENDENCY_DELAY = Duration.ofMinutes(1);

  /** The attempt number of the run that DANE's results are attributed to. */
  static final int RESULTS_ATTEMPT = 1;

  /** Whether the record of a task is one that an import holds. */
  static boolean isHeld(Task task) {
    return HELD_UNTIL.equals(task.run().dueAt());
  }

  TaskState state() {
    return imported.state();
  }

  /** The token of the run that DANE's results are attributed to, the same in each import. */
  String resultsRun() {
    byte[] name = ("import-dane " + id).getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(name).toString().replace("-", "");
  }

  /** The record that is stored first. */
  Task held(@Nullable ResultRun results, DecisionContext context) {
    PendingEffect publish =
        new PendingEffect(effectId(context, 0), HELD_UNTIL, new Effect.Publish(attempt(results)));
    return task(TaskState.CREATED, results, null, HELD_UNTIL, false, List.of(publish), context);
  }

  /** The record of a task that has ended. */
  Task ended(@Nullable ResultRun results, DecisionContext context) {
    return task(state(), results, null, null, false, List.of(), context);
  }

  /**
   * The record of a task that Docket sends.
   *
   * @param held the record before; other tasks may wait for it already
   */
  Task released(@Nullable ResultRun results, Task held, DecisionContext context) {
    Instant now = context.now();
    Effect publish = new Effect.Publish(attempt(results));
    List<PendingEffect> effects = List.of();
    if (state() == TaskState.CREATED) {
      effects = List.of(new PendingEffect(effectId(context, 0), now, publish));
    }
    if (state() == TaskState.UNFINISHED_DEPENDENCY) {
      Instant later = now.plus(DEPENDENCY_DELAY);
      effects =
          List.of(
              new PendingEffect(effectId(context, 0), now, new Effect.Register(List.of())),
              new PendingEffect(effectId(context, 1), later, publish));
      return task(state(), results, held, later, true, effects, context);
    }
    return task(state(), results, held, null, false, effects, context);
  }

  private static String effectId(DecisionContext context, int index) {
    return context.randomToken().substring(0, 12) + index;
  }

  /** A run that is still to come is not the one that left the results. */
  private int attempt(@Nullable ResultRun results) {
    return results == null || state().isFinished() ? RESULTS_ATTEMPT : RESULTS_ATTEMPT + 1;
  }

  private Task task(
      TaskState current,
      @Nullable ResultRun results,
      @Nullable Task held,
      @Nullable Instant dueAt,
      boolean waitAny,
      List<PendingEffect> outbox,
      DecisionContext context) {
    boolean finished = current.isFinished();
    Transition creation =
        new Transition(
            context.now(),
            null,
            current,
            attempt(results),
            "create " + spec.submittedBy(),
            message,
            1,
            null);
    Run.Builder run =
        new Run.Builder(Run.unstarted(attempt(results), context.randomToken(), protocol));
    run.dueAt = dueAt;
    run.answeredState = imported.answeredState();
    run.finishedAt = finished ? times.updatedAt() : null;
    return new Task(
        id,
        spec,
        current,
        message,
        run.build(),
        null,
        results == null ? List.of() : List.of(results),
        List.of(),
        waitAny,
        held == null ? List.of() : held.dependents(),
        held != null && held.moreDependents(),
        outbox,
        List.of(creation),
        times.createdAt(),
        times.updatedAt());
  }
}
