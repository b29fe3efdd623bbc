package dev.docket.counts;

import dev.docket.task.Backlog;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the last counts are noted, each with its time, for whoever wants to know. What has not been
 * counted yet is null. Any number of threads may note and read.
 */
public final class LatestCounts {

  private volatile @Nullable Open open;
  private volatile @Nullable Ended ended;
  private volatile @Nullable Recent recent;
  private volatile @Nullable Holdings holdings;

  /** What had not ended; of {@link Backlog#MAX_KEYS} keys at most. */
  public record Open(Instant at, List<Backlog> tasks) {

    public Open {
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * What had ended.
   *
   * @param recounted when all of it was counted last; what has ended since was added, and what was
   *     retried or deleted since was not taken off
   */
  public record Ended(Instant at, Instant recounted, EndedTasks tasks) {}

  /** What had ended lately. */
  public record Recent(Instant since, Instant at, RecentWork work) {}

  /** How many records there were. */
  public record Holdings(Instant at, Counts.Stored stored) {}

  public void note(Open counted) {
    open = counted;
  }

  public void note(Ended counted) {
    ended = counted;
  }

  public void note(Recent counted) {
    recent = counted;
  }

  public void note(Holdings counted) {
    holdings = counted;
  }

  public @Nullable Open open() {
    return open;
  }

  public @Nullable Ended ended() {
    return ended;
  }

  public @Nullable Recent recent() {
    return recent;
  }

  public @Nullable Holdings holdings() {
    return holdings;
  }
}
