package dev.docket.task;

import dev.docket.audit.ActionResult;
import dev.docket.audit.Actor;
import dev.docket.audit.AuditLog;
import dev.docket.audit.Intention;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Executes the commands of people on tasks, with an audit record for each. */
public final class AuditedTasks {

  private final TaskService tasks;
  private final AuditLog audit;

  public AuditedTasks(TaskService tasks, AuditLog audit) {
    this.tasks = tasks;
    this.audit = audit;
  }

  /**
   * Executes a command. Fails with {@link TaskNotFound}, without an audit record, if the task does
   * not exist.
   */
  public CompletionStage<Decision> execute(Actor actor, TaskId id, Command.FromPrincipal command) {
    return tasks
        .get(id)
        .thenCompose(
            task ->
                audit.perform(
                    new Intention(
                        actor, "task." + command.label(), "task", id.value(), state(task)),
                    () -> tasks.execute(id, command),
                    AuditedTasks::result));
  }

  /**
   * Resets many tasks of a key. Blocks.
   *
   * @param state the number of their state
   * @param reset resets them, and returns how many were reset
   */
  public long resetAll(Actor actor, TaskKey key, int state, LongSupplier reset) {
    Intention intention =
        new Intention(actor, "workers.mass_reset", "task_key", key.value(), Map.of("state", state));
    return audit.<Long>performBlocking(
        intention, reset::getAsLong, count -> ActionResult.done(Map.of("count", count)));
  }

  private static ActionResult result(Decision decision) {
    Map<String, @Nullable Object> state = state(decision.task());
    if (decision instanceof Decision.Refused refused) {
      return ActionResult.refused(state, refused.detail());
    }
    return decision instanceof Decision.Changed
        ? ActionResult.done(state)
        : ActionResult.unchanged(state);
  }

  private static Map<String, @Nullable Object> state(Task task) {
    Map<String, @Nullable Object> state = new LinkedHashMap<>();
    state.put("state", task.state().number());
    state.put("name", task.state().name());
    state.put("attempt", task.run().attempt());
    if (task.run().cancelRequestedAt() != null) {
      state.put("cancel_requested", true);
    }
    if (task.deleted()) {
      state.put("deleted", true);
    }
    return state;
  }
}
