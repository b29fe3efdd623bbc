package dev.docket.explain;

import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.Census;
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
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what a task's explanation rests on: at most one read of some others by id, one look at
 * the broker's queues and two small searches. Blocks. What cannot be had is left out.
 */
public final class EvidenceReader {

  /** How many of the last runs an estimate rests on, and how old they may be. */
  private static final int RUNS = 50;

  private static final Duration RECENT_PERIOD = Duration.ofDays(30);

  private final TaskStore store;
  private final TaskStore.Sweeps sweeps;
  private final Policies policies;
  private final WorkerProtocols protocols;
  private final Broker broker;

  public EvidenceReader(
      TaskStore store,
      TaskStore.Sweeps sweeps,
      Policies policies,
      WorkerProtocols protocols,
      Broker broker) {
    this.store = store;
    this.sweeps = sweeps;
    this.policies = policies;
    this.protocols = protocols;
    this.broker = broker;
  }

  /**
   * What the broker can be asked.
   *
   * @param unreachable why it cannot be used now; empty if it can
   * @param exchange the name of a courier's exchange
   */
  public record Broker(
      Supplier<Optional<String>> unreachable,
      Function<WorkerProtocol, String> exchange,
      Census census) {}

  Evidence read(Task task, Instant now) {
    WorkerProtocol protocol =
        protocols.names().contains(task.spec().protocol())
            ? protocols.get(task.spec().protocol())
            : null;
    TaskState state = task.state();
    boolean waits =
        state == TaskState.UNFINISHED_DEPENDENCY || state == TaskState.FAILED_DEPENDENCY;
    boolean queued = state == TaskState.QUEUED;
    Evidence.Queues queues =
        protocol != null && (queued || state == TaskState.NO_ROUTE_TO_QUEUE)
            ? count(protocol)
            : null;
    Map<TaskId, Task> others = null;
    Evidence.Line line = null;
    String healthError = null;
    try {
      others = waits ? others(task) : null;
      line = queued ? line(task, queues, now) : null;
    } catch (StoreUnavailable unavailable) {
      healthError = unavailable.getMessage();
    }
    return new Evidence(
        protocol == null ? null : policies.of(task),
        waits || state.isFinished() ? null : broker.unreachable().get().orElse(null),
        healthError,
        others,
        queues,
        line);
  }

  private Evidence.Queues count(WorkerProtocol protocol) {
    String exchange = broker.exchange().apply(protocol);
    try {
      return new Evidence.Queues(exchange, broker.census().queues(), null);
    } catch (BrokerUnavailable unknown) {
      return new Evidence.Queues(exchange, List.of(), String.valueOf(unknown.getMessage()));
    }
  }

  private Map<TaskId, Task> others(Task task) {
    List<TaskId> ids =
        DependencyFindings.unmet(task).stream()
            .limit(DependencyFindings.MAX_DEPENDENCIES)
            .map(Dependency::id)
            .toList();
    Map<TaskId, Task> there = new HashMap<>();
    try {
      Map<TaskId, Versioned<Task>> found = store.find(ids).toCompletableFuture().join();
      found.values().stream()
          .map(Versioned::value)
          .filter(other -> !other.deleted())
          .forEach(other -> there.put(other.id(), other));
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof StoreUnavailable unavailable) {
        throw unavailable;
      }
      throw failure;
    }
    return there;
  }

  private Evidence.Line line(Task task, Evidence.@Nullable Queues queues, Instant now) {
    Route route = Route.of(task);
    long ahead =
        sweeps.ahead(
            task,
            queues == null ? List.of(route.type()) : queues.sharing(route),
            Evidence.Line.MAX_COUNTED);
    List<Long> recent =
        ahead == 0 ? List.of() : sweeps.recentRunMs(task.key(), now.minus(RECENT_PERIOD), RUNS);
    return new Evidence.Line(ahead, recent);
  }
}
