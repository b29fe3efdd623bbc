package dev.docket.counts;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.auth.Roles;
import dev.docket.task.Backlog;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
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

/** How many there are of what, and how long work took lately; from memory, whatever is stored. */
@Path("/stats")
@Produces(MediaType.APPLICATION_JSON)
public final class StatsResource {

  private final LatestCounts board;

  public StatsResource(LatestCounts board) {
    this.board = board;
  }

  /** The last counts, each with its time; what has not been counted yet is left out. */
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

  /** The same of one key. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record KeyView(
      TaskKey key,
      @Nullable Map<Integer, Long> open,
      @Nullable Map<Integer, Long> ended,
      @Nullable RecentView recent) {}

  /** What of a key has ended lately; a spread that nobody knows is left out. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RecentView(
      long succeeded,
      long failed,
      long cancelled,
      RecentWork.@Nullable Spread runMs,
      RecentWork.@Nullable Spread queuedMs) {}

  /** Of the last looks of this server. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StatsView stats() {
    LatestCounts.Holdings holdings = board.holdings();
    LatestCounts.Open open = board.open();
    LatestCounts.Ended ended = board.ended();
    LatestCounts.Recent recent = board.recent();
    Rows rows = new Rows(open, ended, recent);
    return new StatsView(
        holdings == null ? null : holdings.at(),
        holdings == null ? null : holdings.stored().documents(),
        holdings == null ? null : holdings.stored().results(),
        open == null ? null : open.at(),
        open == null ? null : open.tasks().stream().mapToLong(Backlog::count).sum(),
        ended == null ? null : ended.at(),
        ended == null ? null : ended.recounted(),
        ended == null ? null : ended.tasks().total(),
        recent == null ? null : recent.at(),
        recent == null ? null : recent.since(),
        rows.more,
        rows.views());
  }

  /** The rows while they are made. */
  private static final class Rows {

    private static final RecentView NOTHING = new RecentView(0, 0, 0, null, null);

    private final Map<TaskKey, Map<Integer, Long>> open = new TreeMap<>();
    private final Map<TaskKey, Map<Integer, Long>> ended = new TreeMap<>();
    private final Map<TaskKey, RecentView> recent = new TreeMap<>();
    private final boolean openKnown;
    private final boolean endedKnown;
    private final boolean recentKnown;
    private final boolean more;

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
        moreEnded = endedTasks.tasks().others() > 0;
      }
      if (recentWork != null) {
        recentWork.work().keys().forEach(key -> recent.put(key.key(), view(key)));
        moreRecent = recentWork.work().more();
      }
      // Of a key that is none of those with the most, nothing is known: no 0 then.
      openKnown = openTasks != null && !moreOpen;
      endedKnown = endedTasks != null && !moreEnded;
      recentKnown = recentWork != null && !moreRecent;
      more = moreOpen || moreEnded || moreRecent;
    }

    private static Map<Integer, Long> numbers(Map<TaskState, Long> states) {
      Map<Integer, Long> numbers = new TreeMap<>();
      states.forEach((state, count) -> numbers.put(state.number(), count));
      return numbers;
    }

    private static RecentView view(RecentWork.OfKey key) {
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
          known(open, key, openKnown, Map.of()),
          known(ended, key, endedKnown, Map.of()),
          known(recent, key, recentKnown, NOTHING));
    }

    private static <T> @Nullable T known(
        Map<TaskKey, T> all, TaskKey key, boolean allKnown, T nothing) {
      T found = all.get(key);
      return found == null && allKnown ? nothing : found;
    }
  }
}
