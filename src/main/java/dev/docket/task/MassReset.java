package dev.docket.task;

import dev.docket.store.Versioned;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Begins all tasks of a key anew that are in some state: after whatever broke them is mended. */
public final class MassReset {

  private static final int PAGE_SIZE = 500;

  private final TaskStore.Sweeps sweeps;
  private final TaskService tasks;

  public MassReset(TaskStore.Sweeps sweeps, TaskService tasks) {
    this.sweeps = sweeps;
    this.tasks = tasks;
  }

  /**
   * Resets them, page by page; a task that moves on meanwhile is left alone. Blocks. What was reset
   * before a failure stays reset, so it may be called again.
   *
   * @return how many were reset
   * @throws dev.docket.store.StoreUnavailable if the store gives up in between
   */
  public long reset(TaskKey key, TaskState state, String by) {
    long count = 0;
    TaskId after = null;
    List<Versioned<Task>> page;
    do {
      page = sweeps.inState(key, state, after, PAGE_SIZE);
      List<CompletableFuture<Decision>> told = new ArrayList<>();
      for (Versioned<Task> seen : page) {
        told.add(tasks.execute(seen, new Command.MassReset(by)).toCompletableFuture());
        after = seen.value().id();
      }
      for (CompletableFuture<Decision> decision : told) {
        count += wasReset(decision) ? 1 : 0;
      }
    } while (page.size() == PAGE_SIZE);
    return count;
  }

  private static boolean wasReset(CompletableFuture<Decision> told) {
    try {
      return told.join() instanceof Decision.Moved;
    } catch (java.util.concurrent.CompletionException failure) {
      if (failure.getCause() instanceof TaskNotFound) {
        return false;
      }
      throw failure;
    }
  }
}
