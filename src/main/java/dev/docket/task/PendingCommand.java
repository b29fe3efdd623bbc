package dev.docket.task;

import dev.docket.store.Version;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to a task, with the place for its answer.
 *
 * @param seen for an observed command, the version that it was decided on; else null
 */
public record PendingCommand(
    Command command, @Nullable Version seen, CompletableFuture<Decision> answer) {

  public static PendingCommand of(Command command, @Nullable Version seen) {
    return new PendingCommand(command, seen, new CompletableFuture<>());
  }

  /** Whether it may share a write with others. */
  boolean folds() {
    return seen == null;
  }
}
