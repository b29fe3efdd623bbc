package dev.docket.maintenance;

import dev.docket.joblog.LogStore;
import dev.docket.joblog.LogStore.ChunkName;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Task;
import dev.docket.task.TaskStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes logs of tasks that do not exist, which were written while their task was deleted, and
 * logs of ended runs whose retention is over. Looks only at what is older than {@link
 * SweepPass#MIN_AGE}, and goes through all logs once a day.
 */
public final class LogSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(LogSweep.class);

  static final int PAGE_SIZE = 500;

  private final LogStore logs;
  private final @Nullable Duration retention;
  private final Clock clock;
  private final SweepPass<ChunkName> pass;

  /**
   * @param retention how long the lines of ended runs are kept, counted from when the server stored
   *     them; null for as long as their task
   */
  public LogSweep(LogStore logs, TaskStore tasks, @Nullable Duration retention, Clock clock) {
    this.logs = logs;
    this.retention = retention;
    this.clock = clock;
    this.pass = new SweepPass<>(PAGE_SIZE, logs::writtenBefore, tasks, chunk -> chunk.log().task());
  }

  @Override
  public String name() {
    return "logs";
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    long removed = pass.run(now, (chunk, task) -> isNeeded(chunk, task, now), this::remove);
    if (removed > 0) {
      LOG.info("Deleted {} records of logs that are not kept any longer", removed);
    }
  }

  /** A task of the same id may have been created after the one of the log was deleted. */
  private boolean isNeeded(ChunkName chunk, @Nullable Task task, Instant now) {
    if (task == null || chunk.createdAt().isBefore(task.createdAt())) {
      return false;
    }
    boolean expired = retention != null && chunk.createdAt().isBefore(now.minus(retention));
    boolean running = task.isCurrentRun(chunk.log().run()) && !task.state().isFinished();
    return !expired || running;
  }

  private CompletionStage<Void> remove(ChunkName chunk) {
    return logs.remove(chunk.log(), chunk.number()).thenAccept(WriteOutcome::requireKnown);
  }
}
