package dev.docket.counts;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Serves the latest counts and recent run times from memory. */
@Path("/stats")
@Produces(MediaType.APPLICATION_JSON)
public final class StatsResource {

  private final LatestCounts all;
  private final OwnedCounts owned;

  /**
   * Creates the resource.
   *
   * @param all the counts of all records
   */
  public StatsResource(LatestCounts all, OwnedCounts owned) {
    this.all = all;
    this.owned = owned;
  }

  /** The latest counts, each with its time. Values that were not counted yet are omitted. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StatsView(
      @Nullable Instant storedAt,
      @Nullable Long documents,
      @Nullable Long results,
      @Nullable Instant openAt,
      @Nullable Long open,
      @Nullable Instant endedAt,
      @Nullable Instant recountedAt,
      @Nullable Long ended,
      @Nullable Instant recentAt,
      @Nullable Instant recentSince,
      boolean moreKeys,
      List<KeyView> keys) {}

  /** The latest counts of one task key. Unknown values are omitted. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record KeyView(
      TaskKey key,
      @Nullable Map<Integer, Long> open,
      @Nullable Map<Integer, Long> ended,
      @Nullable RecentView recent) {}

  /** Recently ended tasks of one task key. Unknown percentiles are omitted. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RecentView(
      long succeeded,
      long failed,
      long cancelled,
      RecentWork.@Nullable Spread runMs,
      RecentWork.@Nullable Spread queuedMs) {}

  /** Returns the latest counts of this server, of the records that the caller sees. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StatsView stats(@Auth Caller caller) {
    LatestCounts latest = caller.sees().includesAll() ? all : owned.of(caller.sees());
    LatestCounts.Records records = latest.records();
    LatestCounts.Open open = latest.open();
    LatestCounts.Ended ended = latest.ended();
    LatestCounts.Recent recent = latest.recent();
    Rows rows = new Rows(open, ended, recent);
    return new StatsView(
        records == null ? null : records.at(),
        records == null ? null : records.stored().documents(),
        records == null ? null : records.stored().results(),
        open == null ? null : open.at(),
        open == null ? null : open.tasks().stream().mapToLong(Backlog::count).sum(),
        ended == null ? null : ended.at(),
        ended == null ? null : ended.recounted(),
        ended == null ? null : ended.tasks().total(),
        recent == null ? null : recent.at(),
        recent == null ? null : recent.since(),
        rows.moreKeys,
        rows.views());
  }

  /** Collects the rows by key. */
  private static final class Rows {

    private static final RecentView NONE = new RecentView(0, 0, 0, null, null);

    private final Map<TaskKey, Map<Integer, Long>> open = new TreeMap<>();
    private final Map<TaskKey, Map<Integer, Long>> ended = new TreeMap<>();
    private final Map<TaskKey, RecentView> recent = new TreeMap<>();
    private final boolean openComplete;
    private final boolean endedComplete;
    private final boolean recentComplete;
    private final boolean moreKeys;

    private Rows(
        LatestCounts.@Nullable Open openTasks,
        LatestCounts.@Nullable Ended endedTasks,
        LatestCounts.@Nullable Recent recentWork) {
      boolean moreOpen = false;
      boolean moreEnded = false;
      boolean moreRecent = false;
      if (openTasks != null) {
        for (Backlog backlog : openTasks.tasks()) {
          open.computeIfAbsent(backlog.key(), key -> new TreeMap<>())
              .merge(backlog.state().number(), backlog.count(), Long::sum);
        }
        moreOpen = open.size() >= Backlog.MAX_KEYS;
      }
      if (endedTasks != null) {
        endedTasks.tasks().keys().forEach((key, states) -> ended.put(key, numbers(states)));
        moreEnded = endedTasks.tasks().otherKeys() > 0;
      }
      if (recentWork != null) {
        recentWork.work().keys().forEach(key -> recent.put(key.key(), view(key)));
        moreRecent = recentWork.work().moreKeys();
      }
      // If a count does not list all keys, the value of a missing key is unknown, not 0.
      openComplete = openTasks != null && !moreOpen;
      endedComplete = endedTasks != null && !moreEnded;
      recentComplete = recentWork != null && !moreRecent;
      moreKeys = moreOpen || moreEnded || moreRecent;
    }

    private static Map<Integer, Long> numbers(Map<TaskState, Long> states) {
      Map<Integer, Long> numbers = new TreeMap<>();
      states.forEach((state, count) -> numbers.put(state.number(), count));
      return numbers;
    }

    private static RecentView view(RecentWork.KeyWork key) {
      long succeeded = 0;
      long failed = 0;
      long cancelled = 0;
      for (Map.Entry<TaskState, Long> state : key.states().entrySet()) {
        if (state.getKey() == TaskState.SUCCESS) {
          succeeded += state.getValue();
        } else if (state.getKey() == TaskState.CANCELLED) {
          cancelled += state.getValue();
        } else {
          failed += state.getValue();
        }
      }
      return new RecentView(succeeded, failed, cancelled, key.run(), key.queued());
    }

    List<KeyView> views() {
      Map<TaskKey, KeyView> views = new TreeMap<>();
      open.keySet().forEach(key -> views.computeIfAbsent(key, this::view));
      ended.keySet().forEach(key -> views.computeIfAbsent(key, this::view));
      recent.keySet().forEach(key -> views.computeIfAbsent(key, this::view));
      return List.copyOf(views.values());
    }

    private KeyView view(TaskKey key) {
      return new KeyView(
          key,
          value(open, key, openComplete, Map.of()),
          value(ended, key, endedComplete, Map.of()),
          value(recent, key, recentComplete, NONE));
    }

    private static <T> @Nullable T value(
        Map<TaskKey, T> values, TaskKey key, boolean complete, T zero) {
      T value = values.get(key);
      return value == null && complete ? zero : value;
    }
  }
}
