package dev.docket.metrics;

import dev.docket.maintenance.PurgeSweep;
import dev.docket.task.Task;
import dev.docket.task.TaskListener;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.Optional;

/** What sweeps and watches had to do, since nobody else did it. */
final class RepairMetrics implements TaskListener {

  /** What was amiss. */
  enum Kind {
    /** An effect was not done in time, by a server that died or could not. */
    OVERDUE_EFFECT,
    /** The same of a message, which is sent again. */
    PUBLISHED_AGAIN,
    /** A worker fell silent. */
    LEASE_LOST,
    /** A run took too long. */
    TIMED_OUT,
    /** No worker answered for days. */
    UNANSWERED,
    /** A task without a queue found one. */
    REROUTED,
    /** The broker lost a message. */
    REDISPATCHED,
    /** The store refused a record for good. */
    UNSTORABLE,
    /** A task went with its document. */
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
            .help("Tasks that a sweep or watch had to move, by what was amiss")
            .labelNames("kind")
            .register(registry);
    for (Kind kind : Kind.values()) {
      repairs.initLabelValues(kind.label());
    }
  }

  @Override
  public void moved(Task before, Command by, Task after) {
    kind(before, by).ifPresent(kind -> repairs.labelValues(kind.label()).inc());
  }

  static Optional<Kind> kind(Task before, Command by) {
    boolean unroutable = before.state() == TaskState.NO_ROUTE_TO_QUEUE;
    if (by instanceof Command.TakeOverdue) {
      return Optional.of(Kind.OVERDUE_EFFECT);
    } else if (by instanceof Command.Publish) {
      // The first time is no repair: its time has come.
      return Optional.of(Kind.PUBLISHED_AGAIN).filter(kind -> before.dispatchedAt() != null);
    } else if (by instanceof Command.LeaseLost) {
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
    } else if (by instanceof Command.Delete delete && delete.by().equals(PurgeSweep.BY)) {
      return Optional.of(Kind.PURGED);
    }
    return Optional.empty();
  }
}
