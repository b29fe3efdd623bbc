package dev.docket.task;

import dev.docket.auth.Caller;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.concurrent.Stages;
import dev.docket.store.Versioned;
import dev.docket.task.machine.Command;
import java.util.List;

/**
 * Resets all tasks of a key that are in one state, for use after the cause of their failure was
 * fixed.
 */
public final class MassReset {

  private static final int PAGE_SIZE = 500;

  private final TasksInState search;
  private final TaskService tasks;

  public MassReset(TasksInState search, TaskService tasks) {
    this.search = search;
    this.tasks = tasks;
  }

  /**
   * Resets the tasks that the caller may change, page by page, and skips those that change
   * meanwhile. Blocks. Tasks that were reset before a failure stay reset, so the call may be
   * repeated.
   *
   * @return the number of tasks that were reset
   * @throws dev.docket.store.StoreUnavailable if the store becomes unavailable
   */
  public long reset(TaskKey key, TaskState state, Caller by) {
    TaskKeyForbidden.check(by, key.value());
    long count = 0;
    TaskId after = null;
    List<Versioned<Task>> page;
    do {
      page = search.inState(key, state, after, PAGE_SIZE);
      count += reset(page, by);
      after = page.isEmpty() ? null : page.get(page.size() - 1).value().id();
    } while (page.size() == PAGE_SIZE);
    return count;
  }

  /**
   * Resets those of the tasks that the caller may change and that did not change since they were
   * read. Blocks.
   */
  public long reset(List<Versioned<Task>> seen, Caller by) {
    return Stages.countTrue(
        seen.stream()
            .filter(task -> by.changes().includes(task.value().spec().owner()))
            .map(task -> tasks.changes(task, new Command.MassReset(by.name())))
            .toList());
  }
}
