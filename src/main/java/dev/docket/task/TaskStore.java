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
 * Stores tasks. Reads by id see the latest write. Stages complete on the store's own threads, so
 * dependent stages must not block.
 *
 * <p>If the store is unavailable, a read fails with {@link StoreUnavailable}, and the outcome of a
 * write is {@link WriteOutcome.Unknown}.
 */
public interface TaskStore {

  /** Creates a record; {@link WriteOutcome.Conflict} if the id is taken. */
  CompletionStage<WriteOutcome> create(Task task);

  /** Replaces the record if its version is still the given one. */
  CompletionStage<WriteOutcome> replace(Task task, Version seen);

  /** Removes the record if its version is still the given one. */
  CompletionStage<WriteOutcome> remove(TaskId id, Version seen);

  /** Finds a record, including that of a task that is being deleted. */
  CompletionStage<Optional<Versioned<Task>>> find(TaskId id);

  /** Finds the existing records of up to 1000 ids, in no particular order. */
  CompletionStage<Map<TaskId, Versioned<Task>>> find(Collection<TaskId> ids);

  /**
   * The searches of the sweeps. The methods block. They lag by the refresh interval unless stated
   * otherwise, and tasks may have changed since they were indexed; a later compare-and-set detects
   * that.
   */
  interface Sweeps {

    /**
     * Finds tasks with an effect that is due, the longest due first.
     *
     * @param after the last task of the previous page; null for the first page
     */
    List<Versioned<Task>> overdue(Instant now, @Nullable Task after, int limit);

    /**
     * Finds running tasks (102), in order of id.
     *
     * @param after the last id of the previous page; null for the first page
     */
    List<Versioned<Task>> running(@Nullable TaskId after, int limit);

    /**
     * Finds tasks that wait for dependencies (412), in order of id.
     *
     * @param after the last id of the previous page; null for the first page
     */
    List<Versioned<Task>> waiting(@Nullable TaskId after, int limit);

    /**
     * Finds tasks that have not ended, in order of id.
     *
     * @param after the last id of the previous page; null for the first page
     */
    List<Versioned<Task>> unfinished(@Nullable TaskId after, int limit);

    /**
     * Counts the tasks that have not ended, by key and state, in no particular order, for at most
     * {@link Backlog#MAX_KEYS} keys, those with the most tasks. Tasks that are being deleted are
     * not counted.
     *
     * @param now tasks that are due later count as delayed
     */
    List<Backlog> backlog(Instant now);

    /**
     * Finds tasks whose {@code unanswered_after} has passed without a claim or a reply, the longest
     * overdue first.
     *
     * @param after the last task of the previous page; null for the first page
     */
    List<Versioned<Task>> unanswered(Instant now, @Nullable Task after, int limit);

    /**
     * Counts the messages that the broker should hold, by worker protocol and route. Refreshes
     * first, so the settled tasks do not include tasks that were claimed or replied to before this
     * call.
     *
     * @param before settled tasks were dispatched and last written before this time, are still 202
     *     and have an empty outbox: their messages were confirmed by then, and none is being
     *     published
     */
    ExpectedMessages expectedMessages(Instant before);

    /**
     * Finds the settled tasks, as {@link #expectedMessages(Instant)} counts them, the longest
     * dispatched first.
     *
     * @param routes the routes of each worker protocol
     * @param after the last task of the previous page; null for the first page
     */
    List<Versioned<Task>> settled(
        Map<String, Set<Route>> routes, Instant before, @Nullable Task after, int limit);

    /**
     * Whether a task of the same route and priority that was dispatched later has already ended, so
     * that this task was overtaken in the queue.
     */
    boolean isOvertaken(Task task);

    /**
     * Whether a task of the same route and priority that was created earlier still waits for its
     * worker or is running, so that it may not be this task's turn yet.
     */
    boolean isBehindOlderTask(Task task);

    /**
     * Counts the queued tasks (202) that workers receive before this one: those of the same key and
     * worker protocol and one of these types, with a higher priority or dispatched earlier.
     *
     * @param max the upper limit of the count
     */
    long countAhead(Task task, Collection<TargetType> types, int max);

    /**
     * Returns the durations, in milliseconds, of the successful runs of a key that ended since
     * then, the latest first.
     */
    List<Long> recentRunMs(TaskKey key, Instant since, int limit);

    /**
     * Finds the oldest unroutable task (422) of each route, in order of the routes' target types as
     * text, then of their keys.
     *
     * @param after the last route of the previous page; null for the first page
     * @param limit the maximum number of routes
     */
    List<Versioned<Task>> oldestUnroutable(@Nullable Route after, int limit);

    /**
     * Finds the unroutable tasks (422) of a route, the oldest first.
     *
     * @param after the last task of the previous page; null for the first page
     */
    List<Versioned<Task>> unroutable(TargetType type, TaskKey key, @Nullable Task after, int limit);

    /**
     * Finds the tasks of a key in one state, in order of id. Refreshes before the first page.
     *
     * @param after the last id of the previous page; null for the first page
     */
    List<Versioned<Task>> inState(TaskKey key, TaskState state, @Nullable TaskId after, int limit);

    /**
     * Finds all tasks of these documents, including those that are being deleted, in order of id.
     * Refreshes first.
     *
     * @param after the last id of the previous page; null for the first page
     */
    List<Versioned<Task>> ofDocuments(
        Collection<DocumentId> documents, @Nullable TaskId after, int limit);

    /**
     * Finds the tasks that wait for a dependency, in order of id. Refreshes before the first page.
     *
     * @param after the last id of the previous page; null for the first page
     */
    List<Versioned<Task>> waitingFor(TaskId dependency, @Nullable TaskId after, int limit);
  }
}
