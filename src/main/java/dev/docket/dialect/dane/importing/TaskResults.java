package dev.docket.dialect.dane.importing;

import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results of a task that were stored. They are listed as one run, the oldest first: DANE's
 * clients take the first result that a search finds.
 */
final class TaskResults {

  /** The maximum number of results of a task: the store reads as many at once. */
  static final int MAX_RESULTS = 1_000;

  private record Listed(ResultId id, Instant createdAt, int number) {}

  private final List<Listed> listed = new ArrayList<>();
  private int read;

  /**
   * Numbers a result that was read.
   *
   * @throws Unmappable if the task has too many results
   */
  int nextNumber() throws Unmappable {
    if (read >= MAX_RESULTS) {
      throw new Unmappable(ImportFinding.TOO_MANY_RESULTS);
    }
    read++;
    return read;
  }

  /** Adds a result that is stored. The order of the calls does not matter. */
  synchronized void add(ResultId id, Instant createdAt, int number) {
    listed.add(new Listed(id, createdAt, number));
  }

  /** The run that lists the results; null if there are none. */
  synchronized @Nullable ResultRun run(ImportedTask task) {
    if (listed.isEmpty()) {
      return null;
    }
    List<ResultId> ids =
        listed.stream()
            .sorted(Comparator.comparing(Listed::createdAt).thenComparing(Listed::number))
            .map(Listed::id)
            .toList();
    return ResultRun.saved(ImportedTask.RESULTS_ATTEMPT, task.resultsRun(), ids);
  }
}
