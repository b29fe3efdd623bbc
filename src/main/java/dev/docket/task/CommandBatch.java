package dev.docket.task;

import dev.docket.task.machine.Decision;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.TaskMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Several commands for one task, decided one after the other and written at once. Each has its own
 * outcome: a refusal does not stop those behind it.
 *
 * @param last the task after all of them
 * @param decisions one for each command, in order
 * @param changed whether there is anything to write
 */
public record CommandBatch(Task last, List<Decision> decisions, boolean changed) {

  public static CommandBatch of(
      Task task, List<PendingCommand> letters, Policy policy, Supplier<DecisionContext> moments) {
    List<Decision> decisions = new ArrayList<>(letters.size());
    Task current = task;
    boolean changed = false;
    for (PendingCommand pending : letters) {
      Decision decision = TaskMachine.apply(current, pending.command(), policy, moments.get());
      decisions.add(decision);
      if (decision instanceof Decision.Refused refused && refused.counted() != null) {
        current = refused.counted();
        changed = true;
      } else {
        current = decision.task();
        changed |= decision instanceof Decision.Moved;
      }
    }
    return new CommandBatch(current, decisions, changed);
  }

  /** Whether every command moved the task: only then may the decision rest on a cached record. */
  boolean allMoved() {
    return decisions.stream().allMatch(Decision.Moved.class::isInstance);
  }

  /** The effects that these commands have added and that are to be done now. */
  public List<PendingEffect> added(Task before) {
    return last.outbox().stream()
        .filter(effect -> before.outbox().stream().noneMatch(p -> p.id().equals(effect.id())))
        .filter(effect -> !(effect.effect() instanceof Effect.Publish) || last.dueAt() == null)
        .toList();
  }
}
