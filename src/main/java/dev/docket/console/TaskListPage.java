package dev.docket.console;

import dev.docket.manual.KeyCount;
import dev.docket.manual.ManualPage;
import dev.docket.manual.ManualPosition;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page with the tasks for people.
 *
 * @param mine the tasks that the person has claimed; null if the page does not list them
 * @param open open tasks; null if the page does not list them
 * @param keys the number of open tasks of each key
 * @param key the key of the listed open tasks; null for all
 * @param first whether the lists are from the beginning
 * @param notice what the person has just done; null for nothing
 * @param root the relative address of the start page
 */
public record TaskListPage(
    PageReader reader,
    @Nullable ManualPage mine,
    @Nullable ManualPage open,
    List<KeyCount> keys,
    @Nullable TaskKey key,
    boolean first,
    @Nullable String notice,
    String root,
    Instant at) {

  /** The number of claimed tasks above the open ones. */
  static final int MAX_MINE = 10;

  public TaskListPage {
    keys = List.copyOf(keys);
  }

  /** The number of open tasks of all keys that are listed. */
  public long total() {
    return keys.stream().mapToLong(KeyCount::count).sum();
  }

  /** Returns the parameter for the page after this one; empty if this is the last page. */
  public String next(ManualPage page) {
    ManualPosition next = page.next();
    return next == null ? "" : "cursor=" + next.text();
  }

  /** What a person has done with a task, by the value of the parameter {@code done}. */
  static @Nullable String notice(@Nullable String done) {
    return done == null
        ? null
        : switch (done) {
          case "complete" -> "The task is completed. Thank you.";
          case "give_back" -> "You have given the task back.";
          case "fail" -> "The task has ended, because it cannot be done.";
          default -> null;
        };
  }
}
