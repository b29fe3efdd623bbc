package dev.docket.counts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the latest counts of this server, each with its time. A value that was not counted yet is
 * null. Thread-safe.
 */
public final class LatestCounts {

  private volatile @Nullable Open open;
  private volatile @Nullable Ended ended;
  private volatile @Nullable Recent recent;
  private volatile @Nullable Records records;

  /** Open tasks, of at most {@link Backlog#MAX_KEYS} keys. */
  public record Open(Instant at, List<Backlog> tasks) {

    public Open {
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * Ended tasks.
   *
   * @param recounted time of the latest full count; tasks that ended since then were added, and
   *     tasks that were run again or deleted since then were subtracted
   */
  public record Ended(Instant at, Instant recounted, EndedTasks tasks) {}

  /** Recently ended tasks. */
  public record Recent(Instant since, Instant at, RecentWork work) {}

  /** Numbers of documents and results. */
  public record Records(Instant at, Counts.Stored stored) {}

  public void set(Open latest) {
    open = latest;
  }

  public void set(Ended latest) {
    ended = latest;
  }

  public void set(Recent latest) {
    recent = latest;
  }

  public void set(Records latest) {
    records = latest;
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

  public @Nullable Records records() {
    return records;
  }
}
