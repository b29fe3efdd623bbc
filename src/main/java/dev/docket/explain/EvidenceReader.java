package dev.docket.explain;

import dev.docket.auth.OwnerFilter;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.Census;
import dev.docket.broker.Destination;
import dev.docket.concurrent.Stages;
import dev.docket.protocol.Transport;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.task.Dependency;
import dev.docket.task.Policies;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import dev.docket.task.TasksOfDocuments;
import dev.docket.workers.Occupancy;
import dev.docket.workers.WorkerLoads;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the evidence for a task's explanation: at most one multi-get of its dependencies, one
 * request for queue statistics and four small searches. Blocks. Evidence that is unavailable is
 * left out.
 */
public final class EvidenceReader {

  /** Maximum number of runs that an estimate is based on. */
  private static final int MAX_RUNS = 50;

  /** Maximum number of tasks of a document that are read. */
  private static final int MAX_TASKS = 200;

  /** Maximum age of these runs. */
  private static final Duration RECENT_PERIOD = Duration.ofDays(30);

  private final TaskStore store;
  private final TasksOfDocuments tasksOfDocuments;
  private final QueueProgress progress;
  private final Policies policies;
  private final WorkerProtocols protocols;
  private final WorkerLoads workers;
  private final Broker broker;

  public EvidenceReader(
      TaskStore store,
      TasksOfDocuments tasksOfDocuments,
      QueueProgress progress,
      Policies policies,
      WorkerProtocols protocols,
      WorkerLoads workers,
      Broker broker) {
    this.workers = workers;
    this.store = store;
    this.tasksOfDocuments = tasksOfDocuments;
    this.progress = progress;
    this.policies = policies;
    this.protocols = protocols;
    this.broker = broker;
  }

  /**
   * Access to the broker's state.
   *
   * @param healthError why the broker is unavailable; empty if it is available
   * @param rejectedAt when the broker rejected the latest message to a destination
   */
  public record Broker(
      Supplier<Optional<String>> healthError,
      Function<Destination, Optional<Instant>> rejectedAt,
      Census census) {}

  /**
   * Explains why a task is in its state.
   *
   * @param owners whose tasks the explanation may describe; if the task waits for another one, the
   *     explanation contains only what the task itself knows of its dependencies
   */
  public Explanation explain(Task task, OwnerFilter owners, Instant now) {
    return Explainer.explain(task, read(task, owners, now), now);
  }

  private Evidence read(Task task, OwnerFilter owners, Instant now) {
    WorkerProtocol protocol = protocols.find(task.run().protocol()).orElse(null);
    TaskState state = task.state();
    boolean waits =
        state == TaskState.UNFINISHED_DEPENDENCY || state == TaskState.FAILED_DEPENDENCY;
    boolean queued = state == TaskState.QUEUED;
    Evidence.Queues queues =
        protocol != null
                && protocol.transport() instanceof Transport.Broker transport
                && (queued || state == TaskState.NO_ROUTE_TO_QUEUE || isBeingPublished(task, now))
            ? queues(transport.destination(Route.of(task)))
            : null;
    Map<TaskId, Task> dependencies = null;
    Evidence.QueuePosition position = null;
    Occupancy occupancy = null;
    String storeError = null;
    try {
      dependencies = waits ? seen(dependencies(task), owners) : null;
      position = queued ? position(task, queues, now) : null;
      occupancy = queued ? workers.of(Route.of(task)) : null;
    } catch (StoreUnavailable unavailable) {
      storeError = unavailable.getMessage();
    }
    return new Evidence(
        protocol == null ? null : policies.of(task),
        policies.limits(task.key()),
        waits || state.isFinished() || task.run().isManual()
            ? null
            : broker.healthError().get().orElse(null),
        storeError,
        dependencies,
        queues,
        position,
        occupancy);
  }

  private static boolean isBeingPublished(Task task, Instant now) {
    Instant due = task.run().dueAt();
    return (task.state() == TaskState.CREATED || task.state() == TaskState.TASK_RESET)
        && (due == null || !due.isAfter(now));
  }

  private Evidence.Queues queues(Destination destination) {
    String exchange = destination.exchange();
    Instant rejectedAt = broker.rejectedAt().apply(destination).orElse(null);
    try {
      return new Evidence.Queues(exchange, broker.census().queues(), null, rejectedAt);
    } catch (BrokerUnavailable unavailable) {
      return new Evidence.Queues(
          exchange, List.of(), String.valueOf(unavailable.getMessage()), rejectedAt);
    }
  }

  /** The tasks that can end the wait for any success; null if the document has too many tasks. */
  private @Nullable Map<TaskId, Task> candidates(Task task) {
    List<Versioned<Task>> page =
        tasksOfDocuments.ofDocuments(List.of(task.spec().document().id()), null, MAX_TASKS);
    Map<TaskId, Task> candidates = new HashMap<>();
    for (Versioned<Task> found : page) {
      Task other = found.value();
      if (!other.id().equals(task.id()) && !other.deleted() && other.state() != TaskState.SUCCESS) {
        candidates.put(other.id(), other);
      }
    }
    return candidates.isEmpty() && page.size() == MAX_TASKS ? null : candidates;
  }

  private static @Nullable Map<TaskId, Task> seen(
      @Nullable Map<TaskId, Task> dependencies, OwnerFilter owners) {
    return dependencies == null
            || dependencies.values().stream()
                .allMatch(dependency -> owners.includes(dependency.spec().owner()))
        ? dependencies
        : null;
  }

  private @Nullable Map<TaskId, Task> dependencies(Task task) {
    if (task.waitAny()) {
      return candidates(task);
    }
    List<TaskId> ids =
        DependencyFindings.unmet(task).stream()
            .limit(DependencyFindings.MAX_DEPENDENCIES)
            .map(Dependency::id)
            .toList();
    Map<TaskId, Task> dependencies = new HashMap<>();
    Stages.join(store.find(ids)).values().stream()
        .map(Versioned::value)
        .filter(dependency -> !dependency.deleted())
        .forEach(dependency -> dependencies.put(dependency.id(), dependency));
    return dependencies;
  }

  private Evidence.QueuePosition position(
      Task task, Evidence.@Nullable Queues queues, Instant now) {
    Route route = Route.of(task);
    long ahead =
        progress.countAhead(
            task,
            queues == null ? List.of(route.type()) : queues.typesSharingQueues(route),
            Evidence.QueuePosition.MAX_COUNTED);
    List<Long> recentRunMs =
        ahead == 0
            ? List.of()
            : progress.recentRunMs(
                task.key(), task.run().protocol(), now.minus(RECENT_PERIOD), MAX_RUNS);
    return new Evidence.QueuePosition(ahead, recentRunMs);
  }
}
