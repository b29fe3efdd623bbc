package dev.docket.task;

import dev.docket.document.DocumentId;
import dev.docket.document.TargetType;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tasks. Reads by id see the latest write. Stages complete on the store's own threads:
 * whoever continues on one must not block.
 *
 * <p>A store that cannot be reached fails a read with {@link StoreUnavailable}; a write says {@link
 * Saved.Unknown}.
 */
public interface TaskStore {

  /** Writes a record that is not there yet; {@link WriteOutcome.Stale} if the id is taken. */
  CompletionStage<WriteOutcome> create(Task task);

  /** Writes over the version that was seen. */
  CompletionStage<WriteOutcome> replace(Task task, Version seen);

  /** Removes the version that was seen. */
  CompletionStage<WriteOutcome> remove(TaskId id, Version seen);

  /** The record, also of a task that is being deleted. */
  CompletionStage<Optional<Versioned<Task>>> find(TaskId id);

  /** The records that are there, in no order; at most 1000 ids. */
  CompletionStage<Map<TaskId, Versioned<Task>>> find(Collection<TaskId> ids);

  /**
   * What the sweeps look for. These block, and are searches: they lag by the refresh interval
   * unless they say that they refresh, and what they find may have moved on, which a later
   * compare-and-set notices.
   */
  interface Sweeps {

    /**
     * Tasks with an effect that is due by now, the longest due first.
     *
     * @param after the last one of the page before, null for the first page
     */
    List<Versioned<Task>> overdue(Instant now, @Nullable Task after, int limit);

    /**
     * Running tasks in order of id.
     *
     * @param after the last id of the page before, null for the first page
     */
    List<Versioned<Task>> running(@Nullable TaskId after, int limit);

    /**
     * Tasks that wait for others (412), in order of id.
     *
     * @param after the last id of the page before, null for the first page
     */
    List<Versioned<Task>> waiting(@Nullable TaskId after, int limit);

    /**
     * Tasks that have not ended, in order of id.
     *
     * @param after the last id of the page before, null for the first page
     */
    List<Versioned<Task>> unfinished(@Nullable TaskId after, int limit);

    /**
     * How many tasks have not ended, by key and state, in no order; of at most {@link
     * Backlog#MAX_KEYS} keys, those with the most. Tasks being deleted are left out.
     *
     * @param now tasks that are due later are delayed
     */
    List<Backlog> backlog(Instant now);

    /**
     * Tasks that nobody has claimed or answered by their {@code unanswered_after}, the longest
     * overdue first.
     *
     * @param after the last one of the page before, null for the first page
     */
    List<Versioned<Task>> unanswered(Instant now, @Nullable Task after, int limit);

    /**
     * How many tasks the broker should have messages of, by courier and route. Refreshes first, so
     * what was claimed or answered before this call is not among the settled ones.
     *
     * @param before settled is what was dispatched and last written before this, is still 202, and
     *     has nothing in its outbox: so its message was confirmed by then and none is on its way
     */
    ExpectedMessages handedOver(Instant before);

    /**
     * The settled ones, as {@link #handedOver(Instant)} counts them, the longest dispatched first.
     *
     * @param routes those of each courier
     * @param after the last one of the page before, null for the first page
     */
    List<Versioned<Task>> handedOver(
        Map<String, Set<Route>> routes, Instant before, @Nullable Task after, int limit);

    /**
     * Whether a task of the same route and priority that was handed to the broker later has ended:
     * then this one's message has been passed over.
     */
    boolean overtaken(Task task);

    /**
     * Whether one of the same route and priority that was made earlier still waits for its worker,
     * or is with it: then it may just not be this one's turn.
     */
    boolean behindOthers(Task task);

    /**
     * How many tasks with the broker (202) its workers get before this one: of the same key and
     * courier and one of these types, of a higher priority or handed over earlier.
     *
     * @param most it is not counted further than this
     */
    long ahead(Task task, Collection<TargetType> types, int most);

    /**
     * How long the successful runs of a key took that have ended since then, in milliseconds, the
     * latest first.
     */
    List<Long> recentRunMs(TaskKey key, Instant since, int limit);

    /** Of each route that has tasks without a queue (422), the oldest task; at most 1000 routes. */
    List<Versioned<Task>> oldestUnroutable();

    /**
     * The tasks of a route that have no queue, the oldest first.
     *
     * @param after the last one of the page before, null for the first page
     */
    List<Versioned<Task>> unroutable(TargetType type, TaskKey key, @Nullable Task after, int limit);

    /**
     * The tasks of a key that are in a state, in order of id. Refreshes before the first page.
     *
     * @param after the last id of the page before, null for the first page
     */
    List<Versioned<Task>> inState(TaskKey key, TaskState state, @Nullable TaskId after, int limit);

    /**
     * All tasks of these documents, those being deleted too, in order of id. Refreshes first.
     *
     * @param after the last id of the page before, null for the first page
     */
    List<Versioned<Task>> ofDocuments(
        Collection<DocumentId> documents, @Nullable TaskId after, int limit);

    /**
     * The tasks that wait for this one, in order of id. Refreshes before the first page.
     *
     * @param after the last id of the page before, null for the first page
     */
    List<Versioned<Task>> waitingFor(TaskId dependency, @Nullable TaskId after, int limit);
  }
}
