package dev.docket.task;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.PendingEffect;
import java.util.List;

/**
 * Performs the side effects of transitions. It is called right after the write, on the store's
 * thread, and must not block. It reports performed effects with {@link Command.EffectsDone}, and
 * published messages with the broker's confirm or return.
 */
public interface Outbox {

  /** Performs effects from the task's outbox, in the given order. */
  void perform(Task task, List<PendingEffect> effects);
}
