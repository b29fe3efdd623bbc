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
 * Several commands for one task that are decided one after the other and stored in one write. Each
 * command has its own decision: a refused command does not stop the commands after it.
 *
 * @param after the task after all commands
 * @param decisions one decision for each command, in order
 * @param changed whether the task has to be written
 */
public record CommandBatch(Task after, List<Decision> decisions, boolean changed) {

  public static CommandBatch of(
      Task task,
      List<PendingCommand> commands,
      Policies policies,
      Supplier<DecisionContext> contexts) {
    List<Decision> decisions = new ArrayList<>(commands.size());
    Task current = task;
    boolean changed = false;
    for (PendingCommand pending : commands) {
      Decision decision =
          TaskMachine.apply(
              current,
              pending.command(),
              policies.of(current),
              contexts
                  .get()
                  .withProtocol(policies.nextProtocol(current))
                  .withLimits(policies.limits(current.key())));
      decisions.add(decision);
      if (decision instanceof Decision.Refused refused && refused.updated() != null) {
        current = refused.updated();
        changed = true;
      } else {
        current = decision.task();
        changed |= decision instanceof Decision.Changed;
      }
    }
    return new CommandBatch(current, decisions, changed);
  }

  /** Whether every command changed the task. Only then may the decisions use a cached record. */
  boolean allChanged() {
    return decisions.stream().allMatch(Decision.Changed.class::isInstance);
  }

  /**
   * Whether the batch hands a run out: its message is published now, or a worker gets its lease.
   */
  boolean handsOutRun(Task before) {
    Lease lease = after.run().lease();
    boolean granted =
        lease != null
            && (before.run().lease() == null
                || !before.run().lease().claimId().equals(lease.claimId()));
    return granted
        || newEffects(before).stream().anyMatch(p -> p.effect() instanceof Effect.Publish);
  }

  /**
   * The effects that these commands added and that have to be performed now. The publishing of a
   * delayed run is not among them.
   */
  public List<PendingEffect> newEffects(Task before) {
    return after.outbox().stream()
        .filter(
            effect ->
                before.outbox().stream().noneMatch(existing -> existing.id().equals(effect.id())))
        .filter(
            effect -> !(effect.effect() instanceof Effect.Publish) || after.run().dueAt() == null)
        .toList();
  }
}
