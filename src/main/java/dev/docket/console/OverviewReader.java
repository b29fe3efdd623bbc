package dev.docket.console;

import static java.util.Objects.requireNonNullElse;

import dev.docket.counts.Backlog;
import dev.docket.counts.LatestCounts;
import dev.docket.drift.Drift;
import dev.docket.drift.LatestDrift;
import dev.docket.explain.Explanation;
import dev.docket.search.Page;
import dev.docket.search.SearchQuery;
import dev.docket.search.TaskSearch;
import dev.docket.search.TextPattern;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.Lease;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.workers.LatestOccupancy;
import dev.docket.workers.Occupancy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the start page shows: counts that the server holds, a health check of each backend and
 * at most 14 small reads of the store. Caches it for some seconds, so that any number of viewers
 * cost no more. Blocks. Thread-safe.
 */
public final class OverviewReader {

  /** Maximum number of tasks that are explained. */
  static final int MAX_EXPLAINED = 3;

  /** Maximum number of tasks among which one that waits because of limits is searched. */
  static final int MAX_SEARCHED = 20;

  /** Maximum number of failed tasks that are listed. */
  static final int MAX_FAILURES = 10;

  /** Maximum number of running tasks that are searched for silent workers. */
  static final int MAX_RUNNING = 20;

  private static final Duration CACHE_TTL = Duration.ofSeconds(5);

  /** After this time, no further read of the store begins. */
  private static final Duration TIME_LIMIT = Duration.ofSeconds(4);

  /** A search may find an older record, with a lease that has been extended since. */
  private static final Duration SEARCH_LAG = Duration.ofSeconds(5);

  private final String version;
  private final Backends backends;
  private final LatestCounts counts;
  private final LatestDrift drift;
  private final LatestOccupancy occupancy;
  private final TaskSearch search;
  private final List<TextPattern> leasing;
  private final BiFunction<Task, Instant, Explanation> explainer;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private @Nullable Overview cached;
  private long cachedAt;

  /**
   * Health checks of the backends.
   *
   * @param storeError why Elasticsearch is unavailable; empty if it is available
   * @param brokerError why the broker is unavailable; empty if it is available
   */
  public record Backends(
      Supplier<Optional<String>> storeError, Supplier<Optional<String>> brokerError) {}

  /**
   * Creates the reader.
   *
   * @param leasing the worker protocols whose leases expire
   * @param explainer explains why a task is in its state; reads at most 3 times from the store
   * @param nanoClock a monotonic clock such as {@link System#nanoTime}
   */
  public OverviewReader(
      String version,
      Backends backends,
      LatestCounts counts,
      LatestDrift drift,
      LatestOccupancy occupancy,
      TaskSearch search,
      List<String> leasing,
      BiFunction<Task, Instant, Explanation> explainer,
      Clock clock,
      LongSupplier nanoClock) {
    this.version = version;
    this.backends = backends;
    this.counts = counts;
    this.drift = drift;
    this.occupancy = occupancy;
    this.search = search;
    this.leasing = leasing.stream().map(TextPattern::literal).toList();
    this.explainer = explainer;
    this.clock = clock;
    this.nanoClock = nanoClock;
  }

  synchronized Overview read() {
    Overview known = cached;
    if (known == null || nanoClock.getAsLong() - cachedAt > CACHE_TTL.toNanos()) {
      known = new Reading().overview();
      cached = known;
      cachedAt = nanoClock.getAsLong();
    }
    return known;
  }

  /** One reading, which stops to read when the store is unavailable or slow. */
  private final class Reading {

    private final Instant now = clock.instant();
    private final long start = nanoClock.getAsLong();
    private @Nullable String storeError = backends.storeError().get().orElse(null);

    Overview overview() {
      String brokerError = backends.brokerError().get().orElse(null);
      LatestCounts.Open open = counts.open();
      LatestCounts.Recent recent = counts.recent();
      List<Backlog> backlog = open == null ? List.of() : open.tasks();
      Drift latest = drift.get();
      Map<TaskKey, Occupancy> workers = occupancy.get();
      Page<Task> failures = read(this::failures).orElse(null);
      List<Task> silent = read(this::silent).orElse(null);
      List<Problem> problems =
          explain(
              ProblemFinder.find(
                  backlog, latest, workers == null ? Map.of() : workers, brokerError == null, now));
      return new Overview(
          now,
          version,
          storeError,
          brokerError,
          open == null ? null : open.at(),
          problems,
          silent,
          failures == null ? null : failures.hits(),
          failures == null ? 0 : failures.total(),
          KeyRow.of(backlog, latest.keys(), workers, recent == null ? null : recent.work()),
          latest);
    }

    private <T> Optional<T> read(Supplier<T> reading) {
      boolean late = nanoClock.getAsLong() - start > TIME_LIMIT.toNanos();
      if (storeError != null || late) {
        return Optional.empty();
      }
      try {
        return Optional.of(reading.get());
      } catch (StoreUnavailable unavailable) {
        storeError = requireNonNullElse(unavailable.getMessage(), "unavailable");
        return Optional.empty();
      }
    }

    private Page<Task> failures() {
      return search.search(
          in(Overview.FAILURES)
              .between("finished_at", now.minus(Overview.RECENT_PERIOD), null)
              .sorted(new SearchQuery.Sort("finished_at", true))
              .size(MAX_FAILURES));
    }

    /** Each heartbeat changes its task, so the tasks of silent workers changed the longest ago. */
    private List<Task> silent() {
      return search
          .search(
              in(List.of(TaskState.PROCESSING))
                  .where("courier", leasing)
                  .sorted(new SearchQuery.Sort("updated_at", false))
                  .size(MAX_RUNNING))
          .hits()
          .stream()
          .filter(this::isSilent)
          .toList();
    }

    private boolean isSilent(Task task) {
      Lease lease = task.run().lease();
      Instant until = lease == null ? null : lease.until();
      return until != null && until.plus(SEARCH_LAG).isBefore(now);
    }

    private List<Problem> explain(List<Problem> problems) {
      List<Problem> explained = new ArrayList<>();
      for (Problem problem : problems) {
        explained.add(
            explained.size() < MAX_EXPLAINED
                ? read(() -> explanation(problem))
                    .flatMap(found -> found)
                    .map(problem::explainedBy)
                    .orElse(problem)
                : problem);
      }
      return explained;
    }

    private Optional<Explanation> explanation(Problem problem) {
      SearchQuery oldest =
          in(problem.kind().states())
              .where("key", TextPattern.literal(problem.key().value()))
              .sorted(new SearchQuery.Sort(waitField(problem.kind()), false))
              .size(problem.kind() == Problem.Kind.LIMITED ? MAX_SEARCHED : 1);
      return search.search(oldest).hits().stream()
          .filter(task -> isLimited(task) == (problem.kind() == Problem.Kind.LIMITED))
          .findFirst()
          .map(task -> explainer.apply(task, now));
    }

    private static boolean isLimited(Task task) {
      return task.run().limitedSince() != null;
    }

    /** The field that says since when a task waits; see {@link Backlog}. */
    private String waitField(Problem.Kind kind) {
      return switch (kind) {
        case NO_WORKER, MESSAGES_LOST, SLOW_QUEUE -> "queued_at";
        case BROKER_UNAVAILABLE, UNPUBLISHED, LIMITED -> "created_at";
        case UNROUTABLE, DEPENDENCY -> "updated_at";
      };
    }

    private SearchQuery in(List<TaskState> states) {
      return SearchQuery.everything()
          .where(
              "state",
              states.stream()
                  .map(state -> TextPattern.literal(String.valueOf(state.number())))
                  .toList());
    }
  }
}
