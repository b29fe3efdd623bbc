package dev.docket.maintenance;

import dev.docket.concurrent.Stages;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A pass through all records of a kind older than {@link #MIN_AGE}, a few pages in each run of a
 * sweep, so that a large store does not delay other work. Compares each record with its task, which
 * is read after the record was found. Not thread-safe.
 */
final class SweepPass<T> {

  /** Age from which a record is checked: no write lasts that long. */
  static final Duration MIN_AGE = Duration.ofDays(1);

  /** Maximum number of pages in one run. */
  static final int MAX_PAGES = 20;

  /** Minimum time between the starts of two passes. */
  static final Duration INTERVAL = Duration.ofDays(1);

  /** Reads a page of the records written before a time, after a record; blocks. */
  interface Pages<T> {
    List<T> read(Instant before, @Nullable T last, int limit);
  }

  private final int pageSize;
  private final Pages<T> pages;
  private final TaskStore tasks;
  private final Function<T, TaskId> taskOf;
  private @Nullable T position;
  private @Nullable Instant start;

  SweepPass(int pageSize, Pages<T> pages, TaskStore tasks, Function<T, TaskId> taskOf) {
    this.pageSize = pageSize;
    this.pages = pages;
    this.tasks = tasks;
    this.taskOf = taskOf;
  }

  /**
   * Continues the pass. If it is complete, starts the next one, but not too early.
   *
   * @param isCorrect whether a record is as its task says
   * @param correction corrects a record that is not
   * @return the number of corrected records
   */
  long run(
      Instant now,
      BiPredicate<T, @Nullable Task> isCorrect,
      Function<T, CompletionStage<Void>> correction) {
    if (position == null) {
      if (start != null && now.isBefore(start.plus(INTERVAL))) {
        return 0;
      }
      start = now;
    }
    long corrected = 0;
    int read = 0;
    do {
      List<T> page = pages.read(now.minus(MIN_AGE), position, pageSize);
      Map<TaskId, Versioned<Task>> found =
          page.isEmpty()
              ? Map.of()
              : Stages.join(tasks.find(page.stream().map(taskOf).collect(Collectors.toSet())));
      List<CompletionStage<Void>> corrections =
          page.stream()
              .filter(each -> !isCorrect.test(each, value(found.get(taskOf.apply(each)))))
              .map(correction)
              .toList();
      Stages.all(corrections).join();
      corrected += corrections.size();
      position = page.size() == pageSize ? page.get(pageSize - 1) : null;
      read++;
    } while (position != null && read < MAX_PAGES);
    return corrected;
  }

  private static @Nullable Task value(@Nullable Versioned<Task> found) {
    return found == null ? null : found.value();
  }
}
