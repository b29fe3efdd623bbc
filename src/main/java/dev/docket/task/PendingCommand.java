package dev.docket.task;

import dev.docket.store.Version;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A command in a task's mailbox, with the future of its decision.
 *
 * @param seen for an observed command, the version that it is based on; else null
 */
public record PendingCommand(
    Command command, @Nullable Version seen, CompletableFuture<Decision> decision) {

  public static PendingCommand of(Command command, @Nullable Version seen) {
    return new PendingCommand(command, seen, new CompletableFuture<>());
  }

  /** Whether the command may share a write with others. */
  boolean isBatchable() {
    return seen == null;
  }
}
