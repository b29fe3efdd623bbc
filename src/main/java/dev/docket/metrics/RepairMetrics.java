package dev.docket.metrics;

import dev.docket.task.DocumentTasks;
import dev.docket.task.Task;
import dev.docket.task.TaskListener;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.Optional;

/** Counts the tasks that sweeps had to change, by cause. */
final class RepairMetrics implements TaskListener {

  /** Cause of a repair. */
  enum Kind {
    /** A server did not perform an effect in time. */
    OVERDUE_EFFECT,
    /** A server did not publish a message in time. */
    PUBLISHED_AGAIN,
    /** A worker stopped sending heartbeats. */
    LEASE_LOST,
    /** A run exceeded its timeout. */
    TIMED_OUT,
    /** No worker replied for days. */
    UNANSWERED,
    /** A queue was bound for a task in 422. */
    REROUTED,
    /** The broker lost a message. */
    REDISPATCHED,
    /** The store rejected a record permanently. */
    UNSTORABLE,
    /** A task was deleted with its document. */
    PURGED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Counter repairs;

  RepairMetrics(PrometheusRegistry registry) {
    repairs =
        Counter.builder()
            .name("docket_repairs_total")
            .help("Tasks that a sweep had to change, by cause.")
            .labelNames("kind")
            .register(registry);
    for (Kind kind : Kind.values()) {
      repairs.initLabelValues(kind.label());
    }
  }

  @Override
  public void changed(Task before, Command by, Task after) {
    kind(before, by).ifPresent(kind -> repairs.labelValues(kind.label()).inc());
  }

  static Optional<Kind> kind(Task before, Command by) {
    boolean unroutable = before.state() == TaskState.NO_ROUTE_TO_QUEUE;
    if (by instanceof Command.TakeOverdue) {
      return Optional.of(Kind.OVERDUE_EFFECT);
    } else if (by instanceof Command.Publish) {
      // The first publication of a delayed task is no repair.
      return Optional.of(Kind.PUBLISHED_AGAIN).filter(kind -> before.run().dispatchedAt() != null);
    } else if (by instanceof Command.LeaseLost || by instanceof Command.InstanceReplaced) {
      return Optional.of(Kind.LEASE_LOST);
    } else if (by instanceof Command.TimedOut) {
      return Optional.of(Kind.TIMED_OUT);
    } else if (by instanceof Command.Unanswered) {
      return Optional.of(Kind.UNANSWERED);
    } else if (by instanceof Command.Redispatch) {
      return Optional.of(unroutable ? Kind.REROUTED : Kind.REDISPATCHED);
    } else if (by instanceof Command.Confirm) {
      return Optional.of(Kind.REROUTED).filter(kind -> unroutable);
    } else if (by instanceof Command.Unstorable) {
      return Optional.of(Kind.UNSTORABLE);
    } else if (by instanceof Command.Delete delete && delete.by().equals(DocumentTasks.BY)) {
      return Optional.of(Kind.PURGED);
    }
    return Optional.empty();
  }
}
