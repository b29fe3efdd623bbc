package dev.docket.task;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.PendingEffect;
import java.util.List;

/**
 * Does what a move has left to do. Called right after the write, on the store's thread: it must not
 * block, and reports what is done with {@link Command.EffectsDone} or, of a message, with what the
 * broker said.
 */
public interface Outbox {

  /** Does these effects of the task, in their order; all of them are in its outbox. */
  void perform(Task task, List<PendingEffect> effects);
}
