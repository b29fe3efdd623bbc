package dev.docket.task;

import dev.docket.document.Version;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to a task, with the place for its answer.
 *
 * @param seen for an observed command, the version that it was decided on; else null
 */
record Letter(Command command, @Nullable Version seen, CompletableFuture<Decision> answer) {

  static Letter of(Command command, @Nullable Version seen) {
    return new Letter(command, seen, new CompletableFuture<>());
  }

  /** Whether it may share a write with others. */
  boolean folds() {
    return seen == null;
  }
}
